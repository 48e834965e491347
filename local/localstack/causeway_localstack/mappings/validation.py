"""What Lambda refuses about a Kafka mapping, and what cannot be honoured here."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api.lambda_ import InvalidParameterValueException, ResourceInUseException
from localstack.services.lambda_.event_source_mapping.esm_worker import EsmState

from causeway_localstack.mappings.delivery import failure_destination_arn
from causeway_localstack.mappings.source import (
    AUTHENTICATION_TYPES,
    CLIENT_CERTIFICATE,
    ROOT_CERTIFICATE,
    authentication,
    bootstrap_servers,
    consumer_group,
    is_kafka,
    source_access,
)

_STARTING_POSITIONS = ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP")
_GROUP = re.compile(r"[a-zA-Z0-9\-/*:_+=.@]{1,200}")
_DESTINATION_SERVICES = ("sqs", "sns", "s3")
#: member -> least and greatest value. -1 stands for "no limit" where it is allowed.
_RANGES = {
    "BatchSize": (1, 10_000),
    "MaximumBatchingWindowInSeconds": (0, 300),
    "MaximumRetryAttempts": (-1, 10_000),
    "MaximumRecordAgeInSeconds": (-1, 604_800),
}
_LEAST_RECORD_AGE_S = 60
_POLLER_RANGES = {"MinimumPollers": (1, 200), "MaximumPollers": (1, 2_000)}
_NETWORK_TYPES = {"VPC_SUBNET", "VPC_SECURITY_GROUP"}
_MSK_ACCESS = {"SASL_SCRAM_512_AUTH", CLIENT_CERTIFICATE}
_SELF_MANAGED_ACCESS = {*AUTHENTICATION_TYPES, ROOT_CERTIFICATE, *_NETWORK_TYPES}
_SETTLED_STATES = (EsmState.ENABLED, EsmState.DISABLED)


def check_new(mapping: dict[str, Any], existing: Iterable[dict[str, Any]]) -> None:
    """A CreateEventSourceMapping request. Raises InvalidParameterValueException."""
    _check_source(mapping)
    _check_starting_position(mapping)
    check_settings(mapping)
    group = consumer_group(mapping)
    if group is None:
        return
    if not _GROUP.fullmatch(group):
        raise _invalid(f"Consumer group id '{group}' must be 1 to 200 characters of [a-zA-Z0-9-/*:_+=.@].")
    for other in existing:
        if is_kafka(other) and consumer_group(other) == group:
            raise _invalid(
                f"Consumer group id '{group}' is already used by the event source mapping with UUID {other['UUID']}."
            )


def check_update(mapping: dict[str, Any]) -> None:
    """The mapping as it would be. Raises ResourceInUseException, InvalidParameterValueException."""
    if mapping.get("State") not in _SETTLED_STATES:
        raise ResourceInUseException(
            f"Cannot update the event source mapping {mapping['UUID']} because it is in use: {mapping.get('State')}.",
            Type="User",
        )
    check_settings(mapping)


def check_settings(mapping: dict[str, Any]) -> None:
    _check_access(mapping)
    _check_ranges(mapping, _RANGES)
    age = mapping.get("MaximumRecordAgeInSeconds")
    if age is not None and -1 < age < _LEAST_RECORD_AGE_S:
        raise _invalid(f"MaximumRecordAgeInSeconds {age} must be -1 or at least {_LEAST_RECORD_AGE_S}.")
    pollers = mapping.get("ProvisionedPollerConfig") or {}
    _check_ranges(pollers, _POLLER_RANGES)
    if pollers.get("MinimumPollers", 1) > pollers.get("MaximumPollers", 200):
        raise _invalid("MinimumPollers must not be greater than MaximumPollers.")
    if unknown := set(mapping.get("FunctionResponseTypes") or []) - {"ReportBatchItemFailures"}:
        raise _invalid(f"Unknown FunctionResponseTypes: {', '.join(sorted(unknown))}.")
    destination = failure_destination_arn(mapping)
    if destination and destination.split(":")[2:3] not in ([service] for service in _DESTINATION_SERVICES):
        raise _invalid(f"On-failure destination {destination} cannot be used here: SQS, SNS and S3 can.")


def _check_source(mapping: dict[str, Any]) -> None:
    topics = mapping.get("Topics") or []
    if not topics:
        raise _invalid("Required 'topics' parameter is missing.")
    if len(topics) > 1:
        raise _invalid(f"Value '{topics}' at 'topics' must have length less than or equal to 1.")


def _check_access(mapping: dict[str, Any]) -> None:
    arn = mapping.get("EventSourceArn")
    form, known = ("MSK", _MSK_ACCESS) if arn else ("self-managed", _SELF_MANAGED_ACCESS)
    types = [access.get("Type") for access in source_access(mapping)]
    if unknown := {str(kind) for kind in types if kind not in known}:
        raise _invalid(f"Source access {', '.join(sorted(unknown))} cannot be used for {form} clusters here.")
    logins = [kind for kind in types if kind in AUTHENTICATION_TYPES]
    if len(logins) > 1:
        raise _invalid(f"Only one way of logging in can be given in 'sourceAccessConfigurations', not {logins}.")
    if any(not access.get("URI") for access in source_access(mapping)):
        raise _invalid("Each of 'sourceAccessConfigurations' needs a URI.")
    if bootstrap_servers(mapping) is None:
        if arn is None:
            raise _invalid("Required 'KAFKA_BOOTSTRAP_SERVERS' endpoint is missing.")
        login = authentication(mapping)
        how = f" for {login['Type']}" if login else ""
        raise _invalid(f"Cluster {arn} does not exist: CAUSEWAY_MSK_CLUSTERS names no bootstrap servers{how}.")


def _check_starting_position(mapping: dict[str, Any]) -> None:
    position, timestamp = mapping.get("StartingPosition"), mapping.get("StartingPositionTimestamp")
    if not position:
        raise _invalid("Required 'startingPosition' parameter is missing.")
    if position not in _STARTING_POSITIONS:
        raise _invalid(f"StartingPosition '{position}' is not one of {', '.join(_STARTING_POSITIONS)}.")
    if position == "AT_TIMESTAMP" and timestamp is None:
        raise _invalid("Required 'startingPositionTimestamp' parameter is missing.")
    if timestamp is None:
        return
    if position != "AT_TIMESTAMP":
        raise _invalid("StartingPositionTimestamp is for StartingPosition AT_TIMESTAMP only.")
    if _instant(timestamp) > datetime.now(UTC):
        raise _invalid("StartingPositionTimestamp must not be in the future.")


def _check_ranges(values: dict[str, Any], ranges: dict[str, tuple[int, int]]) -> None:
    for member, (least, greatest) in ranges.items():
        value = values.get(member)
        if value is not None and not least <= value <= greatest:
            raise _invalid(f"{member} {value} must be between {least} and {greatest}.")


def _instant(value: float | datetime) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.fromtimestamp(value, UTC)


def _invalid(message: str) -> InvalidParameterValueException:
    return InvalidParameterValueException(message, Type="User")
