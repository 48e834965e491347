"""Run by test/integration/local/localstack/python.test.ts."""

import unittest
from types import SimpleNamespace

from localstack.aws.api import CommonServiceException

from causeway_localstack import outages


def ask(region: str, *, internal: bool = False) -> None:
    outages._refuse(None, SimpleNamespace(region=region, is_internal_call=internal), None)


class OutagesTest(unittest.TestCase):
    def test_requests_for_a_lost_region_are_refused_until_it_is_back(self) -> None:
        outages._begin(None, "us-east-1")
        with self.assertRaises(CommonServiceException) as refused:
            ask("us-east-1")
        self.assertEqual(refused.exception.status_code, 503)
        ask("us-west-2")
        ask("us-east-1", internal=True)

        outages._end(None, "us-east-1")
        ask("us-east-1")


if __name__ == "__main__":
    unittest.main()
