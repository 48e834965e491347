"""Where a mapping reads: brokers, topic and consumer group."""

from dataclasses import dataclass
from typing import Any

from causeway_localstack import settings

SELF_MANAGED_CONFIG = "SelfManagedKafkaEventSourceConfig"
MANAGED_CONFIG = "AmazonManagedKafkaEventSourceConfig"


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
            raise LookupError(f"No bootstrap servers for {mapping.get('EventSourceArn')} in CAUSEWAY_MSK_CLUSTERS.")
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
    """As "host:port,host:port"; None for an MSK cluster that CAUSEWAY_MSK_CLUSTERS does not name."""
    if self_managed := mapping.get("SelfManagedEventSource"):
        return ",".join(self_managed.get("Endpoints", {}).get("KAFKA_BOOTSTRAP_SERVERS", [])) or None
    arn = mapping["EventSourceArn"]
    clusters = settings.msk_clusters()
    # arn:aws:kafka:<region>:<account>:cluster/<name>/<uuid>
    name = arn.split("/")[1] if "/" in arn else arn
    return clusters.get(arn) or clusters.get(name)
