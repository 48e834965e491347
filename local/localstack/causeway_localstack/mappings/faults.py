"""What keeps a poller from reading, in the words in which Lambda shows it as LastProcessingResult.

The words are those of "Troubleshooting Kafka event source mapping errors" in Lambda's documentation; what follows them is
the client's own report. Lambda documents no words for a secret that is missing or has another form.
"""

from confluent_kafka import KafkaError

_SASL = "SASL authentication failed"
_SERVER_REFUSED = "Server failed to authenticate Lambda"
_SERVER_UNTRUSTED = "Lambda failed to authenticate server"
_NOT_AUTHORIZED = "Cluster failed to authorize Lambda"
BAD_CERTIFICATE = "Provided certificate or private key is invalid"

_AUTHORIZATION_CODES = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
}
#: TLS alerts (RFC 8446, section 6.2) by which a server refuses a client's certificate, as OpenSSL spells them.
_REFUSING_ALERTS = ("alert bad certificate", "alert certificate", "alert unknown ca", "certificate required")


class AccessFault(Exception):
    """The mapping has to be given other access, or its user other rights: the secret is read again, then tried again."""

    def __init__(self, words: str, detail: str) -> None:
        super().__init__(f"{words}. {detail}")


def access_fault(error: KafkaError) -> AccessFault | None:
    """None for what is no question of access."""
    detail = error.str()
    if error.code() == KafkaError._AUTHENTICATION:
        return AccessFault(_SASL, detail)
    if error.code() in _AUTHORIZATION_CODES:
        return AccessFault(_NOT_AUTHORIZED, detail)
    if "certificate verify failed" in detail:
        return AccessFault(_SERVER_UNTRUSTED, detail)
    if any(alert in detail for alert in _REFUSING_ALERTS):
        return AccessFault(_SERVER_REFUSED, detail)
    if error.code() == KafkaError._INVALID_ARG and ".pem" in detail:
        return AccessFault(BAD_CERTIFICATE, detail)
    return None
