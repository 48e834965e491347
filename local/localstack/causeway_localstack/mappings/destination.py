"""On-failure destinations: SQS, SNS and S3."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from localstack.services.lambda_.event_source_mapping.pipe_utils import get_internal_client

from causeway_localstack.mappings.batches import Batch
from causeway_localstack.mappings.source import KafkaSource

RETRIES_EXHAUSTED = "RetryAttemptsExhausted"
RECORD_AGE_EXCEEDED = "RecordAgeExceeded"


@dataclass(frozen=True)
class GivenUp:
    """Records that are not tried again."""

    batch: Batch
    condition: str
    attempts: int
    payload: bytes


class FailureDestination:
    """Raises what the service's client raises; the records then stay undelivered and are offered again."""

    def __init__(self, arn: str, function_arn: str, mapping_id: str, source: KafkaSource) -> None:
        self._arn, self._function_arn, self._mapping_id, self._source = arn, function_arn, mapping_id, source
        self._service = arn.split(":")[2]

    def send(self, given_up: GivenUp) -> None:
        document = self._document(given_up)
        if self._service == "s3":
            document["payload"] = given_up.payload.decode()
            now = datetime.now(UTC)
            key = f"aws/lambda/{self._mapping_id}/{now:%Y/%m/%d/%Y-%m-%dT%H.%M.%S}-{uuid4()}"
            bucket = self._arn.split(":::")[1]
            client = get_internal_client(self._function_arn, service="s3")
            client.put_object(Bucket=bucket, Key=key, Body=json.dumps(document).encode())
        elif self._service == "sns":
            get_internal_client(self._arn).publish(TopicArn=self._arn, Message=json.dumps(document))
        else:
            client = get_internal_client(self._arn)
            queue = client.get_queue_url(QueueName=self._arn.split(":")[5])["QueueUrl"]
            client.send_message(QueueUrl=queue, MessageBody=json.dumps(document))

    def _document(self, given_up: GivenUp) -> dict:
        info: dict[str, object] = {
            "batchSize": sum(len(records) for records in given_up.batch.values()),
            "bootstrapServers": self._source.servers,
            "payloadSize": len(given_up.payload),
            "recordsInfo": {
                f"{self._source.topic}-{partition}": {
                    "batchSize": len(records),
                    "startOffset": records[0].offset,
                    "endOffset": records[-1].offset,
                    "firstRecordTimestamp": _instant(records[0].timestamp_ms),
                    "lastRecordTimestamp": _instant(records[-1].timestamp_ms),
                }
                for partition, records in given_up.batch.items()
            },
        }
        if self._source.cluster_arn:
            info["eventSourceArn"] = self._source.cluster_arn
        return {
            "requestContext": {
                "requestId": str(uuid4()),
                "functionArn": self._function_arn,
                "condition": given_up.condition,
                "approximateInvokeCount": given_up.attempts,
            },
            "version": "1.0",
            "timestamp": _instant(int(datetime.now(UTC).timestamp() * 1000)),
            "KafkaBatchInfo": info,
        }


def _instant(timestamp_ms: int) -> str:
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
