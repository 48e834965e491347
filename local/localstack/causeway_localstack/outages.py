"""AWS regions that are lost for those who call: one LocalStack serves all regions, and a test may want one of them away.

PUT /_causeway/outages/<region> begins one, DELETE ends it. Meanwhile every request for that region is refused; what
LocalStack asks of itself is not, so that functions which nobody told go on being called.
"""

from localstack.aws import handlers
from localstack.aws.api import CommonServiceException, RequestContext
from localstack.http import Request, Response
from localstack.services.edge import ROUTER

_PATH = "/_causeway/outages"

_lost: set[str] = set()


def refuse_requests_of_lost_regions() -> None:
    handlers.serve_custom_service_request_handlers.append(_refuse)
    ROUTER.add(f"{_PATH}/<region>", endpoint=_begin, methods=["PUT"])
    ROUTER.add(f"{_PATH}/<region>", endpoint=_end, methods=["DELETE"])


def is_lost(region: str) -> bool:
    return region in _lost


def _refuse(_chain, context: RequestContext, _response) -> None:
    if is_lost(context.region) and not context.is_internal_call:
        raise CommonServiceException("ServiceUnavailable", f"{context.region} is lost", status_code=503)


def _begin(_request: Request, region: str) -> Response:
    _lost.add(region)
    return Response(status=204)


def _end(_request: Request, region: str) -> Response:
    _lost.discard(region)
    return Response(status=204)
