"""LocalStack's index of all services' operations, kept from one start to the next: the making takes seconds."""

import os
import tempfile
from pathlib import Path

from localstack.aws import spec
from localstack.aws.spec import LazyServiceCatalogIndex, ServiceCatalogIndex
from localstack.utils.patch import patch

from causeway_localstack import settings


def keep() -> None:
    folder = settings.cache_folder()
    if folder is None:
        return

    @patch(spec._get_catalog_filename)
    def absolute_name(original) -> str:
        """Joined to LocalStack's own folder, which is the run's, an absolute path stays what it is."""
        return str(folder / original())

    @patch(spec.save_service_index_cache)
    def save(original, index: LazyServiceCatalogIndex, file_path: str) -> ServiceCatalogIndex:
        """All at once: another LocalStack may be reading it, or this one be stopped."""
        folder.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=folder)
        os.close(handle)
        try:
            catalog = original(index, unfinished)
            os.replace(unfinished, file_path)
        finally:
            Path(unfinished).unlink(missing_ok=True)
        return catalog
