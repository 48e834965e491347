"""What state an alarm has by the values of its periods, as CloudWatch's documentation says it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


@dataclass(frozen=True)
class Rule:
    comparison: str
    threshold: float
    #: Values that are looked at, and how many of them have to be beyond the threshold.
    periods: int
    datapoints: int
    #: missing, ignore, breaching, notBreaching
    missing: str

    @property
    def looks_at(self) -> int:
        """More periods than it needs, so that values are found where some are missing."""
        return self.periods + max(self.periods // 3, 2)


def windows(now: float, minute_s: float, period_s: float, count: int) -> list[tuple[float, float]]:
    """Begin and end of the last `count` periods, the newest last. They slide: each evaluation looks back from its minute."""
    end = now // minute_s * minute_s
    return [(end - (ago + 1) * period_s, end - ago * period_s) for ago in reversed(range(count))]


def is_comparable(comparison: str) -> bool:
    """False for those with a band, which is learnt."""
    return comparison in _COMPARE


def statistic(values: Sequence[float], name: str) -> float | None:
    """None where there are no values; `name` as in an alarm: Sum, Maximum, ..., p99."""
    if name == "SampleCount":
        return float(len(values)) if values else None
    if not values:
        return None
    if name.startswith("p"):
        ordered = sorted(values)
        return ordered[max(0, math.ceil(len(ordered) * float(name[1:]) / 100) - 1)]
    return {"Sum": sum, "Maximum": max, "Minimum": min, "Average": lambda all: sum(all) / len(all)}[name](values)


def state(rule: Rule, values: Sequence[float | None], before: str) -> str:
    """`values` of `rule.looks_at` periods, the newest last; None where there is none."""
    is_beyond = _COMPARE[rule.comparison]
    recent = values[-rule.periods :]
    if rule.missing in ("breaching", "notBreaching"):
        beyond = sum(
            rule.missing == "breaching" if value is None else is_beyond(value, rule.threshold) for value in recent
        )
        return ALARM if beyond >= rule.datapoints else OK
    if all(value is None for value in recent):
        return before if rule.missing == "ignore" else INSUFFICIENT_DATA
    told = [value for value in values if value is not None][-rule.periods :]
    beyond = sum(is_beyond(value, rule.threshold) for value in told)
    return ALARM if beyond >= rule.datapoints else OK
