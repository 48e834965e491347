"""Metrics that functions write to their logs, as CloudWatch Logs reads them (embedded metric format)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """What CloudWatch tells apart. `dimensions` are sorted."""

    account: str
    region: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Value:
    #: Seconds since the epoch.
    at: float
    value: float


def read(line: str, account: str, region: str) -> Iterator[tuple[Series, Value]]:
    """Nothing for a line that is no metrics."""
    if '"_aws"' not in line:
        return
    try:
        entry = json.loads(line)
        directives, at = entry["_aws"]["CloudWatchMetrics"], entry["_aws"]["Timestamp"] / 1000
    except (ValueError, KeyError, TypeError):
        return
    for directive in directives:
        for names in directive["Dimensions"]:
            dimensions = tuple(sorted((name, str(entry[name])) for name in names))
            for metric in directive["Metrics"]:
                series = Series(account, region, directive["Namespace"], metric["Name"], dimensions)
                values = entry[metric["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    yield series, Value(at, float(value))
