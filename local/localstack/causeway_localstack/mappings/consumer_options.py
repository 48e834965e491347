"""librdkafka's settings for a mapping's consumer and its look at the topic."""

import logging
from typing import Any

from causeway_localstack.mappings.source import KafkaSource

LOG = logging.getLogger(__name__)


def consumer_options(mapping: dict[str, Any], source: KafkaSource, access: dict[str, object]) -> dict[str, object]:
    """`access`: how to log in."""
    return {
        "bootstrap.servers": source.servers,
        "group.id": source.group,
        "client.id": f"lambda-{mapping['UUID']}",
        "partition.assignment.strategy": "cooperative-sticky",
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
        # Only for a position that the log no longer has: what retention cut, or a topic made anew.
        "auto.offset.reset": "earliest",
        "session.timeout.ms": 10_000,
        # A revocation waits for the batch in flight.
        "max.poll.interval.ms": 1_000_000,
        "topic.metadata.refresh.interval.ms": 1_000,
        "reconnect.backoff.max.ms": 1_000,
        "fetch.queue.backoff.ms": 20,
        "max.partition.fetch.bytes": 4 << 20,
        "logger": LOG,
        **access,
    }


def admin_options(source: KafkaSource, access: dict[str, object]) -> dict[str, object]:
    return {"bootstrap.servers": source.servers, "reconnect.backoff.max.ms": 1_000, "log_level": 0, **access}
