"""For every test: one BLAS thread, so that runs repeat bit for bit, folders of their own, and few examples."""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

_home = tempfile.TemporaryDirectory(prefix="gradstep-tests-")
atexit.register(_home.cleanup)
os.environ["HOME"] = _home.name
for _folder in ("CONFIG", "DATA", "STATE", "CACHE"):
    os.environ[f"XDG_{_folder}_HOME"] = str(Path(_home.name, _folder.lower()))

from hypothesis import HealthCheck, settings  # noqa: E402

settings.register_profile(
    "quick", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("quick")
