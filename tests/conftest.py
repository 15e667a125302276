"""For every test: one BLAS thread, so that runs repeat bit for bit, folders of their own, few examples, ever the same.

`--hypothesis-profile search` looks at many others, drawn anew in each run.
"""

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

_slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("search", deadline=None, max_examples=500, suppress_health_check=_slow)
settings.register_profile("quick", settings.get_profile("search"), max_examples=25, derandomize=True)
settings.load_profile("quick")
