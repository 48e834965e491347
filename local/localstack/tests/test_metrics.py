"""Run by test/integration/local/localstack/python.test.ts."""

import json
import unittest

from causeway_localstack.metrics.embedded import Series, Value, read
from causeway_localstack.metrics.evaluation import ALARM, INSUFFICIENT_DATA, OK, Rule, state, statistic, windows
from causeway_localstack.metrics.store import MetricStore

LINE = json.dumps(
    {
        "_aws": {
            "Timestamp": 5_000,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Causeway",
                    "Dimensions": [["service", "Flow"]],
                    "Metrics": [{"Name": "Lag", "Unit": "Count"}, {"Name": "Latency", "Unit": "Milliseconds"}],
                }
            ],
        },
        "service": "monitor",
        "Flow": "us-east->us-west",
        "Lag": 7,
        "Latency": [3, 4],
    }
)


def series(name: str) -> Series:
    return Series("1", "us-west-2", "Causeway", name, (("Flow", "us-east->us-west"), ("service", "monitor")))


class EmbeddedTest(unittest.TestCase):
    def test_values_have_their_names_dimensions_and_time(self) -> None:
        self.assertEqual(
            [(series("Lag"), Value(5, 7)), (series("Latency"), Value(5, 3)), (series("Latency"), Value(5, 4))],
            list(read(LINE, "1", "us-west-2")),
        )

    def test_other_lines_have_none(self) -> None:
        for line in ["", "no JSON", '{"message": "about _aws"}', '{"_aws": 1}', '{"_aws": {}']:
            self.assertEqual([], list(read(line, "1", "us-west-2")))


class StoreTest(unittest.TestCase):
    def test_values_that_come_late_are_where_they_belong(self) -> None:
        store = MetricStore()
        for at in (10, 30, 20):
            store.add(series("Lag"), Value(at, at))

        self.assertEqual([10, 20], store.between(series("Lag"), 10, 30))
        self.assertEqual([], store.between(series("Other"), 0, 100))


class StatisticTest(unittest.TestCase):
    def test_of_values(self) -> None:
        values = [float(value) for value in range(1, 101)]
        found = {name: statistic(values, name) for name in ("SampleCount", "Sum", "Maximum", "Minimum", "p50", "p99")}
        self.assertEqual(
            {"SampleCount": 100, "Sum": 5050, "Maximum": 100, "Minimum": 1, "p50": 50, "p99": 99}, found
        )

    def test_of_none_there_is_none(self) -> None:
        self.assertEqual([None] * 3, [statistic([], name) for name in ("SampleCount", "Sum", "p99")])


class WindowsTest(unittest.TestCase):
    def test_end_with_the_last_whole_minute_however_long_the_period(self) -> None:
        self.assertEqual([(540, 600), (600, 660)], windows(now=719, minute_s=60, period_s=60, count=2))
        self.assertEqual([(60, 360), (360, 660)], windows(now=719, minute_s=60, period_s=300, count=2))

    def test_slide_each_minute(self) -> None:
        self.assertEqual([(120, 420), (420, 720)], windows(now=720, minute_s=60, period_s=300, count=2))


class StateTest(unittest.TestCase):
    def state(self, values: list[float | None], missing: str = "missing", before: str = OK) -> str:
        rule = Rule("GreaterThanThreshold", 10, periods=3, datapoints=2, missing=missing)
        return state(rule, [None] * (rule.looks_at - len(values)) + values, before)

    def test_follows_the_values_of_the_last_periods(self) -> None:
        self.assertEqual(OK, self.state([99, 99, 1, 1, 99]))
        self.assertEqual(ALARM, self.state([1, 1, 99, 1, 99]))

    def test_takes_a_missing_value_as_it_is_told(self) -> None:
        for missing, expected in [("breaching", ALARM), ("notBreaching", OK)]:
            self.assertEqual(expected, self.state([None, None, 99], missing))
        self.assertEqual(OK, self.state([None, 1, 1], "breaching"))

    def test_looks_further_back_for_values_where_missing_ones_tell_nothing(self) -> None:
        for missing in ("missing", "ignore"):
            self.assertEqual(ALARM, self.state([99, 99, None, None, 1], missing))
            self.assertEqual(OK, self.state([1, 1, None, None, 99], missing))

    def test_without_any_value_stays_or_is_not_known(self) -> None:
        self.assertEqual(ALARM, self.state([], "ignore", before=ALARM))
        self.assertEqual(INSUFFICIENT_DATA, self.state([], "missing", before=ALARM))
        self.assertEqual(ALARM, self.state([], "breaching"))
        self.assertEqual(OK, self.state([], "notBreaching", before=ALARM))
