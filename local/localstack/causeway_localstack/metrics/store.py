"""The values of all metrics, for as long as an alarm may look back."""

import threading
from bisect import bisect_left, insort
from collections import defaultdict
from operator import attrgetter

from causeway_localstack.metrics.embedded import Series, Value

#: Of one metric. A drill's alarm looks back a day, at one value in an hour; none of the others at more than minutes.
_MOST_VALUES = 20_000
_AT = attrgetter("at")


class MetricStore:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: defaultdict[Series, list[Value]] = defaultdict(list)

    def add(self, series: Series, value: Value) -> None:
        with self._lock:
            values = self._values[series]
            insort(values, value, key=_AT)
            if len(values) > _MOST_VALUES:
                del values[: _MOST_VALUES // 2]

    def between(self, series: Series, begin: float, end: float) -> list[float]:
        """Of `begin` up to, not including, `end`, seconds since the epoch."""
        with self._lock:
            values = self._values.get(series, [])
            return [
                value.value for value in values[bisect_left(values, begin, key=_AT) : bisect_left(values, end, key=_AT)]
            ]


STORE = MetricStore()
