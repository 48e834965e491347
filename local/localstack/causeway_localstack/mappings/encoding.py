"""The `aws:kafka` event, as text.

Written by hand because one event may hold 10,000 records: building objects for `json.dumps` takes several times as long.
All text is ASCII, so that lengths are bytes.
"""

import json
from binascii import b2a_base64
from collections.abc import Iterable
from typing import Protocol

from causeway_localstack.mappings.source import KafkaSource

#: Lambda's limit for a synchronous invocation's payload.
MAX_EVENT_BYTES = 6 * 1024 * 1024
_TIMESTAMP_TYPES = {1: "CREATE_TIME", 2: "LOG_APPEND_TIME"}


class Message(Protocol):
    """The part of `confluent_kafka.Message` that is encoded."""

    def topic(self) -> str: ...
    def partition(self) -> int: ...
    def offset(self) -> int: ...
    def timestamp(self) -> tuple[int, int]: ...
    def key(self) -> bytes | None: ...
    def value(self) -> bytes | None: ...
    def headers(self) -> list[tuple[str, bytes | None]] | None: ...


class EventEncoder:
    def __init__(self, source: KafkaSource) -> None:
        self._topic = source.topic
        head: dict[str, str] = {"eventSource": "SelfManagedKafka"}
        if source.cluster_arn:
            head = {"eventSource": "aws:kafka", "eventSourceArn": source.cluster_arn}
        head["bootstrapServers"] = source.servers
        self._head = json.dumps(head, separators=(",", ":"))[:-1] + ',"records":{'
        self._record_heads: dict[int, str] = {}
        #: What is left for partitions and their records.
        self.room_bytes = MAX_EVENT_BYTES - len(self._head) - len("}}")

    def partition_bytes(self, partition: int) -> int:
        """What a partition adds to an event beside its records; each record adds its text and a comma."""
        return len(f"{self._partition_key(partition)}:[],")

    def record(self, message: Message) -> str:
        partition = message.partition()
        head = self._record_heads.get(partition)
        if head is None:
            head = f'{{"topic":{json.dumps(self._topic)},"partition":{partition},"offset":'
            self._record_heads[partition] = head
        kind, timestamp = message.timestamp()
        headers = message.headers()
        return (
            f'{head}{message.offset()},"timestamp":{timestamp},'
            f'"timestampType":"{_TIMESTAMP_TYPES.get(kind, "NO_TIMESTAMP_TYPE")}",'
            f'"key":{_base64(message.key())},"value":{_base64(message.value())},'
            f'"headers":{_headers(headers) if headers else "[]"}}}'
        )

    def event(self, slices: Iterable[tuple[int, Iterable[str]]]) -> bytes:
        """`slices`: partition and its records' texts, in order."""
        partitions = ",".join(f"{self._partition_key(number)}:[{','.join(texts)}]" for number, texts in slices)
        return f"{self._head}{partitions}}}}}".encode("ascii")

    def _partition_key(self, partition: int) -> str:
        return json.dumps(f"{self._topic}-{partition}")


def _base64(data: bytes | None) -> str:
    return "null" if data is None else f'"{b2a_base64(data, newline=False).decode("ascii")}"'


def _headers(headers: list[tuple[str, bytes | None]]) -> str:
    # Java's bytes are signed, and that is how they arrive in a function: 0x80 and above are negative.
    values = [{key: None if value is None else memoryview(value).cast("b").tolist()} for key, value in headers]
    return json.dumps(values, separators=(",", ":"))
