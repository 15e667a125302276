"""What a run's last bits depend on: versions, the BLAS, the machine."""

from __future__ import annotations

import platform

import numpy as np

from scenarios.export.version import own_version


def versions() -> dict[str, str]:
    """The versions of this program and of what computes its numbers."""
    blas = np.show_config(mode="dicts").get("Build Dependencies", {}).get("blas", {})
    return {
        "gradstep": own_version(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
