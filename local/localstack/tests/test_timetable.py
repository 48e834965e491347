"""Run by test/integration/local/localstack/python.test.ts."""

import unittest
from datetime import UTC, datetime

from causeway_localstack.schedules.timetable import Schedule, Timetable


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def times(schedule: Schedule, first: float, last: float, step: float = 0.25) -> list[float]:
    """When a schedule that is made at `first` is found due, by one who looks every `step` seconds until `last`."""
    timetable: Timetable[str] = Timetable()
    looks = [first + number * step for number in range(int((last - first) / step) + 1)]
    return [now for now in looks if timetable.due({"one": schedule}, now)]


class TimetableTest(unittest.TestCase):
    def test_a_rate_counts_from_when_it_was_made_once_for_each_interval(self) -> None:
        self.assertEqual(times(Schedule("rate(1 minute)"), 1_007, 1_250), [1_067, 1_127, 1_187, 1_247])
        self.assertEqual(times(Schedule("rate(7 minutes)"), 0, 3_000, 10), [420, 840, 1_260, 1_680, 2_100, 2_520, 2_940])
        self.assertEqual(times(Schedule("rate(1 day)"), 0, 200_000, 100), [86_400, 172_800])

    def test_a_look_that_comes_late_delays_no_later_time(self) -> None:
        self.assertEqual(times(Schedule("rate(1 minute)"), 0, 250, 50), [100, 150, 200, 250])

    def test_a_cron_expression_names_moments_of_its_time_zone(self) -> None:
        first, last = at("2026-01-01T10:00:30"), at("2026-01-02T21:00:00")
        self.assertEqual(
            times(Schedule("cron(0 20 * * ? *)"), first, last, 10), [at("2026-01-01T20:00:00"), at("2026-01-02T20:00:00")]
        )
        self.assertEqual(
            times(Schedule("cron(0 20 * * ? *)", "America/New_York"), first, last, 10), [at("2026-01-02T01:00:00")]
        )

    def test_a_moment_comes_once_and_never_when_it_is_past(self) -> None:
        moment = Schedule("at(2026-01-01T10:00:30)")
        self.assertEqual(times(moment, at("2026-01-01T10:00:00"), at("2026-01-01T10:02:00"), 1), [at("2026-01-01T10:00:30")])
        self.assertEqual(times(moment, at("2026-01-01T10:01:00"), at("2026-01-01T10:02:00")), [])

    def test_a_machine_that_slept_does_not_make_up_for_it(self) -> None:
        timetable: Timetable[str] = Timetable()
        every_minute = {"one": Schedule("rate(1 minute)")}
        self.assertEqual([timetable.due(every_minute, now) for now in (0, 3_610, 3_611, 3_660)], [[], ["one"], [], ["one"]])

    def test_a_change_and_a_pause_begin_a_rate_anew(self) -> None:
        timetable: Timetable[str] = Timetable()
        one, two = {"one": Schedule("rate(1 minute)")}, {"one": Schedule("rate(2 minutes)")}
        looks = [(one, 0), (two, 50), (two, 60), (two, 169), (two, 170), ({}, 200), (two, 280), (two, 399), (two, 400)]
        self.assertEqual([now for schedules, now in looks if timetable.due(schedules, now)], [170, 400])

    def test_each_schedule_has_its_own_times(self) -> None:
        timetable: Timetable[str] = Timetable()
        both = {"one": Schedule("rate(1 minute)"), "two": Schedule("rate(2 minutes)")}
        self.assertEqual([timetable.due(both, now) for now in (0, 60, 120)], [[], ["one"], ["one", "two"]])


if __name__ == "__main__":
    unittest.main()
