"""Keeps Python's garbage collector from stopping the region.

LocalStack's services keep very many objects, and a full collection looks at each of them while every thread
waits: up to a second on a calm machine, several on a busy one, in which no record is delivered and no request answered.
What events are made of sets one off every few thousand records.
"""

import gc
import logging
import time

LOG = logging.getLogger(__name__)
_WORTH_TELLING_S = 0.3


def set_aside_what_is_loaded() -> None:
    """From now on collections pass over everything that is there. To be called again when more has been loaded."""
    gc.freeze()


class _Watch:
    """Tells of collections that everything had to wait for."""

    def __init__(self) -> None:
        self._began = 0.0

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.monotonic()
        elif (took_s := time.monotonic() - self._began) > _WORTH_TELLING_S:
            LOG.warning("Everything waited %.1f s for a garbage collection (generation %s)", took_s, info["generation"])


def tell_of_long_collections() -> None:
    gc.callbacks.append(_Watch())
