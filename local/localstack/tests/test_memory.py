"""What is loaded is passed over by Python's garbage collector, which everything would wait for."""

import gc
import unittest
from unittest import mock

from causeway_localstack import memory


class WhatIsLoaded(unittest.TestCase):
    def tearDown(self) -> None:
        gc.unfreeze()

    def test_is_looked_at_by_no_collection_after_it_was_set_aside(self) -> None:
        loaded = [["one of many objects"]]
        self.assertTrue(any(each is loaded for each in gc.get_objects()))

        memory.set_aside_what_is_loaded()

        self.assertFalse(any(each is loaded for each in gc.get_objects()))

    def test_can_be_followed_by_more(self) -> None:
        memory.set_aside_what_is_loaded()
        later = [["loaded by a service that nobody had asked before"]]
        self.assertTrue(any(each is later for each in gc.get_objects()))

        memory.set_aside_what_is_loaded()

        self.assertFalse(any(each is later for each in gc.get_objects()))


class ALongCollection(unittest.TestCase):
    def collect(self, took_s: float) -> None:
        watch = memory._Watch()
        with mock.patch("time.monotonic", side_effect=[100.0, 100.0 + took_s]):
            watch("start", {"generation": 2})
            watch("stop", {"generation": 2})

    def test_is_told(self) -> None:
        with self.assertLogs("causeway_localstack.memory", "WARNING") as logs:
            self.collect(0.8)
        self.assertIn("Everything waited 0.8 s for a garbage collection (generation 2)", logs.output[0])

    def test_is_not_told_when_it_was_short(self) -> None:
        with self.assertNoLogs("causeway_localstack.memory"):
            self.collect(0.1)


if __name__ == "__main__":
    unittest.main()
