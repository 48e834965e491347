"""How a mapping's poller reaches its brokers: SourceAccessConfigurations and the secrets that they name."""

import json
from binascii import Error as Base64Error
from binascii import a2b_base64
from typing import Any

from botocore.exceptions import ClientError
from localstack.services.lambda_.event_source_mapping.pipe_utils import get_internal_client

from causeway_localstack import settings
from causeway_localstack.mappings.faults import BAD_CERTIFICATE, AccessFault
from causeway_localstack.mappings.source import (
    CLIENT_CERTIFICATE,
    ROOT_CERTIFICATE,
    SASL_MECHANISMS,
    KafkaSource,
    authentication,
    source_access,
)

_ENCRYPTED_KEY = "-----BEGIN ENCRYPTED PRIVATE KEY-----"
#: Object identifier 1.2.840.113549.1.5.13 as it stands in a key.
_PBES2 = bytes.fromhex("06092a864886f70d01050d")


def client_options(mapping: dict[str, Any], source: KafkaSource) -> dict[str, object]:
    """librdkafka's options beside the bootstrap servers. Reads the secrets each time. Raises AccessFault."""
    given = settings.kafka_client_options(source.servers)
    if given is not None:
        return given
    login, root = authentication(mapping), _root_certificate(mapping)
    options: dict[str, object] = {}
    if login is None:
        if root is not None:
            options["security.protocol"] = "SSL"
    elif login["Type"] == CLIENT_CERTIFICATE:
        secret = _Secret(mapping, login["URI"])
        options |= {
            "security.protocol": "SSL",
            "ssl.certificate.pem": secret.member("certificate"),
            "ssl.key.pem": _usable_key(secret),
        }
        if password := secret.optional("privateKeyPassword"):
            options["ssl.key.password"] = password
    else:
        secret = _Secret(mapping, login["URI"])
        options |= {
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": SASL_MECHANISMS[login["Type"]],
            "sasl.username": secret.member("username"),
            "sasl.password": secret.member("password"),
        }
    if root is not None and "security.protocol" in options:
        options["ssl.ca.pem"] = root
    return options


def _root_certificate(mapping: dict[str, Any]) -> str | None:
    if arn := mapping.get("EventSourceArn"):
        cluster = settings.msk_cluster(arn)
        return cluster.authority if cluster and authentication(mapping) else None
    root = next((access for access in source_access(mapping) if access["Type"] == ROOT_CERTIFICATE), None)
    return _Secret(mapping, root["URI"]).member("certificate") if root else None


def _usable_key(secret: "_Secret") -> str:
    key = secret.member("privateKey")
    # A key that librdkafka reads and Lambda does not is to be found here and not in production.
    if _ENCRYPTED_KEY in key and _PBES2 in _der(key):
        raise AccessFault(BAD_CERTIFICATE, "The key is encrypted by PBES2, which Lambda does not read; PBES1 it does.")
    return key


def _der(pem: str) -> bytes:
    lines = [line for line in pem.strip().splitlines() if not line.startswith("-----")]
    try:
        return a2b_base64("".join(lines))
    except Base64Error:
        return b""


class _Secret:
    """A secret of the function's own region. No fault quotes it."""

    def __init__(self, mapping: dict[str, Any], uri: str) -> None:
        self._uri = uri
        client = get_internal_client(mapping["FunctionArn"], service="secretsmanager")
        try:
            text = client.get_secret_value(SecretId=uri).get("SecretString") or ""
        except ClientError as error:
            raise AccessFault(f"Secret {uri} cannot be read", error.response["Error"]["Message"]) from None
        try:
            self._members = json.loads(text)
        except ValueError:
            self._members = None
        if not isinstance(self._members, dict):
            raise AccessFault(f"Secret {uri} cannot be used", "It must be a JSON object.")

    def member(self, name: str) -> str:
        value = self.optional(name)
        if not value:
            raise AccessFault(f"Secret {self._uri} cannot be used", f"It must have a text as {name}.")
        return value

    def optional(self, name: str) -> str | None:
        value = self._members.get(name)
        return value if isinstance(value, str) else None
