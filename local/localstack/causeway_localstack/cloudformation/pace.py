"""How often CloudFormation looks whether a resource is there.

LocalStack looks at once and then each 5 s, though most of what it makes is there within a tenth of a second: a stack
with six functions stands half a minute longer in the making than it must.
"""

from localstack.services.cloudformation.resource_provider import ProgressEvent, ResourceProviderExecutor
from localstack.utils.patch import patch

_LOOK_EACH_S = 0.25


def look_often() -> None:
    @patch(ResourceProviderExecutor.deploy_loop)
    def deploy_loop(original, self, *args, **kwargs) -> ProgressEvent:
        return original(self, *args, **{"sleep_time": _LOOK_EACH_S, **kwargs})
