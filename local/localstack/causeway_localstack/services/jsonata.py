"""JSONata for Step Functions, from CAUSEWAY_JSONATA_LIB and the machine's own Java."""

import os
import shutil
from pathlib import Path

from localstack.services.stepfunctions.packages import JSONataPackageInstaller

from causeway_localstack import settings


def use_local_jars() -> None:
    lib = settings.jsonata_lib()
    if lib is None:
        return
    java = jvm()
    JSONataPackageInstaller.install = lambda self, target=None: None
    JSONataPackageInstaller.get_installed_dir = lambda self: str(lib)
    JSONataPackageInstaller.get_java_lib_path = lambda self: str(java)


def jvm() -> Path:
    """The shared library of the Java that `java` on PATH (or JAVA_HOME) belongs to."""
    binary = shutil.which("java")
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    homes += [Path(binary).resolve().parents[1]] if binary else []
    for home in homes:
        for found in [home / "lib/server/libjvm.so", home / "lib/server/libjvm.dylib", *home.glob("jre/lib/*/server/libjvm.so")]:
            if found.exists():
                return found
    raise FileNotFoundError("No Java found for JSONata: put `java` on PATH or set JAVA_HOME.")
