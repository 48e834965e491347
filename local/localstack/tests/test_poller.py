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
from confluent_kafka import KafkaError

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
