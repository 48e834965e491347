"""Custom resources (`Custom::*`, `AWS::CloudFormation::CustomResource`), which LocalStack community passes over.

The function named by ServiceToken is called with CloudFormation's own request and answers by PUT to ResponseURL.
One difference on purpose: the call is synchronous, so that a function that throws fails the resource at once, with its
error, and not after an hour without an answer.
"""

import json
import threading
from uuid import uuid4

import botocore.config
from localstack.aws.connect import connect_to
from localstack.http import Request, Response
from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)
from localstack.services.edge import ROUTER
from localstack.utils.urls import localstack_host

_PATH = "/_causeway/custom-resources"
_DEFAULT_SERVICE_TIMEOUT_S = 3600
_MAX_FUNCTION_S = 905
# Kept in the resource's model next to the attributes that the function answered with.
_ID, _REQUESTED = "PhysicalResourceId", "CausewayRequestedProperties"

_waiting: dict[str, "_Answer"] = {}


class _Answer:
    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.document: dict = {}


class CustomResourceFailed(Exception):
    """The function threw, answered FAILED, or did not answer."""


class CustomResourceProvider(ResourceProvider[dict]):
    TYPE = "AWS::CloudFormation::CustomResource"
    SCHEMA = {"primaryIdentifier": [f"/properties/{_ID}"]}

    def create(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        return self._answer(request, "Create", request.desired_state)

    def update(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        before = request.previous_state or {}
        requested = _as_text(request.desired_state)
        if requested == before.get(_REQUESTED):
            return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=before)
        event = self._answer(
            request,
            "Update",
            request.desired_state,
            PhysicalResourceId=before.get(_ID),
            OldResourceProperties=before.get(_REQUESTED, {}),
        )
        if event.status == OperationStatus.SUCCESS and event.resource_model[_ID] != before.get(_ID):
            self._delete(request, before)  # a new physical id means a replacement: the old resource goes
        return event

    def delete(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        return self._delete(request, request.desired_state)

    def _delete(self, request: ResourceRequest[dict], model: dict) -> ProgressEvent[dict]:
        return self._answer(request, "Delete", model.get(_REQUESTED, model), PhysicalResourceId=model.get(_ID))

    def _answer(
        self, request: ResourceRequest[dict], request_type: str, properties: dict, **more: object
    ) -> ProgressEvent[dict]:
        requested = _as_text(properties)
        try:
            answered = _call(request, request_type, requested, more)
        except CustomResourceFailed as error:
            return ProgressEvent(status=OperationStatus.FAILED, resource_model={}, message=str(error))
        model = {**answered.get("Data", {}), _ID: answered[_ID], _REQUESTED: requested}
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def _call(request: ResourceRequest[dict], request_type: str, properties: dict, more: dict[str, object]) -> dict:
    request_id, answer = str(uuid4()), _Answer()
    _waiting[request_id] = answer
    try:
        document = {
            "RequestType": request_type,
            "ResponseURL": f"{localstack_host_url()}{_PATH}/{request_id}",
            "StackId": request.stack_id,
            "RequestId": request_id,
            "ResourceType": request.resource_type,
            "LogicalResourceId": request.logical_resource_id,
            "ResourceProperties": properties,
            **{name: value for name, value in more.items() if value is not None},
        }
        _invoke(request, properties["ServiceToken"], document)
        timeout_s = int(properties.get("ServiceTimeout", _DEFAULT_SERVICE_TIMEOUT_S))
        if not answer.arrived.wait(timeout_s):
            raise CustomResourceFailed(f"{request.logical_resource_id}: no answer within {timeout_s} s")
    finally:
        del _waiting[request_id]
    if answer.document.get("Status") != "SUCCESS" or not answer.document.get(_ID):
        reason = answer.document.get("Reason") or f"not an answer: {json.dumps(answer.document)}"
        raise CustomResourceFailed(f"{request.logical_resource_id}: {reason}")
    return answer.document


def _invoke(request: ResourceRequest[dict], service_token: str, document: dict) -> None:
    if ":lambda:" not in service_token:
        raise CustomResourceFailed(f"ServiceToken {service_token} is not a Lambda function")
    client = connect_to(
        aws_access_key_id=request.account_id,
        region_name=request.region_name,
        config=botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=_MAX_FUNCTION_S),
    ).lambda_
    response = client.invoke(FunctionName=service_token, Payload=json.dumps(document).encode())
    if response.get("FunctionError"):
        raise CustomResourceFailed(f"{service_token} failed: {response['Payload'].read().decode()}")


def localstack_host_url() -> str:
    return f"http://127.0.0.1:{localstack_host().port}"


def _as_text(value: object) -> object:
    """CloudFormation hands a custom resource's scalars over as text."""
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)


def _receive(request: Request, request_id: str) -> Response:
    answer = _waiting.get(request_id)
    if answer is None:
        return Response(status=403)
    answer.document = json.loads(request.get_data() or b"{}")
    answer.arrived.set()
    return Response(status=200)


def serve_response_urls() -> None:
    ROUTER.add(f"{_PATH}/<request_id>", endpoint=_receive, methods=["PUT"])


class CustomResourceProviderPlugin(CloudFormationResourceProviderPlugin):
    name = CustomResourceProvider.TYPE

    def __init__(self) -> None:
        self.factory: type[ResourceProvider] | None = None

    def load(self) -> None:
        self.factory = CustomResourceProvider
