"""Where LocalStack's Lambda API is made to know Kafka mappings."""

import threading
from typing import Any

from localstack.aws.api.lambda_ import ListEventSourceMappingsResponse
from localstack.services.lambda_ import hooks as lambda_hooks
from localstack.services.lambda_.api_utils import function_locators_from_arn
from localstack.services.lambda_.event_source_mapping.esm_worker import EsmStateReason
from localstack.services.lambda_.event_source_mapping.esm_worker_factory import EsmWorkerFactory
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.provider import LambdaProvider
from localstack.utils.collections import PaginatedList
from localstack.utils.patch import patch

from causeway_localstack.mappings import validation
from causeway_localstack.mappings.source import group_config, is_kafka
from causeway_localstack.mappings.worker import KafkaMappingWorker

_DEFAULT_PAGE = 100
_updating = threading.Lock()


@lambda_hooks.set_event_source_config_defaults()
def default_settings(defaults: dict[str, Any], request: dict[str, Any], service: str) -> None:
    if not is_kafka(request):
        return
    defaults["BatchSize"] = 100
    defaults["LastProcessingResult"] = EsmStateReason.NO_RECORDS_PROCESSED
    defaults["StateTransitionReason"] = EsmStateReason.USER_INITIATED
    defaults[group_config(request)] = {"ConsumerGroupId": defaults["UUID"]}


def serve_kafka_mappings() -> None:
    """Changes LocalStack's classes; call it before the Lambda service loads."""

    @patch(EsmWorkerFactory.get_esm_worker)
    def get_esm_worker(original, self: EsmWorkerFactory):
        return KafkaMappingWorker(self.esm_config, self.enabled) if is_kafka(self.esm_config) else original(self)

    @patch(LambdaProvider.validate_event_source_mapping)
    def validate(original, self: LambdaProvider, context, request):
        if is_kafka(request):
            if context.operation.name == "CreateEventSourceMapping":
                existing = lambda_stores[context.account_id][context.region].event_source_mappings
                validation.check_new(request, list(existing.values()))
            else:
                validation.check_update(request)
        return original(self, context, request)

    @patch(LambdaProvider.update_event_source_mapping_v2)
    def update(original, self: LambdaProvider, context, request):
        # Two at the same time would both find the mapping settled, and leave a worker that nobody stops.
        with _updating:
            return original(self, context, request)

    @patch(LambdaProvider.get_event_source_mapping)
    def get(original, self: LambdaProvider, context, uuid, **kwargs):
        # While a mapping is being deleted LocalStack already denies that there is one; Lambda says Deleting.
        stored = lambda_stores[context.account_id][context.region].event_source_mappings.get(uuid)
        if stored and is_kafka(stored) and uuid not in self.esm_workers:
            return stored
        return original(self, context, uuid, **kwargs)

    @patch(LambdaProvider.list_event_source_mappings, pass_target=False)
    def list_mappings(
        self: LambdaProvider, context, event_source_arn=None, function_name=None, marker=None, max_items=None, **kwargs
    ) -> ListEventSourceMappingsResponse:
        # LocalStack's own takes any function whose ARN contains the name.
        found = list(lambda_stores[context.account_id][context.region].event_source_mappings.values())
        if event_source_arn:
            found = [mapping for mapping in found if mapping.get("EventSourceArn") == event_source_arn]
        if function_name:
            wanted = function_locators_from_arn(function_name)[:2]
            found = [m for m in found if function_locators_from_arn(m["FunctionArn"])[:2] == wanted]
        page, token = PaginatedList(found).get_page(lambda m: m["UUID"], marker, max_items or _DEFAULT_PAGE)
        return ListEventSourceMappingsResponse(EventSourceMappings=page, NextMarker=token)
