"""Run by test/integration/local/localstack/python.test.ts."""

import unittest
from types import SimpleNamespace

from causeway_localstack import outages
from causeway_localstack.services import dynamodb

SIGNED = "AWS4-HMAC-SHA256 Credential={key}/20261122/{region}/dynamodb/aws4_request, Signature=0"


class Server:
    """In place of DynamoDB Local's connections."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, dict[str, str]]] = []

    def urlopen(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> SimpleNamespace:
        self.asked.append((body, headers))
        return SimpleNamespace(status=400, data=b"{}", headers={"x-amz-crc32": "1", "Content-Length": "2"})


class HandOnTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Server()
        dynamodb._servers.append(self.server)
        self.addCleanup(dynamodb._servers.clear)

    def ask(self, operation: str = "PutItem", region: str = "us-west-2", key: str = "test", signed: bool = True):
        """Whether LocalStack is left out, and the answer."""
        headers = {"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Content-Type": "application/x-amz-json-1.0"}
        if signed:
            headers["Authorization"] = SIGNED.format(key=key, region=region)
        ended: list[bool] = []
        chain = SimpleNamespace(terminate=lambda: ended.append(True))
        response = SimpleNamespace(status_code=None, data=None, headers={})
        dynamodb._hand_on(
            chain, SimpleNamespace(request=SimpleNamespace(headers=headers, get_data=lambda: b"item")), response
        )
        return bool(ended), response

    def test_what_reads_and_writes_items_is_handed_on_as_it_is_and_so_is_its_answer(self) -> None:
        left_out, response = self.ask()

        self.assertTrue(left_out)
        (body, headers) = self.server.asked[0]
        self.assertEqual(body, b"item")
        self.assertEqual(headers["X-Amz-Target"], "DynamoDB_20120810.PutItem")
        self.assertEqual((response.status_code, response.data), (400, b"{}"))
        self.assertEqual(response.headers, {"x-amz-crc32": "1"})

    def test_tables_of_one_name_are_kept_apart_by_account_and_region(self) -> None:
        for key, region in [("test", "us-west-2"), ("test", "us-east-1"), ("111122223333", "us-west-2")]:
            self.ask(region=region, key=key)

        credentials = [headers["Authorization"].split()[1] for _, headers in self.server.asked]
        self.assertEqual(
            credentials,
            [
                "Credential=000000000000uswest2/20261122/us-west-2/dynamodb/aws4_request,",
                "Credential=000000000000useast1/20261122/us-east-1/dynamodb/aws4_request,",
                "Credential=111122223333uswest2/20261122/us-west-2/dynamodb/aws4_request,",
            ],
        )

    def test_tables_themselves_and_what_nobody_signed_are_left_to_localstack(self) -> None:
        self.assertFalse(self.ask(operation="CreateTable")[0])
        self.assertFalse(self.ask(signed=False)[0])
        self.assertEqual(self.server.asked, [])

    def test_what_is_for_a_lost_region_is_left_to_localstack_which_refuses_it(self) -> None:
        outages._begin(None, "us-west-2")
        self.addCleanup(outages._end, None, "us-west-2")

        self.assertFalse(self.ask()[0])
        self.assertTrue(self.ask(region="us-east-1")[0])
        self.assertEqual(len(self.server.asked), 1)


if __name__ == "__main__":
    unittest.main()
