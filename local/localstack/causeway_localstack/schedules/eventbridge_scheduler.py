"""Schedules of EventBridge Scheduler, whose targets are a Lambda function or a state machine."""

from typing import Any

from localstack.aws.api.scheduler import ValidationException
from localstack.services.lambda_.event_source_mapping.pipe_utils import get_internal_client
from localstack.services.scheduler.provider import SchedulerProvider
from localstack.utils.patch import patch
from moto.scheduler import models

from causeway_localstack.schedules.clock import Clock
from causeway_localstack.schedules.timetable import Schedule

_SERVICES = ("lambda", "states")


def fire_on_time() -> None:
    """Changes LocalStack's classes; call it before the scheduler service loads."""
    clock = Clock(
        lambda: {
            arn: Schedule(schedule.schedule_expression, schedule.schedule_expression_timezone)
            for arn, schedule in _in_force().items()
        },
        _fire,
    )
    SchedulerProvider.on_before_start = lambda self: clock.start()
    SchedulerProvider.on_before_stop = lambda self: clock.stop()

    @patch(models.EventBridgeSchedulerBackend.create_schedule)
    def create_schedule(original, self, **request):
        _check(request)
        return original(self, **request)

    @patch(models.EventBridgeSchedulerBackend.update_schedule)
    def update_schedule(original, self, **request):
        _check(request)
        return original(self, **request)


def _check(request: dict[str, Any]) -> None:
    arn = request["target"]["Arn"]
    if arn.split(":")[2] not in _SERVICES:
        raise ValidationException(f"Target {arn} cannot be reached here: Lambda functions and state machines can.")
    if request.get("start_date") or request.get("end_date"):
        raise ValidationException("StartDate and EndDate cannot be honoured here.")


def _in_force() -> dict[str, models.Schedule]:
    return {
        schedule.arn: schedule
        for account in list(models.scheduler_backends.values())
        for backend in list(account.values())
        for group in list(backend.schedule_groups.values())
        for schedule in list(group.schedules.values())
        if schedule.state == "ENABLED"
    }


def _fire(arn: str) -> None:
    if (schedule := _in_force().get(arn)) is None:
        return
    target = schedule.target
    client, event = get_internal_client(target["Arn"]), target.get("Input") or "{}"
    if target["Arn"].split(":")[2] == "states":
        client.start_execution(stateMachineArn=target["Arn"], input=event)
    else:
        client.invoke(FunctionName=target["Arn"], InvocationType="Event", Payload=event.encode())
