"""AWS::CloudWatch::Dashboard, which LocalStack's CloudFormation passes over though its CloudWatch keeps dashboards."""

import json

from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)


class DashboardProvider(ResourceProvider[dict]):
    TYPE = "AWS::CloudWatch::Dashboard"
    SCHEMA = {"primaryIdentifier": ["/properties/DashboardName"]}

    def create(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        return self._put(request)

    def update(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        return self._put(request)

    def delete(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        model = request.desired_state
        request.aws_client_factory.cloudwatch.delete_dashboards(DashboardNames=[model["DashboardName"]])
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)

    def _put(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        model = request.desired_state
        name, body = model["DashboardName"], model["DashboardBody"]
        if fault := _fault_of(body):
            return ProgressEvent(status=OperationStatus.FAILED, resource_model={}, message=f"{name}: {fault}")
        request.aws_client_factory.cloudwatch.put_dashboard(DashboardName=name, DashboardBody=body)
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def _fault_of(body: str) -> str | None:
    """CloudWatch refuses what it cannot show; LocalStack takes any text."""
    try:
        widgets = json.loads(body)["widgets"]
    except (ValueError, KeyError, TypeError) as error:
        return f"the body is no dashboard: {error!r}"
    lacking = [index for index, widget in enumerate(widgets) if not {"type", "properties"} <= set(widget)]
    return f"widgets {lacking} have no type or no properties" if lacking else None


class DashboardProviderPlugin(CloudFormationResourceProviderPlugin):
    name = DashboardProvider.TYPE

    def __init__(self) -> None:
        self.factory: type[ResourceProvider] | None = None

    def load(self) -> None:
        self.factory = DashboardProvider
