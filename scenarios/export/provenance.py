"""What a result names so that it can be made again: versions, the scenario's hash, and the changes made to it."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.scenario import Scenario


def provenance(scenario: Scenario) -> dict[str, Any]:
    """`version` of gradstep and `numpy`, the `scenario_hash` and its `overrides` as KEY=VALUE."""
    return {**versions(), "scenario_hash": scenario_hash(scenario), "overrides": list(scenario.overrides)}


def versions() -> dict[str, str]:
    """The versions of gradstep and of NumPy."""
    try:
        own = version("gradstep")
    except PackageNotFoundError:
        own = "not installed"
    return {"version": own, "numpy": np.__version__}


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the scenario's self-contained text, in hexadecimal digits."""
    return hashlib.sha256(toml_text(self_contained(scenario)).encode()).hexdigest()
