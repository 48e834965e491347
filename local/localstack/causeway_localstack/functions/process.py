"""One Node child process: an execution environment from its first invocation to a time-out, a crash or its stop."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from causeway_localstack.functions import frames

_BOOTSTRAP = Path(__file__).parent / "bootstrap.mjs"
_INIT_TIMEOUT_S = 20
_LOG_TIMEOUT_S = 2
_END_OF_LOG = "\x1e"
_DONE, _UNUSABLE = b"\x00", b"\x02"


class FunctionFailed(Exception):
    """The handler threw. `payload` is Lambda's error document."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("the function failed")
        self.payload = payload


class NodeProcess:
    """Lives as long as its parent: when LocalStack dies, the channel closes and the child ends itself."""

    def __init__(
        self,
        node: str,
        code: Path,
        environment: dict[str, str],
        memory_mb: int,
        wrote: Callable[[str], None] = lambda line: None,
    ) -> None:
        """`wrote` is told each line of the log when it is written, long before an invocation may end."""
        self._channel, theirs = socket.socketpair()
        self._log: list[str] = []
        self._wrote = wrote
        self._log_ended = threading.Event()
        with theirs:
            self._child = subprocess.Popen(
                [node, f"--max-old-space-size={memory_mb}", str(_BOOTSTRAP)],
                cwd=code,
                env={**environment, "CAUSEWAY_CHANNEL": str(theirs.fileno())},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        threading.Thread(target=self._read_log, daemon=True, name=f"lambda-log-{self._child.pid}").start()
        try:
            frames.receive(self._channel, time.monotonic() + _INIT_TIMEOUT_S)
        except (frames.Closed, frames.DeadlinePassed) as error:
            self.kill()
            raise RuntimeError(f"Node did not start: {self.take_log()}") from error

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def invoke(self, invocation: dict[str, object], payload: bytes, timeout_s: float) -> bytes:
        """Raises `FunctionFailed`, `frames.DeadlinePassed` (after killing the child) or `frames.Closed`."""
        deadline = time.monotonic() + timeout_s
        self._log_ended.clear()
        try:
            frames.send(self._channel, json.dumps(invocation).encode(), payload)
            answer = frames.receive(self._channel, deadline)
        except (frames.Closed, frames.DeadlinePassed):
            self.kill()
            raise
        outcome, document = answer[:1], answer[1:]
        if outcome == _UNUSABLE:  # as in Lambda, an environment that failed to start is not used again
            self._log_ended.wait(_LOG_TIMEOUT_S)
            self.kill()
        if outcome != _DONE:
            raise FunctionFailed(document)
        return document

    def take_log(self) -> str:
        """What was written up to the end of the invocation; the process marks that point in its output."""
        self._log_ended.wait(_LOG_TIMEOUT_S)
        taken = "".join(self._log)
        del self._log[: len(self._log)]
        return taken

    def peek_log(self) -> str:
        return "".join(self._log)

    def kill(self) -> None:
        """Ends the child and whatever it started."""
        try:
            os.killpg(self._child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._child.wait()
        self._channel.close()

    def _read_log(self) -> None:
        for line in self._child.stdout:
            text, mark, _ = line.partition(_END_OF_LOG)
            if text:
                self._log.append(text)
                self._wrote(text)
            if mark:
                self._log_ended.set()
        self._log_ended.set()
