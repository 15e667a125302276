"""Prints every budget with what was measured, peers beside it where they are installed."""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from tests.bench import screen, steps, sweeps, watch  # noqa: E402

steps.run()
screen.run()
sweeps.run()
watch.run()
