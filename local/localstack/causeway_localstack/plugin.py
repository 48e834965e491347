"""What LocalStack runs when it starts."""

from localstack.runtime import hooks

from causeway_localstack import memory, outages
from causeway_localstack.cloudformation import custom_resource, event_source_mapping, pace
from causeway_localstack.functions import runtimes
from causeway_localstack.mappings import api, invoker
from causeway_localstack.metrics import alarms
from causeway_localstack.schedules import eventbridge_scheduler, executions, rules
from causeway_localstack.services import catalog, dynamodb, jsonata, s3


@hooks.on_infra_start()
def prepare_services() -> None:
    memory.tell_of_long_collections()
    catalog.keep()
    dynamodb.use_local_jars()
    jsonata.use_local_jars()
    s3.keep_in_run()
    runtimes.accept_newer_runtimes()
    custom_resource.serve_response_urls()
    pace.look_often()
    event_source_mapping.accept_kafka_mappings()
    alarms.look_in_time()
    rules.fire_on_time()
    executions.start_with_any_input()
    eventbridge_scheduler.fire_on_time()
    invoker.remember_lambda_service()
    api.serve_kafka_mappings()
    outages.refuse_requests_of_lost_regions()
