"""DynamoDB Local from CAUSEWAY_DYNAMODB_LIB, and the straight way to it.

LocalStack parses each request and each answer of DynamoDB by its service model and copies both several times, which costs
more than DynamoDB Local's own work. What reads and writes items is handed on as it is instead: nothing in it is
LocalStack's business but the account and region, by which DynamoDB Local keeps tables apart.
"""

import re

import urllib3
from localstack.aws import handlers
from localstack.aws.accounts import get_account_id_from_access_key_id
from localstack.aws.api import RequestContext
from localstack.constants import AUTH_CREDENTIAL_REGEX
from localstack.http import Response
from localstack.services.dynamodb import server
from localstack.services.dynamodb.utils import get_ddb_access_key
from localstack.utils.run import ShellCommandThread

from causeway_localstack import outages, settings

_ITEM_OPERATIONS = frozenset(
    f"DynamoDB_20120810.{operation}"
    for operation in (
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "Scan",
        "TransactGetItems",
        "TransactWriteItems",
        "UpdateItem",
    )
)
_CREDENTIAL = re.compile(AUTH_CREDENTIAL_REGEX, re.IGNORECASE)
_FROM_THE_REQUEST = ("Content-Type", "X-Amz-Target", "X-Amz-Date")
#: What belongs to the connection with DynamoDB Local, and not to its answer.
_OF_THE_CONNECTION = frozenset(("connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"))
#: LocalStack answers as many requests at once.
_CONNECTIONS = 64

_servers: list[urllib3.HTTPConnectionPool] = []


def use_local_jars() -> None:
    lib = settings.dynamodb_lib()
    if lib is None:
        return

    def do_start_thread(self: server.DynamodbServer) -> ShellCommandThread:
        command = ["java", f"-Xmx{self.heap_size}", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
        command += [f"-Djava.library.path={lib}", "-cp", f"{lib}/*"]
        command += ["com.amazonaws.services.dynamodbv2.local.main.ServerRunner", "-disableTelemetry"]
        command += ["-port", str(self.port)]
        command += ["-dbPath", self.db_path] if self.db_path else ["-inMemory"]
        thread = ShellCommandThread(
            command, strip_color=True, log_listener=server._log_listener, auto_restart=True, name="dynamodb-local"
        )
        server.TMP_THREADS.append(thread)
        thread.start()
        _servers.append(urllib3.HTTPConnectionPool("127.0.0.1", self.port, maxsize=_CONNECTIONS, retries=False))
        return thread

    server.DynamodbServer.do_start_thread = do_start_thread
    handlers.preprocess_request.append(_hand_on)


def _hand_on(chain, context: RequestContext, response: Response) -> None:
    """Leaves to LocalStack what it does not know: then its ordinary way is gone."""
    request = context.request
    if request.headers.get("X-Amz-Target") not in _ITEM_OPERATIONS or not _servers:
        return
    signed = request.headers.get("Authorization", "")
    credential = _CREDENTIAL.search(signed)
    if credential is None or outages.is_lost(credential["region_name"]):
        return
    answer = _servers[-1].urlopen(
        "POST",
        "/",
        body=request.get_data(),
        headers={
            **{name: request.headers[name] for name in _FROM_THE_REQUEST if name in request.headers},
            "Authorization": signed.replace(credential[0], _own_credential(credential), 1),
        },
    )
    response.status_code = answer.status
    response.data = answer.data
    for name, value in answer.headers.items():
        if name.lower() not in _OF_THE_CONNECTION:
            response.headers[name] = value
    chain.terminate()


def _own_credential(credential: re.Match[str]) -> str:
    """By which DynamoDB Local finds the tables of an account and region, as LocalStack writes it."""
    region = credential["region_name"]
    key = get_ddb_access_key(get_account_id_from_access_key_id(credential["access_key_id"]), region)
    return f"Credential={key}/{credential['date']}/{region}/{credential['service_name']}/"
