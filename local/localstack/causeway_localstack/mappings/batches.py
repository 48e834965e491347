"""Which records go into the next event, and which partitions wait.

A. A partition is in at most one event at a time.
B. An event is due when the idle partitions together hold BatchSize records or an event's worth of bytes, or when the
   oldest of their records has waited for the batching window. It then takes from as many of them as it can hold.
C. A partition's position moves only over records that were reported done, in order.
D. Nothing is handed out, and nothing retried, from the moment on at which the mapping is stopped.
"""

import threading
import time
from collections.abc import Iterable

from causeway_localstack.mappings.buffer import PartitionBuffer, Record
from causeway_localstack.mappings.encoding import EventEncoder

#: partition -> its records, in order
Batch = dict[int, list[Record]]


class BatchQueue:
    """Between the thread that polls and the threads that invoke."""

    def __init__(self, encoder: EventEncoder, batch_size: int, window_s: float, stop: threading.Event) -> None:
        self._stop = stop
        self._encoder, self._batch_size, self._window_s = encoder, batch_size, window_s
        self._buffers: dict[int, PartitionBuffer] = {}
        self._changed = threading.Condition()
        self._closed = False

    # ---- the polling thread
    def open(self, partition: int) -> None:
        with self._changed:
            room_bytes = self._encoder.room_bytes - self._encoder.partition_bytes(partition)
            self._buffers[partition] = PartitionBuffer(partition, room_bytes)

    def add(self, partition: int, records: list[Record]) -> None:
        with self._changed:
            if partition in self._buffers:
                self._buffers[partition].add(records)
                self._changed.notify_all()

    def remove(self, partitions: Iterable[int]) -> dict[int, int]:
        """Waits for what is in flight; returns the positions to commit. What is retrying is given up."""
        with self._changed:
            gone = [self._buffers[partition] for partition in partitions if partition in self._buffers]
            for buffer in gone:
                buffer.leaving = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not any(buffer.in_flight for buffer in gone))
            for buffer in gone:
                self._buffers.pop(buffer.partition, None)
            return {buffer.partition: buffer.position for buffer in gone if buffer.position is not None}

    def partitions(self) -> list[int]:
        with self._changed:
            return list(self._buffers)

    def positions(self) -> dict[int, int]:
        with self._changed:
            return {b.partition: b.position for b in self._buffers.values() if b.position is not None}

    def sizes(self) -> dict[int, int]:
        """Buffered bytes of each partition, filtered records counted as nothing."""
        with self._changed:
            return {buffer.partition: buffer.size_bytes for buffer in self._buffers.values()}

    def stopped(self) -> dict[int, Record]:
        """Partitions that cannot go on, with the record that is too large for any event."""
        with self._changed:
            return {b.partition: b.stopped_at for b in self._buffers.values() if b.stopped_at is not None}

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    # ---- the invoking threads
    def take(self) -> Batch | None:
        """Waits until a batch is due; None once stopped or closed. Each of its partitions must be given to `done` or `put_back`."""
        with self._changed:
            while not self._ended():
                wait_s = self._due_in_s()
                if wait_s is not None and wait_s <= 0:
                    return self._form()
                self._changed.wait(wait_s)
            return None

    def done(self, partition: int, position: int) -> None:
        """Everything of the partition below `position` is done, and nothing of it is in flight any more."""
        self._release(partition, position, [])

    def advance(self, partition: int, position: int) -> None:
        """Everything below `position` is done; the rest of the batch is still in flight."""
        with self._changed:
            self._buffers[partition].position = position

    def put_back(self, partition: int, records: list[Record]) -> None:
        self._release(partition, None, records)

    def wait_to_retry(self, batch: Batch, seconds: float) -> bool:
        """False when stopped, or when a partition of the batch is being taken away: give the batch up."""
        with self._changed:
            return not self._changed.wait_for(lambda: self._leaving(batch), seconds)

    def _leaving(self, batch: Batch) -> bool:
        return self._ended() or any(self._buffers[partition].leaving for partition in batch)

    def _ended(self) -> bool:
        """The polling thread closes the queue only some time after the mapping was stopped."""
        return self._closed or self._stop.is_set()

    def _release(self, partition: int, position: int | None, records: list[Record]) -> None:
        with self._changed:
            buffer = self._buffers[partition]
            buffer.in_flight = False
            if position is not None:
                buffer.position = position
            buffer.put_back(records)
            self._changed.notify_all()

    def _due_in_s(self) -> float | None:
        ready = [buffer for buffer in self._buffers.values() if buffer.ready]
        if not ready:
            return None
        records = sum(len(buffer) for buffer in ready)
        size_bytes = sum(buffer.size_bytes for buffer in ready)
        if records >= self._batch_size or size_bytes >= self._encoder.room_bytes:
            return 0
        return min(b.head.fetched_at for b in ready if b.head) + self._window_s - time.monotonic()

    def _form(self) -> Batch:
        batch: Batch = {}
        left_records, left_bytes = self._batch_size, self._encoder.room_bytes
        ready = [buffer for buffer in self._buffers.values() if buffer.ready]
        for buffer in sorted(ready, key=lambda b: b.head.fetched_at if b.head else 0):
            room_bytes = left_bytes - self._encoder.partition_bytes(buffer.partition)
            records = buffer.take(left_records, room_bytes)
            if not records:
                break
            buffer.in_flight = True
            batch[buffer.partition] = records
            left_records -= len(records)
            left_bytes = room_bytes - sum(record.size_bytes for record in records)
        return batch
