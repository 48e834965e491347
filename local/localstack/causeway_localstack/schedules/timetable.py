"""When schedules are due. Knows neither AWS nor threads."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from crontab import CronTab

Key = TypeVar("Key")

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((.+)\)")
_AT = re.compile(r"at\((.+)\)")
_UNIT_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


class Schedule(NamedTuple):
    #: rate(...), cron(...) or at(...), as EventBridge has them.
    expression: str
    timezone: str = "UTC"


class Timetable(Generic[Key]):
    """Each schedule is due once for each of its times. A rate counts from when the schedule was first seen, as it is."""

    def __init__(self, minute_s: float = 60) -> None:
        #: How long a minute of a rate lasts.
        self._minute_s = minute_s
        self._next: dict[Key, tuple[Schedule, float | None]] = {}

    def due(self, schedules: Mapping[Key, Schedule], now: float) -> list[Key]:
        """`schedules`: all that are in force. `now`: seconds since 1970."""
        self._next = {key: entry for key, entry in self._next.items() if schedules.get(key) == entry[0]}
        due = []
        for key, schedule in schedules.items():
            if key not in self._next:
                self._next[key] = (schedule, self._after(schedule, now, now))
            _, at = self._next[key]
            if at is not None and at <= now:
                due.append(key)
                self._next[key] = (schedule, self._after(schedule, at, now))
        return due

    def _after(self, schedule: Schedule, last: float, now: float) -> float | None:
        """The first time that is after both; None: never again. A machine that slept does not make up for it."""
        if rate := _RATE.fullmatch(schedule.expression):
            interval_s = int(rate[1]) * _UNIT_MINUTES[rate[2]] * self._minute_s
            return last + interval_s * (max(0.0, now - last) // interval_s + 1)
        zone = ZoneInfo(schedule.timezone)
        if cron := _CRON.fullmatch(schedule.expression):
            wait_s = CronTab(cron[1]).next(now=datetime.fromtimestamp(now, zone), default_utc=True)
            return None if wait_s is None else now + wait_s
        if at := _AT.fullmatch(schedule.expression):
            moment = datetime.fromisoformat(at[1]).replace(tzinfo=zone).astimezone(UTC).timestamp()
            return moment if moment > now else None
        raise ValueError(f"{schedule.expression} is no schedule")
