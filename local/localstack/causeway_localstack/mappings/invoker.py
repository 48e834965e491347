"""The synchronous invocation of a mapping's function.

It enters LocalStack's Lambda service where the Invoke operation does, and not through its HTTP port: there, every event
of up to 6 MB is signed, sent, parsed and copied several times by the one process at both ends.
"""

from uuid import uuid4

from localstack.aws.api.lambda_ import InvocationType
from localstack.services.lambda_.api_utils import function_locators_from_arn
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.utils.patch import patch

_services: list[LambdaService] = []


def remember_lambda_service() -> None:
    """Call it before the Lambda service loads."""

    @patch(LambdaService.__init__)
    def init(original, self: LambdaService, *args, **kwargs):
        original(self, *args, **kwargs)
        _services.append(self)


class FunctionInvoker:
    def __init__(self, function_arn: str) -> None:
        self._name, self._qualifier, self._account, self._region = function_locators_from_arn(function_arn)

    def invoke(self, payload: bytes) -> InvocationResult:
        """Raises what the Invoke operation answers with when it does not run the function: throttled, not active, gone."""
        return _services[-1].invoke(
            function_name=self._name,
            qualifier=self._qualifier,
            region=self._region,
            account_id=self._account,
            invocation_type=InvocationType.RequestResponse,
            client_context=None,
            request_id=str(uuid4()),
            payload=payload,
        )
