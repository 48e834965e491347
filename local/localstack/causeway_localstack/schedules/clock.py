"""The thread that looks every moment at which schedules are due."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from causeway_localstack import settings
from causeway_localstack.schedules.timetable import Schedule, Timetable

Key = TypeVar("Key")

LOG = logging.getLogger(__name__)
_TICK_S = 0.25


class Clock(Generic[Key]):
    """`look` tells the schedules in force; `fire` is called for each that is due, in a thread of its own."""

    def __init__(self, look: Callable[[], Mapping[Key, Schedule]], fire: Callable[[Key], None]) -> None:
        self._look, self._fire = look, fire
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True, name="schedules").start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        timetable: Timetable[Key] = Timetable(settings.schedule_minute_s())
        while not self._stopped.wait(_TICK_S):
            try:
                for key in timetable.due(self._look(), time.time()):
                    threading.Thread(target=self._fire_one, args=(key,), daemon=True, name=f"schedule-{key}").start()
            except Exception:
                LOG.exception("Could not look at the schedules")

    def _fire_one(self, key: Key) -> None:
        try:
            self._fire(key)
        except Exception:
            LOG.exception("Schedule %s did not reach its target", key)
