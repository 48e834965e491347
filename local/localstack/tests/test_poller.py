"""Run by test/integration/local/localstack/python.test.ts."""

import threading
import unittest
from collections.abc import Callable
from typing import Any
from unittest import mock

from causeway_localstack.mappings import poller
from causeway_localstack.mappings.faults import AccessFault
from causeway_localstack.mappings.poller import KafkaPoller
from causeway_localstack.mappings.source import KafkaSource
from confluent_kafka import KafkaError, KafkaException, TopicPartition

SOURCE = KafkaSource(servers="localhost:9092", topic="orders", group="flow", cluster_arn=None)


class DeniedConsumer:
    """A member of the group whose session ends and cannot be begun again."""

    def __init__(self, options: dict[str, Any], leave: Callable[[], None]) -> None:
        self._refused: Callable[[KafkaError], None] = options["error_cb"]
        self._leave = leave

    def subscribe(self, *_: object, **__: object) -> None: ...

    def poll(self, _: float) -> None:
        self._refused(KafkaError(KafkaError._AUTHENTICATION, "handshake failed"))

    def commit(self, **_: object) -> None:
        raise AssertionError("no broker takes a commit")

    def close(self) -> None:
        self._leave()


class SilentConsumer:
    """A member whose coordinator does not say what the group has committed."""

    def __init__(self, assigns: str, escaped: list[BaseException]) -> None:
        self._assigns, self._escaped = assigns, escaped
        self.asked = 0

    def subscribe(self, _: object, on_assign: Callable[..., None], **__: object) -> None:
        self._on_assign = on_assign

    def poll(self, _: float) -> None:
        if self._assigns == "poll":
            self._assign()

    def committed(self, *_: object, **__: object) -> list[TopicPartition]:
        self.asked += 1
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT, "Failed to get committed offsets"))

    def close(self) -> None:
        if self._assigns == "close":
            self._assign()

    def _assign(self) -> None:
        try:
            self._on_assign(self, [TopicPartition("orders", 0)])
        except BaseException as error:
            self._escaped.append(error)


class UnansweredAssignmentTest(unittest.TestCase):
    def setUp(self) -> None:
        self.escaped: list[BaseException] = []
        self.stop = threading.Event()

    def member(self, consumer: SilentConsumer) -> KafkaPoller:
        factory = mock.patch.object(poller, "Consumer", lambda _: consumer)
        factory.start()
        self.addCleanup(factory.stop)
        topic = mock.Mock(changed=lambda: False, made_anew=lambda: False)
        mapping = {"UUID": "1", "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:f"}
        return KafkaPoller(mapping, SOURCE, topic, {}, self.stop, lambda _: None)

    def test_ends_the_membership_so_that_another_one_is_tried(self) -> None:
        with self.assertRaises(KafkaException):
            self.member(SilentConsumer("poll", self.escaped)).run()

        self.assertEqual([], self.escaped)

    def test_is_not_asked_for_while_it_leaves(self) -> None:
        consumer = SilentConsumer("close", self.escaped)
        self.stop.set()

        self.member(consumer).run()

        self.assertEqual(([], 0), (self.escaped, consumer.asked))


class AccessDeniedTest(unittest.TestCase):
    def test_is_said_before_the_group_is_left_which_may_take_minutes(self) -> None:
        said: list[str] = []
        said_before_leaving: list[str] = []
        with mock.patch.object(
            poller, "Consumer", lambda options: DeniedConsumer(options, lambda: said_before_leaving.extend(said))
        ):
            topic = mock.Mock(changed=lambda: False)
            mapping = {"UUID": "1", "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:f"}
            membership = KafkaPoller(mapping, SOURCE, topic, {}, threading.Event(), said.append)
            membership._queue.open(0)
            with self.assertRaises(AccessFault):
                membership.run()

        self.assertEqual(1, len(said_before_leaving))
        self.assertIn("PROBLEM: SASL authentication failed. ", said_before_leaving[0])
