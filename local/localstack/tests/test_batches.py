"""Run by test/integration/local/localstack/python.test.ts."""

import threading
import unittest

from causeway_localstack.mappings.batches import BatchQueue
from causeway_localstack.mappings.buffer import Record
from causeway_localstack.mappings.encoding import EventEncoder
from causeway_localstack.mappings.source import KafkaSource

SOURCE = KafkaSource(servers="localhost:9092", topic="orders", group="flow", cluster_arn=None)


def records(*offsets: int) -> list[Record]:
    return [Record(offset, 0, "{}", 0) for offset in offsets]


class StoppedTest(unittest.TestCase):
    """The polling thread has not noticed yet: it neither took the partition away nor closed the queue."""

    def setUp(self) -> None:
        self.stop = threading.Event()
        self.queue = BatchQueue(EventEncoder(SOURCE), batch_size=1, window_s=0, stop=self.stop)
        self.queue.open(0)
        self.queue.add(0, records(5, 6))

    def test_a_batch_that_failed_is_not_tried_again(self) -> None:
        batch = self.queue.take()
        self.stop.set()

        self.assertEqual({0: records(5)}, batch)
        self.assertFalse(self.queue.wait_to_retry(batch or {}, 0))

    def test_no_more_batches_are_handed_out(self) -> None:
        self.queue.take()
        self.stop.set()
        self.queue.done(0, 6)

        self.assertIsNone(self.queue.take())
        self.assertEqual({0: 6}, self.queue.positions())
