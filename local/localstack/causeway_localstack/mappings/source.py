"""Where a mapping reads: brokers, topic and consumer group."""

from dataclasses import dataclass
from typing import Any

from causeway_localstack import settings

SELF_MANAGED_CONFIG = "SelfManagedKafkaEventSourceConfig"
MANAGED_CONFIG = "AmazonManagedKafkaEventSourceConfig"
#: SourceAccessConfigurations type -> SASL mechanism, always over TLS.
SASL_MECHANISMS = {
    "SASL_SCRAM_512_AUTH": "SCRAM-SHA-512",
    "SASL_SCRAM_256_AUTH": "SCRAM-SHA-256",
    "BASIC_AUTH": "PLAIN",
}
CLIENT_CERTIFICATE = "CLIENT_CERTIFICATE_TLS_AUTH"
ROOT_CERTIFICATE = "SERVER_ROOT_CA_CERTIFICATE"
AUTHENTICATION_TYPES = {*SASL_MECHANISMS, CLIENT_CERTIFICATE}


@dataclass(frozen=True)
class KafkaSource:
    servers: str
    topic: str
    group: str
    #: None for a self-managed cluster.
    cluster_arn: str | None

    @classmethod
    def of(cls, mapping: dict[str, Any]) -> "KafkaSource":
        servers = bootstrap_servers(mapping)
        if servers is None:
            raise LookupError(f"CAUSEWAY_MSK_CLUSTERS has no such bootstrap servers of {mapping.get('EventSourceArn')}.")
        return cls(
            servers=servers,
            topic=mapping["Topics"][0],
            group=mapping[group_config(mapping)]["ConsumerGroupId"],
            cluster_arn=mapping.get("EventSourceArn"),
        )


def is_kafka(mapping: dict[str, Any]) -> bool:
    return "SelfManagedEventSource" in mapping or ":kafka:" in (mapping.get("EventSourceArn") or "")


def group_config(mapping: dict[str, Any]) -> str:
    """The member that holds ConsumerGroupId."""
    return SELF_MANAGED_CONFIG if "SelfManagedEventSource" in mapping else MANAGED_CONFIG


def consumer_group(mapping: dict[str, Any]) -> str | None:
    return (mapping.get(group_config(mapping)) or {}).get("ConsumerGroupId")


def bootstrap_servers(mapping: dict[str, Any]) -> str | None:
    """As "host:port,host:port"; None for an MSK cluster without a listener for the mapping's way of logging in."""
    if self_managed := mapping.get("SelfManagedEventSource"):
        return ",".join(self_managed.get("Endpoints", {}).get("KAFKA_BOOTSTRAP_SERVERS", [])) or None
    cluster = settings.msk_cluster(mapping["EventSourceArn"])
    if cluster is None:
        return None
    login = authentication(mapping)
    if login is None:
        return cluster.plain
    return cluster.tls if login["Type"] == CLIENT_CERTIFICATE else cluster.sasl_scram


def source_access(mapping: dict[str, Any]) -> list[dict[str, str]]:
    """SourceAccessConfigurations: each with Type and URI."""
    return mapping.get("SourceAccessConfigurations") or []


def authentication(mapping: dict[str, Any]) -> dict[str, str] | None:
    """The source access with which the mapping logs in; None: it does not."""
    return next((access for access in source_access(mapping) if access["Type"] in AUTHENTICATION_TYPES), None)
