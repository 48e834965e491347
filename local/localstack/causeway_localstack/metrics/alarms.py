"""Alarms, looked at every minute (CAUSEWAY_SCHEDULE_MINUTE_S) by the metrics of the functions' logs.

Their changes go to EventBridge's default bus, as CloudWatch's do, and to the composite alarms that name them.
"""

import json
import logging
import threading
import time
from typing import Any

from localstack.aws.connect import connect_to
from localstack.services.cloudwatch.alarm_scheduler import AlarmScheduler
from localstack.services.cloudwatch.models import LocalStackMetricAlarm, cloudwatch_stores
from localstack.services.cloudwatch.provider_v2 import CloudwatchProvider
from localstack.utils.patch import patch

from causeway_localstack import settings
from causeway_localstack.metrics import evaluation
from causeway_localstack.metrics.embedded import Series
from causeway_localstack.metrics.store import STORE

LOG = logging.getLogger(__name__)
_LOOKS_A_MINUTE = 4


def look_in_time() -> None:
    """Changes LocalStack's classes; call it before the CloudWatch service loads."""
    stopped = threading.Event()

    @patch(AlarmScheduler.schedule_metric_alarm, pass_target=False)
    def schedule(self: AlarmScheduler, alarm_arn: str) -> None:
        """Looked at below."""

    @patch(CloudwatchProvider.on_after_init)
    def start(target, self: CloudwatchProvider) -> None:
        target(self)
        threading.Thread(target=_run, args=(stopped,), daemon=True, name="alarms").start()

    @patch(CloudwatchProvider.on_before_stop)
    def stop(target, self: CloudwatchProvider) -> None:
        stopped.set()
        target(self)

    @patch(CloudwatchProvider._validate_alarm_rule_expression, pass_target=False)
    def validate(self: CloudwatchProvider, alarm_rule: str) -> list[str]:
        """As the CDK writes that any of some alarms is in alarm: in brackets."""
        around = set(alarm_rule.split('"')[::2])
        return [] if around <= {"(ALARM(", ") OR ALARM(", "))", "ALARM(", ")"} else [alarm_rule]

    @patch(CloudwatchProvider._update_state)
    def tell(target, self: CloudwatchProvider, context, alarm, state_value, *args, **kwargs):
        before = alarm.alarm["StateValue"]
        result = target(self, context, alarm, state_value, *args, **kwargs)
        _tell_event_bus(alarm, before)
        return result


def _run(stopped: threading.Event) -> None:
    while not stopped.wait(settings.schedule_minute_s() / _LOOKS_A_MINUTE):
        try:
            alarms = _metric_alarms()
        except RuntimeError:  # a region is used for the first time in this moment: the next look finds it
            continue
        for alarm, account, region in alarms:
            try:
                _look(alarm, account, region)
            except Exception:
                LOG.exception("Could not look at alarm %s", alarm.get("AlarmName"))


def _metric_alarms() -> list[tuple[dict[str, Any], str, str]]:
    """Each with its account and region. Raises RuntimeError when a region comes to them meanwhile."""
    return [
        (alarm.alarm, account, region)
        for account, region, store in cloudwatch_stores.iter_stores()
        for alarm in list(store.alarms.values())
        if isinstance(alarm, LocalStackMetricAlarm)
    ]


def _look(alarm: dict[str, Any], account: str, region: str) -> None:
    if "MetricName" not in alarm or not evaluation.is_comparable(alarm["ComparisonOperator"]):
        return
    rule = evaluation.Rule(
        comparison=alarm["ComparisonOperator"],
        threshold=alarm["Threshold"],
        periods=alarm["EvaluationPeriods"],
        datapoints=alarm.get("DatapointsToAlarm") or alarm["EvaluationPeriods"],
        missing=alarm.get("TreatMissingData") or "missing",
    )
    dimensions = tuple(sorted((each["Name"], each["Value"]) for each in alarm.get("Dimensions") or []))
    series = Series(account, region, alarm["Namespace"], alarm["MetricName"], dimensions)
    name = alarm.get("Statistic") or alarm["ExtendedStatistic"]
    minute_s = settings.schedule_minute_s()
    windows = evaluation.windows(time.time(), minute_s, alarm["Period"] / 60 * minute_s, rule.looks_at)
    values = [evaluation.statistic(STORE.between(series, begin, end), name) for begin, end in windows]
    state = evaluation.state(rule, values, alarm["StateValue"])
    if state != alarm["StateValue"]:
        connect_to(aws_access_key_id=account, region_name=region).cloudwatch.set_alarm_state(
            AlarmName=alarm["AlarmName"],
            StateValue=state,
            StateReason=f"{name} of the last periods: {values}",
            StateReasonData=json.dumps({"version": "1.0", "queryDate": time.strftime("%Y-%m-%dT%H:%M:%S.000+0000")}),
        )


def _tell_event_bus(alarm: Any, before: str) -> None:
    detail = {
        "alarmName": alarm.alarm["AlarmName"],
        "state": {"value": alarm.alarm["StateValue"], "reason": alarm.alarm["StateReason"]},
        "previousState": {"value": before},
        "configuration": {"description": alarm.alarm.get("AlarmDescription", "")},
    }
    event = {
        "Source": "aws.cloudwatch",
        "DetailType": "CloudWatch Alarm State Change",
        "Detail": json.dumps(detail),
        "Resources": [alarm.alarm["AlarmArn"]],
    }
    connect_to(aws_access_key_id=alarm.account_id, region_name=alarm.region).events.put_events(Entries=[event])
