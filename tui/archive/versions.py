"""What a run's last bits depend on: versions, the BLAS, the machine."""

from __future__ import annotations

import platform

import numpy as np


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


def own_version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # dear, and not needed to open a lesson

    try:
        return version("gradstep")
    except PackageNotFoundError:  # run from its source folder
        return "uninstalled"
