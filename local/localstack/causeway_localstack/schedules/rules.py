"""EventBridge rules with a ScheduleExpression, and their changes by CloudFormation."""

import json
from typing import Any

from localstack.aws.api.events import RuleState
from localstack.services.cloudformation.resource_provider import OperationStatus, ProgressEvent
from localstack.services.events.models import Rule, events_stores
from localstack.services.events.provider import EventsProvider
from localstack.services.events.resource_providers.aws_events_rule import EventsRuleProvider, extract_rule_name
from localstack.utils.patch import patch

from causeway_localstack.schedules.clock import Clock
from causeway_localstack.schedules.timetable import Schedule


def fire_on_time() -> None:
    """Changes LocalStack's classes; call it before the events service loads."""
    clocks: list[Clock[str]] = []

    @patch(EventsProvider.on_before_start, pass_target=False)
    def start(self: EventsProvider) -> None:
        clock = Clock(
            lambda: {arn: Schedule(rule.schedule_expression) for arn, rule in _in_force().items()},
            lambda arn: _fire(self, arn),
        )
        clocks.append(clock)
        clock.start()

    @patch(EventsProvider.on_before_stop, pass_target=False)
    def stop(self: EventsProvider) -> None:
        clocks.pop().stop()

    @patch(EventsRuleProvider.update, pass_target=False)
    def update(self: EventsRuleProvider, request) -> ProgressEvent:
        return _update(request)


def _text(pattern: Any) -> str:
    return pattern if isinstance(pattern, str) else json.dumps(pattern)


def _in_force() -> dict[str, Rule]:
    return {
        rule.arn: rule
        for _account, _region, store in events_stores.iter_stores()
        for bus in list(store.event_buses.values())
        for rule in list(bus.rules.values())
        if rule.schedule_expression and rule.state != RuleState.DISABLED
    }


def _fire(provider: EventsProvider, arn: str) -> None:
    if rule := _in_force().get(arn):
        provider._get_scheduled_rule_job_function(rule.account_id, rule.region, rule)()


def _update(request) -> ProgressEvent:
    """LocalStack's own leaves the rule as it was."""
    before, model, events = request.previous_state, dict(request.desired_state), request.aws_client_factory.events
    model |= {name: before[name] for name in ("Id", "Arn", "Name") if name in before and name not in model}
    name = extract_rule_name(before["Id"])
    bus = {"EventBusName": model["EventBusName"]} if "EventBusName" in model else {}
    wanted: list[dict[str, Any]] = model.get("Targets") or []
    pattern = {"EventPattern": _text(model["EventPattern"])} if "EventPattern" in model else {}
    kept = {part: model[part] for part in ("ScheduleExpression", "State", "Description") if part in model}
    events.put_rule(Name=name, **bus, **pattern, **kept)
    gone = {target["Id"] for target in before.get("Targets") or []} - {target["Id"] for target in wanted}
    if gone:
        events.remove_targets(Rule=name, Ids=sorted(gone), **bus)
    if wanted:
        events.put_targets(Rule=name, Targets=wanted, **bus)
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
