"""AWS::Lambda::EventSourceMapping, where CloudFormation and the Lambda API differ for Kafka."""

from copy import copy
from typing import Any

from botocore.model import Shape
from localstack.services.cloudformation.resource_provider import OperationStatus, ProgressEvent
from localstack.services.lambda_.resource_providers.aws_lambda_eventsourcemapping import (
    LambdaEventSourceMappingProvider,
)
from localstack.utils.patch import patch
from localstack.utils.sync import poll_condition

#: A function may run for 900 s.
_GONE_WITHIN_S = 905
# CloudFormation's spelling -> the API's
_ENDPOINTS = {"KafkaBootstrapServers": "KAFKA_BOOTSTRAP_SERVERS"}


def accept_kafka_mappings() -> None:
    @patch(LambdaEventSourceMappingProvider.create)
    def create(original, self, request):
        properties = request.desired_state
        asked = copy(request)
        asked.desired_state = _known(properties, _input_shape(request, "CreateEventSourceMapping"))
        event = original(self, asked)
        generated = {name: asked.desired_state[name] for name in ("Id", "EventSourceMappingArn")}
        event.resource_model = {**properties, **generated}
        return event

    @patch(LambdaEventSourceMappingProvider.update, pass_target=False)
    def update(self, request):
        before = request.previous_state
        parameters = _known(request.desired_state, _input_shape(request, "UpdateEventSourceMapping"))
        client = request.aws_client_factory.lambda_
        client.update_event_source_mapping(**{**parameters, "UUID": before["Id"]})
        arn = client.get_event_source_mapping(UUID=before["Id"])["EventSourceMappingArn"]
        _update_tags(client, arn, _tags(before), _tags(request.desired_state))
        model = {**request.desired_state, "Id": before["Id"], "EventSourceMappingArn": arn}
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)

    @patch(LambdaEventSourceMappingProvider.delete)
    def delete(original, self, request):
        event = original(self, request)
        # As CloudFormation does: a stack is gone when its mappings no longer poll.
        client, mapping_id = request.aws_client_factory.lambda_, request.desired_state["Id"]
        if not poll_condition(lambda: _gone(client, mapping_id), timeout=_GONE_WITHIN_S, interval=0.1):
            message = f"Event source mapping {mapping_id} was not deleted within {_GONE_WITHIN_S} s"
            return ProgressEvent(status=OperationStatus.FAILED, resource_model={}, message=message)
        return event


def _gone(client, mapping_id: str) -> bool:
    try:
        client.get_event_source_mapping(UUID=mapping_id)
    except client.exceptions.ResourceNotFoundException:
        return True
    return False


def _input_shape(request, operation: str) -> Shape:
    return request.aws_client_factory.lambda_.meta.service_model.operation_model(operation).input_shape


def _known(value: Any, shape: Shape) -> Any:
    """Without what this botocore does not know yet, such as PollerGroupName: it refuses unknown members."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: _known(item, shape.members[name]) for name, item in value.items() if name in shape.members}
    if shape.type_name == "map" and isinstance(value, dict):
        return {_ENDPOINTS.get(name, name): _known(item, shape.value) for name, item in value.items()}
    if shape.type_name == "list" and isinstance(value, list):
        return [_known(item, shape.member) for item in value]
    return value


def _tags(properties: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or []}


def _update_tags(client, arn: str, before: dict[str, str], after: dict[str, str]) -> None:
    if removed := sorted(set(before) - set(after)):
        client.untag_resource(Resource=arn, TagKeys=removed)
    if changed := {name: value for name, value in after.items() if before.get(name) != value}:
        client.tag_resource(Resource=arn, Tags=changed)
