"""What the consumer group has committed, and what is still to be."""

import logging
from collections.abc import Iterable

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from causeway_localstack.mappings.source import KafkaSource

LOG = logging.getLogger(__name__)


class Commits:
    """Of one membership in the group. Positions are by partition: the offset of the next record."""

    def __init__(self, source: KafkaSource) -> None:
        self._source = source
        self._committed: dict[int, int] = {}

    def send(self, consumer: Consumer, positions: dict[int, int]) -> None:
        """Commits what has moved, and waits for no answer."""
        moved = {partition: offset for partition, offset in positions.items() if self._committed.get(partition) != offset}
        if moved:
            self._committed.update(moved)
            consumer.commit(offsets=self._at(moved), asynchronous=True)

    def answered(self, error: KafkaError | None, partitions: list[TopicPartition]) -> None:
        for partition in partitions:
            if error or partition.error:
                LOG.warning("%s: commit of %s failed: %s", self._source, partition, error or partition.error)
                self._committed.pop(partition.partition, None)  # the next round tries again

    def send_last(self, consumer: Consumer, positions: dict[int, int]) -> None:
        """Before the partitions are given away."""
        if not positions:
            return
        try:
            consumer.commit(offsets=self._at(positions), asynchronous=False)
        except KafkaException as error:  # the next owner delivers these batches again
            LOG.warning("%s: last commit failed: %s", self._source, error)

    def forget(self, partitions: Iterable[int]) -> None:
        for partition in partitions:
            self._committed.pop(partition, None)

    def _at(self, positions: dict[int, int]) -> list[TopicPartition]:
        return [TopicPartition(self._source.topic, partition, offset) for partition, offset in positions.items()]
