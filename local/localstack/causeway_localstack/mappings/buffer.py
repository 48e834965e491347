"""What was fetched of one partition and not yet delivered."""

from collections import deque
from typing import NamedTuple


class Record(NamedTuple):
    offset: int
    #: Milliseconds since 1970, -1 when the record has none.
    timestamp_ms: int
    #: None: filtered out; nothing is sent, but the offset counts as done.
    text: str | None
    #: `time.monotonic()` of its fetch: the batching window begins here.
    fetched_at: float

    @property
    def size_bytes(self) -> int:
        """In an event, with the comma."""
        return len(self.text) + 1 if self.text else 0


class PartitionBuffer:
    """Not safe for threads: `BatchQueue` guards it."""

    def __init__(self, partition: int, room_bytes: int) -> None:
        self.partition = partition
        #: What one event can hold of this partition's records.
        self._room_bytes = room_bytes
        self._records: deque[Record] = deque()
        self.size_bytes = 0
        self.in_flight = False
        #: Being taken away: nothing new starts, and what is in flight does not retry.
        self.leaving = False
        #: The next offset to commit, once something is done.
        self.position: int | None = None

    def __len__(self) -> int:
        return len(self._records)

    @property
    def head(self) -> Record | None:
        return self._records[0] if self._records else None

    @property
    def stopped_at(self) -> Record | None:
        """The record that no event can hold, once everything before it is done. The partition stays here."""
        head = self.head
        return head if head and not self.in_flight and head.size_bytes > self._room_bytes else None

    @property
    def ready(self) -> bool:
        return bool(self._records) and not self.in_flight and not self.leaving and self.stopped_at is None

    def add(self, records: list[Record]) -> None:
        self._records.extend(records)
        self.size_bytes += sum(record.size_bytes for record in records)

    def put_back(self, records: list[Record]) -> None:
        self._records.extendleft(reversed(records))
        self.size_bytes += sum(record.size_bytes for record in records)

    def take(self, max_records: int, max_bytes: int) -> list[Record]:
        """The longest prefix within both limits."""
        taken: list[Record] = []
        left = max_bytes
        while self._records and len(taken) < max_records and self._records[0].size_bytes <= left:
            record = self._records.popleft()
            left -= record.size_bytes
            taken.append(record)
        self.size_bytes -= max_bytes - left
        return taken
