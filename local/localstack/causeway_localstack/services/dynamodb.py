"""DynamoDB Local from CAUSEWAY_DYNAMODB_LIB."""

from localstack.services.dynamodb import server
from localstack.utils.run import ShellCommandThread

from causeway_localstack import settings


def use_local_jars() -> None:
    lib = settings.dynamodb_lib()
    if lib is None:
        return

    def do_start_thread(self: server.DynamodbServer) -> ShellCommandThread:
        command = ["java", f"-Xmx{self.heap_size}", f"-Djava.library.path={lib}", "-cp", f"{lib}/*"]
        command += ["com.amazonaws.services.dynamodbv2.local.main.ServerRunner", "-disableTelemetry"]
        command += ["-port", str(self.port)]
        command += ["-dbPath", self.db_path] if self.db_path else ["-inMemory"]
        thread = ShellCommandThread(
            command, strip_color=True, log_listener=server._log_listener, auto_restart=True, name="dynamodb-local"
        )
        server.TMP_THREADS.append(thread)
        thread.start()
        return thread

    server.DynamodbServer.do_start_thread = do_start_thread
