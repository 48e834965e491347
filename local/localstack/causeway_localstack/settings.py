"""Everything that the environment decides. Read when asked, so that a test can set a variable."""

import json
import os
import shutil
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


def msk_clusters() -> dict[str, str]:
    """CAUSEWAY_MSK_CLUSTERS: JSON, MSK cluster ARN or cluster name -> bootstrap servers ("host:port,host:port")."""
    return _mapping("CAUSEWAY_MSK_CLUSTERS")


def kafka_client_options(bootstrap_servers: str) -> dict[str, object]:
    """CAUSEWAY_KAFKA_CLIENT: JSON, bootstrap servers -> librdkafka options, for clusters with SASL or TLS."""
    return _mapping("CAUSEWAY_KAFKA_CLIENT").get(bootstrap_servers, {})


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
