"""Runtimes that Lambda has and LocalStack 4.9 does not know yet."""

from localstack.services.lambda_ import runtimes

NEWER_RUNTIMES = ["nodejs24.x"]


def accept_newer_runtimes() -> None:
    """Lets CreateFunction and UpdateFunctionConfiguration take them; the executor runs any `nodejs` alike."""
    runtimes.ALL_RUNTIMES.extend(name for name in NEWER_RUNTIMES if name not in runtimes.ALL_RUNTIMES)
