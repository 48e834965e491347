"""What S3 keeps in files, in the folder of the run: LocalStack has one under /tmp for all that ever ran."""

import tempfile
from pathlib import Path

from localstack.services.s3 import provider


def keep_in_run() -> None:
    provider.DEFAULT_S3_TMP_DIR = str(Path(tempfile.gettempdir()) / "s3")
