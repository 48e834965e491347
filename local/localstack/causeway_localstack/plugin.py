"""What LocalStack runs when it starts."""

from localstack.runtime import hooks

from causeway_localstack.cloudformation import custom_resource
from causeway_localstack.functions import runtimes
from causeway_localstack.services import dynamodb, jsonata


@hooks.on_infra_start()
def prepare_services() -> None:
    dynamodb.use_local_jars()
    jsonata.use_local_jars()
    runtimes.accept_newer_runtimes()
    custom_resource.serve_response_urls()
