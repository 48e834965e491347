"""The life of one version of a mapping. LocalStack makes a new worker for each update."""

import logging
import threading
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import KafkaException
from localstack.services.lambda_.event_source_mapping.esm_worker import EsmState, EsmStateReason, EsmWorker

from causeway_localstack import memory
from causeway_localstack.mappings.access import client_options
from causeway_localstack.mappings.faults import AccessFault, access_fault
from causeway_localstack.mappings.poller import KafkaPoller, TopicMadeAnew
from causeway_localstack.mappings.source import KafkaSource
from causeway_localstack.mappings.topic_identity import TopicIdentity

LOG = logging.getLogger(__name__)
_RESTART_S = 1
_SHUTDOWN_S = 3


class KafkaMappingWorker(EsmWorker):
    """Takes over from the mapping's last worker when that one has left the consumer group, so never both at once."""

    _latest: dict[str, "KafkaMappingWorker"] = {}

    def __init__(self, mapping: dict[str, Any], enabled: bool) -> None:
        super().__init__(mapping, poller=None, enabled=enabled, user_state_reason=EsmStateReason.USER_INITIATED)
        self._previous: KafkaMappingWorker | None = None
        self._deleting = False

    # ---- called by LocalStack's Lambda provider
    def create(self) -> None:
        self._previous, self._latest[self.uuid] = self._latest.get(self.uuid), self
        stored = self._stored()
        self.current_state = stored.get("State", EsmState.CREATING)
        if self._previous:
            stored["LastModified"] = datetime.now(UTC)
        self._poller_thread = threading.Thread(target=self._live, daemon=True, name=f"kafka-mapping-{self.uuid}")
        self._poller_thread.start()

    def stop(self) -> None:
        self._shutdown_event.set()

    def stop_for_shutdown(self) -> None:
        self.stop()
        self._poller_thread.join(_SHUTDOWN_S)

    def delete(self) -> None:
        self._deleting = True
        self._set_state(EsmState.DELETING)
        self.stop()

    # ---- its own thread
    def _live(self) -> None:
        if self._previous:
            self._previous._poller_thread.join()
            self._previous = None
        memory.set_aside_what_is_loaded()
        self._set_state(EsmState.ENABLED if self.enabled else EsmState.DISABLED)
        if self.enabled:
            self._poll()
        self._shutdown_event.wait()
        if self._deleting:
            self.delete_esm_in_store()
            self._latest.pop(self.uuid, None)

    def _poll(self) -> None:
        topic: TopicIdentity | None = None
        while not self._shutdown_event.is_set():
            try:
                source = KafkaSource.of(self.esm_config)
                topic = topic or TopicIdentity(source)
                self._poll_once(source, topic)
            except TopicMadeAnew as error:
                LOG.warning("Kafka event source mapping %s: %s", self.uuid, error)
            except AccessFault as error:
                self._report(f"PROBLEM: {error}")
                self._shutdown_event.wait(_RESTART_S)
            except Exception as error:
                LOG.error("Kafka event source mapping %s: %s", self.uuid, error, exc_info=True)
                self._report(f"PROBLEM: {error}")
                self._shutdown_event.wait(_RESTART_S)

    def _poll_once(self, source: KafkaSource, topic: TopicIdentity) -> None:
        """One membership in the consumer group, with the secrets as they are now."""
        access = client_options(self.esm_config, source)
        try:
            topic.connect(access)
            KafkaPoller(self.esm_config, source, topic, access, self._shutdown_event, self._report).run()
        except KafkaException as error:
            raise access_fault(error.args[0]) or error from error

    def _stored(self) -> dict[str, Any]:
        return self._state.event_source_mappings.get(self.uuid, {})

    def _set_state(self, state: EsmState) -> None:
        with self._state_lock:
            if not self._shutdown_event.is_set():
                self.current_state = self._stored()["State"] = state

    def _report(self, result: str) -> None:
        self._stored()["LastProcessingResult"] = result
