"""Hands a batch to the function until all of it is done, or given up by the mapping's own rules."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from causeway_localstack.mappings.batches import Batch, BatchQueue
from causeway_localstack.mappings.destination import (
    RECORD_AGE_EXCEEDED,
    RETRIES_EXHAUSTED,
    FailureDestination,
    GivenUp,
)
from causeway_localstack.mappings.encoding import EventEncoder
from causeway_localstack.mappings.invoker import FunctionInvoker
from causeway_localstack.mappings.response import first_failures
from causeway_localstack.mappings.source import KafkaSource

LOG = logging.getLogger(__name__)
_FIRST_BACKOFF_S, _MAX_BACKOFF_S = 0.1, 10
#: Lambda caps endless retries at 10 when there is an on-failure destination.
_RETRIES_WITH_DESTINATION = 10
_ENDLESS = -1


@dataclass(frozen=True)
class RetryPolicy:
    #: -1: until the records expire.
    max_retries: int
    #: -1: no limit.
    max_age_s: int

    @classmethod
    def of(cls, mapping: dict[str, Any]) -> "RetryPolicy":
        retries, age = mapping.get("MaximumRetryAttempts"), mapping.get("MaximumRecordAgeInSeconds")
        retries = _ENDLESS if retries is None else retries
        if retries == _ENDLESS and failure_destination_arn(mapping):
            retries = _RETRIES_WITH_DESTINATION
        return cls(max_retries=retries, max_age_s=_ENDLESS if age is None else age)

    def exhausted(self, failures: int) -> bool:
        return failures > self.max_retries >= 0

    def too_old(self, timestamp_ms: int) -> bool:
        return self.max_age_s >= 0 and timestamp_ms >= 0 and time.time() * 1000 - timestamp_ms > self.max_age_s * 1000


def failure_destination_arn(mapping: dict[str, Any]) -> str | None:
    return ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")


class Delivery:
    """Shared by a mapping's invoking threads; holds no state of a batch."""

    def __init__(
        self,
        mapping: dict[str, Any],
        source: KafkaSource,
        encoder: EventEncoder,
        queue: BatchQueue,
        report: Callable[[str], None],
    ) -> None:
        self._function_arn, self._topic = mapping["FunctionArn"], source.topic
        self._encoder, self._queue, self._report = encoder, queue, report
        self._policy = RetryPolicy.of(mapping)
        self._partial = "ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or [])
        destination = failure_destination_arn(mapping)
        self._destination = (
            FailureDestination(destination, self._function_arn, mapping["UUID"], source) if destination else None
        )
        self._function = FunctionInvoker(self._function_arn)

    def run(self) -> None:
        """The body of an invoking thread."""
        while (batch := self._queue.take()) is not None:
            self._deliver(batch)

    def _deliver(self, batch: Batch) -> None:
        failures, backoff_s = 0, _FIRST_BACKOFF_S
        while batch:
            try:
                self._drop_expired(batch, failures)
                if not batch:
                    return
                failed = self._invoke(batch)
                progressed = self._settle(batch, failed)
                failures = 1 if progressed else failures + 1
                backoff_s = _FIRST_BACKOFF_S if progressed else backoff_s
                if batch and self._policy.exhausted(failures):
                    self._give_up(batch, dict(batch), RETRIES_EXHAUSTED, failures)
            except Exception as error:  # throttled, function not ready, destination away: never counts as an attempt
                LOG.warning("Could not deliver %s to %s: %s", self._topic, self._function_arn, error)
                self._report(f"PROBLEM: {error}")
            if batch and not self._queue.wait_to_retry(batch, backoff_s):
                for partition, records in batch.items():
                    self._queue.put_back(partition, records)
                return
            backoff_s = min(_MAX_BACKOFF_S, backoff_s * 2)

    def _invoke(self, batch: Batch) -> dict[int, int]:
        """partition -> offset of its first failed record."""
        event = self._event(batch)
        if event is None:
            return {}
        result = self._function.invoke(event)
        if result.is_error:
            self._report("PROBLEM: Function call failed")
            return {partition: records[0].offset for partition, records in batch.items()}
        failed = first_failures(result.payload, self._topic, batch) if self._partial else {}
        self._report("PROBLEM: Function reported batch item failures" if failed else "OK")
        return failed

    def _settle(self, batch: Batch, failed: dict[int, int]) -> bool:
        """Takes what is done out of the batch; true if anything was. A failed record holds up all that follow it."""
        progressed = False
        for partition, records in list(batch.items()):
            first = failed.get(partition)
            if first is None:
                self._queue.done(partition, records[-1].offset + 1)
                del batch[partition]
                progressed = True
            elif first > records[0].offset:
                self._queue.advance(partition, first)
                batch[partition] = [record for record in records if record.offset >= first]
                progressed = True
        return progressed

    def _drop_expired(self, batch: Batch, attempts: int) -> None:
        old = {
            partition: list(takewhile(lambda record: self._policy.too_old(record.timestamp_ms), records))
            for partition, records in batch.items()
        }
        if expired := {partition: records for partition, records in old.items() if records}:
            self._give_up(batch, expired, RECORD_AGE_EXCEEDED, attempts)

    def _give_up(self, batch: Batch, given_up: Batch, condition: str, attempts: int) -> None:
        """Drops `given_up`, the beginnings of some of the batch's partitions, once the destination has word of it."""
        if self._destination:
            self._destination.send(GivenUp(given_up, condition, attempts, self._event(given_up) or b""))
        for partition, records in list(given_up.items()):
            first, last = records[0].offset, records[-1].offset
            LOG.error("Dropped %s-%s offsets %s..%s: %s", self._topic, partition, first, last, condition)
            self._pass_over(batch, partition, last + 1)

    def _pass_over(self, batch: Batch, partition: int, position: int) -> None:
        rest = [record for record in batch[partition] if record.offset >= position]
        if rest:
            batch[partition] = rest
            self._queue.advance(partition, position)
        else:
            del batch[partition]
            self._queue.done(partition, position)

    def _event(self, batch: Batch) -> bytes | None:
        """None when every record was filtered out."""
        slices = [(partition, [r.text for r in records if r.text]) for partition, records in batch.items()]
        slices = [(partition, texts) for partition, texts in slices if texts]
        return self._encoder.event(slices) if slices else None
