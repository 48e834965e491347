"""Executions that a rule starts with an input of its own.

LocalStack names an execution by its event's id, which an input that the rule gives has not: nothing is started then.
"""

import json
from typing import Any

from localstack.services.events.target import StatesTargetSender
from localstack.utils.patch import patch


def start_with_any_input() -> None:
    @patch(StatesTargetSender.send_event, pass_target=False)
    def send_event(self: StatesTargetSender, event: Any, trace_header: Any) -> None:
        self.service = "stepfunctions"
        name = {"name": event["id"]} if isinstance(event, dict) and "id" in event else {}
        self.client.start_execution(stateMachineArn=self.target["Arn"], input=json.dumps(event), **name)
