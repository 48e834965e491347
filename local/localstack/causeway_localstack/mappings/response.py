"""A function's answer under ReportBatchItemFailures."""

import json

from causeway_localstack.mappings.batches import Batch


def first_failures(answer: bytes, topic: str, batch: Batch) -> dict[int, int]:
    """partition -> offset of its first failed record; empty: all is done.

    An answer that cannot be understood, or that names a record which is not in the batch, fails the whole batch, as
    Lambda documents.
    """
    whole_batch = {partition: records[0].offset for partition, records in batch.items()}
    partitions = {f"{topic}-{partition}": partition for partition in batch}
    offsets = {partition: {record.offset for record in records} for partition, records in batch.items()}
    failures: dict[int, int] = {}
    try:
        for item in (json.loads(answer or b"null") or {}).get("batchItemFailures") or []:
            identifier = item["itemIdentifier"]
            partition, offset = partitions[identifier["partition"]], identifier["offset"]
            if offset not in offsets[partition]:
                return whole_batch
            failures[partition] = min(offset, failures.get(partition, offset))
    except (ValueError, KeyError, TypeError, AttributeError):
        return whole_batch
    return failures
