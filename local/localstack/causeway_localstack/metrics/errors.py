"""Lambda's own metric of calls that failed."""

from localstack.services.lambda_.invocation.lambda_models import VersionIdentifier

from causeway_localstack.metrics.embedded import Series, Value


def of_call(function: VersionIdentifier, began_at: float, failed: bool) -> tuple[Series, Value]:
    """1 for a call that failed and 0 for another, at the time that it began, seconds since the epoch."""
    dimensions = (("FunctionName", function.function_name),)
    return Series(function.account, function.region, "AWS/Lambda", "Errors", dimensions), Value(began_at, float(failed))
