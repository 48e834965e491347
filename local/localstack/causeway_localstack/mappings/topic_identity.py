"""Tells a topic from one that was made anew under its name, whose offsets begin again.

The consumer does not: a topic deleted and created between two of its looks leaves it where it was, and what was in
flight would be committed as if it were the new topic's.
"""

import time
from concurrent.futures import Future

from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient, TopicDescription

from causeway_localstack.mappings.consumer_options import admin_options
from causeway_localstack.mappings.source import KafkaSource

_LOOK_EVERY_S = 1
_TIMEOUT_S = 10


class TopicIdentity:
    """Outlives the sessions in the consumer group, so that a topic that was away for a while is noticed as well."""

    def __init__(self, source: KafkaSource) -> None:
        self._source = source
        self._topics = TopicCollection([source.topic])
        self._access: dict[str, object] | None = None
        self._known: str | None = None
        self._look: Future[TopicDescription] | None = None
        self._looked_at = 0.0

    def connect(self, access: dict[str, object]) -> None:
        """`access`: how to log in from now on. Raises KafkaException when it cannot be."""
        if access != self._access:
            self._look = None
            self._admin = AdminClient(admin_options(self._source, access))
            self._access = access

    def made_anew(self) -> bool:
        """Compares with the last time it was asked, and remembers. Raises KafkaException."""
        before, self._known = self._known, _id(self._describe().result(_TIMEOUT_S))
        return before is not None and before != self._known

    def changed(self) -> bool:
        """Never waits: true once an answer has shown another topic than `made_anew` saw."""
        if self._look is None:
            if time.monotonic() - self._looked_at > _LOOK_EVERY_S:
                self._look, self._looked_at = self._describe(), time.monotonic()
            return False
        if not self._look.done():
            return False
        look, self._look = self._look, None
        try:
            return self._known is not None and _id(look.result()) != self._known
        except KafkaException:  # away, or not reachable: the consumer says so
            return False

    def _describe(self) -> Future[TopicDescription]:
        (answer,) = self._admin.describe_topics(self._topics, request_timeout=_TIMEOUT_S).values()
        return answer


def _id(description: TopicDescription) -> str:
    return str(description.topic_id)
