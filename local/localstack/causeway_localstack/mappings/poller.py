"""The Kafka consumer of a mapping.

Only the polling thread touches the consumer: calls from other threads starve while it polls (confluent-kafka 2.16).
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from causeway_localstack.mappings.batches import BatchQueue
from causeway_localstack.mappings.buffer import Record
from causeway_localstack.mappings.commits import Commits
from causeway_localstack.mappings.consumer_options import consumer_options
from causeway_localstack.mappings.delivery import Delivery
from causeway_localstack.mappings.encoding import MAX_EVENT_BYTES, EventEncoder
from causeway_localstack.mappings.faults import AccessFault, access_fault
from causeway_localstack.mappings.filters import RecordFilter
from causeway_localstack.mappings.source import KafkaSource
from causeway_localstack.mappings.starting_position import starting_offset
from causeway_localstack.mappings.topic_identity import TopicIdentity

LOG = logging.getLogger(__name__)
_POLL_S = 0.05
_MAX_MESSAGES_PER_POLL = 5_000
#: A partition's fetching pauses above it and goes on below half of it.
_MAX_BUFFER_BYTES = 2 * MAX_EVENT_BYTES
_TIMEOUT_S = 10
#: Lambda's default for Kafka, which cannot be given in whole seconds.
_DEFAULT_WINDOW_S = 0.5
_DEFAULT_BATCH_SIZE = 100
#: Lambda: a poller invokes up to 5 times at once.
_INVOCATIONS_PER_POLLER = 5


class TopicMadeAnew(Exception):
    """What is buffered and in flight belongs to the deleted topic; its offsets mean nothing in this one."""


class KafkaPoller:
    """One membership in the consumer group, from `run` to the event that stops it, or an error."""

    def __init__(
        self,
        mapping: dict[str, Any],
        source: KafkaSource,
        topic: TopicIdentity,
        access: dict[str, object],
        stop: threading.Event,
        report: Callable[[str], None],
    ) -> None:
        self._mapping, self._source, self._topic, self._access = mapping, source, topic, access
        self._stop, self._report = stop, report
        self._encoder, self._filter = EventEncoder(source), RecordFilter(mapping.get("FilterCriteria"))
        window_s = mapping.get("MaximumBatchingWindowInSeconds")
        self._queue = BatchQueue(
            self._encoder,
            mapping.get("BatchSize") or _DEFAULT_BATCH_SIZE,
            _DEFAULT_WINDOW_S if window_s is None else window_s,
            stop,
        )
        self._paused: set[int] = set()
        self._commits = Commits(source)
        self._fault: AccessFault | None = None
        self._unassigned: KafkaException | None = None
        self._discarding = False

    def run(self) -> None:
        """Returns when stopped, after the batches in flight have ended and their offsets are committed.

        Raises AccessFault, TopicMadeAnew and KafkaException, likewise.
        """
        delivery = Delivery(self._mapping, self._source, self._encoder, self._queue, self._report_delivery)
        pollers = (self._mapping.get("ProvisionedPollerConfig") or {}).get("MinimumPollers") or 1
        invokers = [
            threading.Thread(target=delivery.run, daemon=True, name=f"invoker-{self._mapping['UUID']}-{number}")
            for number in range(_INVOCATIONS_PER_POLLER * pollers)
        ]
        options = consumer_options(self._mapping, self._source, self._access)
        consumer = Consumer({**options, "on_commit": self._commits.answered, "error_cb": self._client_error})
        for invoker in invokers:
            invoker.start()
        try:
            consumer.subscribe(
                [self._source.topic], on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost
            )
            while not self._stop.is_set():
                first = consumer.poll(_POLL_S)  # and not `consume`, which does not serve the group's callbacks
                if first is not None:
                    self._buffer([first, *consumer.consume(_MAX_MESSAGES_PER_POLL, 0)])
                for error in (self._fault, self._unassigned):
                    if error:
                        raise error
                if self._topic.changed():
                    self._discarding = True
                    raise TopicMadeAnew(f"Topic {self._source.topic} was deleted and made anew.")
                self._commits.send(consumer, self._queue.positions())
                self._control_flow(consumer)
                self._report_stopped()
        finally:
            self._leave(consumer, self._queue.partitions())
            self._queue.close()
            consumer.close()
            for invoker in invokers:
                invoker.join()

    # ---- errors
    def _client_error(self, error: KafkaError) -> None:
        """Called by librdkafka while the consumer polls; what it can get over by itself is only reported."""
        if not self._denied(error):
            self._report(f"PROBLEM: Connection error. {error.str()}")

    def _failed(self, error: KafkaError) -> None:
        if not self._denied(error):
            self._report(f"PROBLEM: {error.str()}")
            LOG.warning("%s: %s", self._source, error)

    def _denied(self, error: KafkaError) -> bool:
        """Said at once: to leave a group whose brokers let nobody in may take minutes."""
        self._fault = self._fault or access_fault(error)
        if self._fault:
            self._report(f"PROBLEM: {self._fault}")
        return self._fault is not None

    # ---- records
    def _buffer(self, messages: list[Message]) -> None:
        now, fetched = time.monotonic(), {}
        for message in messages:
            if error := message.error():
                self._failed(error)
                continue
            text = self._encoder.record(message)
            record = Record(
                message.offset(), message.timestamp()[1], text if self._filter.accepts(text) else None, now
            )
            fetched.setdefault(message.partition(), []).append(record)
        for partition, records in fetched.items():
            self._queue.add(partition, records)

    def _control_flow(self, consumer: Consumer) -> None:
        for partition, size_bytes in self._queue.sizes().items():
            if partition not in self._paused and size_bytes > _MAX_BUFFER_BYTES:
                self._paused.add(partition)
                consumer.pause([TopicPartition(self._source.topic, partition)])
            elif partition in self._paused and size_bytes < _MAX_BUFFER_BYTES // 2:
                self._paused.discard(partition)
                consumer.resume([TopicPartition(self._source.topic, partition)])

    # ---- what LastProcessingResult says
    def _report_delivery(self, result: str) -> None:
        """What cannot go on must not be hidden by the success of another partition, or of what was read before."""
        if self._fault is None:
            self._report(self._stopped_result() or result)

    def _report_stopped(self) -> None:
        if result := self._stopped_result():
            self._report(result)

    def _stopped_result(self) -> str | None:
        stopped = self._queue.stopped()
        if not stopped:
            return None
        where = ", ".join(f"{self._source.topic}-{p} offset {r.offset}" for p, r in sorted(stopped.items()))
        return f"PROBLEM: Record exceeds the maximum event size of 6 MB; the partition waits there: {where}"

    # ---- assignment
    def _assigned(self, consumer: Consumer, assignment: list[TopicPartition]) -> None:
        """Raises nothing: it would come out as a KafkaError, no exception, and end the thread past every `except`."""
        if self._stop.is_set():  # it leaves: who asks now waits for an answer in vain
            return
        try:
            self._assign(consumer, assignment)
        except KafkaException as error:
            self._unassigned = error

    def _assign(self, consumer: Consumer, assignment: list[TopicPartition]) -> None:
        start, fresh = consumer.committed(assignment, timeout=_TIMEOUT_S), []
        made_anew = self._topic.made_anew()
        for partition in start:
            if made_anew:  # a commit would be the old topic's, and all of the new one came after the mapping
                partition.offset, _ = consumer.get_watermark_offsets(partition, timeout=_TIMEOUT_S)
                fresh.append(partition)
            elif partition.offset < 0:
                partition.offset = starting_offset(consumer, partition, self._mapping)
                fresh.append(partition)
            self._queue.open(partition.partition)
        consumer.incremental_assign(start)
        if fresh:  # pins the starting position, so that a disabled mapping resumes where it was
            consumer.commit(offsets=fresh, asynchronous=False)

    def _revoked(self, consumer: Consumer, assignment: list[TopicPartition]) -> None:
        self._leave(consumer, [partition.partition for partition in assignment])
        consumer.incremental_unassign(assignment)

    def _lost(self, consumer: Consumer, assignment: list[TopicPartition]) -> None:
        self._queue.remove([partition.partition for partition in assignment])
        consumer.incremental_unassign(assignment)

    def _leave(self, consumer: Consumer, partitions: list[int]) -> None:
        positions = self._queue.remove(partitions)
        self._paused.difference_update(partitions)
        self._commits.forget(partitions)
        if not self._discarding and self._fault is None:
            self._commits.send_last(consumer, positions)
