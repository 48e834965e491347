"""Everything that the environment decides. Read when asked, so that a test can set a variable."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path


def node_binary() -> str:
    """CAUSEWAY_NODE: the Node that runs functions, whatever `nodejs` runtime they ask for. Default: `node` on PATH."""
    return os.environ.get("CAUSEWAY_NODE") or shutil.which("node") or "node"


def dynamodb_lib() -> Path | None:
    """CAUSEWAY_DYNAMODB_LIB: a folder with DynamoDB Local's jars and native libraries."""
    return _folder("CAUSEWAY_DYNAMODB_LIB")


def jsonata_lib() -> Path | None:
    """CAUSEWAY_JSONATA_LIB: a folder with the jars of com.dashjoin:jsonata."""
    return _folder("CAUSEWAY_JSONATA_LIB")


def cache_folder() -> Path | None:
    """XDG_CACHE_HOME: where what is worth keeping from one start to the next is kept."""
    return _folder("XDG_CACHE_HOME")


@dataclass(frozen=True)
class MskCluster:
    """Bootstrap servers ("host:port,host:port") by the way of logging in; None where there is no such listener."""

    plain: str | None
    sasl_scram: str | None
    tls: str | None
    #: PEM of the authority to trust; None: those that the machine trusts.
    authority: str | None


def msk_cluster(arn: str) -> MskCluster | None:
    """CAUSEWAY_MSK_CLUSTERS: JSON, MSK cluster ARN or cluster name -> its brokers.

    An object has the members of MSK's GetBootstrapBrokers, and CertificateAuthority (PEM); a text stands for all of them.
    """
    clusters = _mapping("CAUSEWAY_MSK_CLUSTERS")
    # arn:aws:kafka:<region>:<account>:cluster/<name>/<uuid>
    name = arn.split("/")[1] if "/" in arn else arn
    brokers = clusters.get(arn) or clusters.get(name)
    if not brokers:
        return None
    if isinstance(brokers, str):
        return MskCluster(plain=brokers, sasl_scram=brokers, tls=brokers, authority=None)
    return MskCluster(
        plain=brokers.get("BootstrapBrokerString"),
        sasl_scram=brokers.get("BootstrapBrokerStringSaslScram"),
        tls=brokers.get("BootstrapBrokerStringTls"),
        authority=brokers.get("CertificateAuthority"),
    )


def kafka_client_options(bootstrap_servers: str) -> dict[str, object] | None:
    """CAUSEWAY_KAFKA_CLIENT: JSON, bootstrap servers -> librdkafka options in place of SourceAccessConfigurations."""
    return _mapping("CAUSEWAY_KAFKA_CLIENT").get(bootstrap_servers)


def schedule_minute_s() -> float:
    """CAUSEWAY_SCHEDULE_MINUTE_S: how long a minute of a rate(...) lasts, for tests that cannot wait. Default: 60."""
    return float(os.environ.get("CAUSEWAY_SCHEDULE_MINUTE_S") or 60)


def _folder(name: str) -> Path | None:
    value = os.environ.get(name)
    return Path(value).resolve() if value else None


def _mapping(name: str) -> dict:
    text = os.environ.get(name) or "{}"
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{name} is not JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise ValueError(f"{name} must be a JSON object, not {text}")
    return parsed
