"""LocalStack's runtime executor for machines without a container engine."""

import json
import os
import tempfile
import time
from pathlib import Path

from localstack import config
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult, S3Code
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from causeway_localstack import memory, settings
from causeway_localstack.functions import frames
from causeway_localstack.functions.process import FunctionFailed, NodeProcess
from causeway_localstack.metrics import embedded, errors
from causeway_localstack.metrics.store import STORE


class NodeExecutor(RuntimeExecutor):
    """One execution environment. LocalStack starts one for each invocation that finds none idle, as Lambda does.

    A child that timed out or crashed is gone; the next invocation starts another one in its place.
    """

    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id=id, function_version=function_version)
        self._environment: dict[str, str] = {}
        self._process: NodeProcess | None = None

    def start(self, env_vars: dict[str, str]) -> None:
        runtime = self.function_version.config.runtime or "a container image"
        if not runtime.startswith("nodejs"):
            raise NotImplementedError(f"Only Node functions can run here, not {runtime}.")
        self._environment = {
            # The machine's own variables stay outside, as they do in Lambda.
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            # In place of /tmp, which belongs to the whole machine here.
            "HOME": tempfile.gettempdir(),
            "TMPDIR": tempfile.gettempdir(),
            "LANG": "en_US.UTF-8",
            **{name: str(value) for name, value in env_vars.items()},
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
            "LAMBDA_TASK_ROOT": str(self._code),
        }
        self._process = self._spawn()
        memory.set_aside_what_is_loaded()

    def stop(self) -> None:
        if self._process:
            self._process.kill()

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        request_id, timeout_s = payload["invoke-id"], self.function_version.config.timeout
        if self._process is None or not self._process.alive:
            self._process = self._spawn()
        invocation = {
            "requestId": request_id,
            "functionArn": payload["invoked-function-arn"],
            "traceId": payload["trace-id"],
            "deadlineMs": int((time.time() + timeout_s) * 1000),
        }
        began_at, started, failed = time.time(), time.monotonic(), True
        try:
            answer = self._process.invoke(invocation, payload["payload"].encode(), timeout_s)
            failed = False
        except FunctionFailed as error:
            answer = error.payload
        except frames.DeadlinePassed:
            answer = _error(request_id, "Sandbox.Timedout", f"Task timed out after {timeout_s:.2f} seconds")
        except frames.Closed:
            answer = _error(request_id, "Runtime.ExitError", "Runtime exited without providing a reason")
        duration_ms = (time.monotonic() - started) * 1000
        STORE.add(*errors.of_call(self.function_version.id, began_at, failed))
        log = (
            f"START RequestId: {request_id} Version: {self.function_version.id.qualifier}\n"
            f"{self._process.take_log()}END RequestId: {request_id}\n"
            f"REPORT RequestId: {request_id}\tDuration: {duration_ms:.2f} ms\n"
        )
        return InvocationResult(request_id=request_id, payload=answer, is_error=failed, logs=log)

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}/_localstack_lambda/{self.id}"

    def get_logs(self) -> str:
        return self._process.peek_log() if self._process else ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        code = function_version.config.code
        if not code:
            return
        code.prepare_for_execution()
        if isinstance(code, S3Code):
            # In Lambda nothing is above a function's code. Here Node would go on to a project's package.json, and take
            # .js files for ES modules because that project does.
            (Path(code.get_unzipped_code_location()).parent / "package.json").write_text("{}")

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        pass

    @property
    def _code(self) -> Path:
        return Path(self.function_version.config.code.get_unzipped_code_location())

    def _spawn(self) -> NodeProcess:
        return NodeProcess(
            settings.node_binary(),
            self._code,
            self._environment,
            self.function_version.config.memory_size,
            self._keep_metrics,
        )

    def _keep_metrics(self, line: str) -> None:
        function = self.function_version.id
        for series, value in embedded.read(line, function.account, function.region):
            STORE.add(series, value)


def _error(request_id: str, kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": f"RequestId: {request_id} Error: {message}"}).encode()


class NodeExecutorPlugin(RuntimeExecutorPlugin):
    """Chosen by LAMBDA_RUNTIME_EXECUTOR=causeway."""

    name = "causeway"

    def load(self, *args, **kwargs) -> type[NodeExecutor]:
        return NodeExecutor
