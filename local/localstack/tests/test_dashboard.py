"""Run by test/integration/local/localstack/python.test.ts."""

import json
import unittest
from types import SimpleNamespace

from localstack.services.cloudformation.resource_provider import OperationStatus

from causeway_localstack.cloudformation.dashboard import DashboardProvider

BODY = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "# us-east->us-west"}}]})


class CloudWatch:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def put_dashboard(self, *, DashboardName: str, DashboardBody: str) -> None:
        self.kept[DashboardName] = DashboardBody

    def delete_dashboards(self, *, DashboardNames: list[str]) -> None:
        for name in DashboardNames:
            del self.kept[name]


def request(cloudwatch: CloudWatch, body: str) -> SimpleNamespace:
    model = {"DashboardName": "causeway", "DashboardBody": body}
    return SimpleNamespace(desired_state=model, aws_client_factory=SimpleNamespace(cloudwatch=cloudwatch))


class DashboardTest(unittest.TestCase):
    def test_is_kept_by_cloudwatch_until_its_stack_is_gone(self) -> None:
        cloudwatch, provider = CloudWatch(), DashboardProvider()

        made = provider.create(request(cloudwatch, BODY))
        self.assertEqual((OperationStatus.SUCCESS, {"causeway": BODY}), (made.status, cloudwatch.kept))
        self.assertEqual("causeway", made.resource_model["DashboardName"])

        changed = json.dumps({"widgets": []})
        provider.update(request(cloudwatch, changed))
        self.assertEqual({"causeway": changed}, cloudwatch.kept)

        provider.delete(request(cloudwatch, changed))
        self.assertEqual({}, cloudwatch.kept)

    def test_what_cloudwatch_would_not_show_fails_the_deployment(self) -> None:
        for body in ["", "no JSON", "[]", "{}", '{"widgets": [{"type": "text"}]}']:
            cloudwatch = CloudWatch()
            event = DashboardProvider().create(request(cloudwatch, body))
            self.assertEqual((OperationStatus.FAILED, {}), (event.status, cloudwatch.kept))
            self.assertIn("causeway: ", event.message)


if __name__ == "__main__":
    unittest.main()
