"""Where a partition begins that the group has no commit for."""

from datetime import UTC, datetime
from typing import Any

from confluent_kafka import Consumer, TopicPartition

_TIMEOUT_S = 10


def starting_offset(consumer: Consumer, partition: TopicPartition, mapping: dict[str, Any]) -> int:
    low, high = consumer.get_watermark_offsets(partition, timeout=_TIMEOUT_S)
    position = mapping["StartingPosition"]
    if position == "TRIM_HORIZON":
        return low
    if position == "LATEST":
        return high
    at_ms = int(_seconds(mapping["StartingPositionTimestamp"]) * 1000)
    asked = TopicPartition(partition.topic, partition.partition, at_ms)
    found = consumer.offsets_for_times([asked], timeout=_TIMEOUT_S)[0].offset
    return high if found < 0 else found


def _seconds(value: float | datetime) -> float:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return value
