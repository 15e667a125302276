"""What a result names so that it can be made again: versions, the scenario's hash, and the changes made to it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np

from nncore.arrays import Array
from scenarios.export.canonical import canonical
from scenarios.export.version import own_version
from scenarios.scenario import Scenario


def provenance(scenario: Scenario) -> dict[str, Any]:
    """`version` of gradstep and `numpy`, the `scenario_hash` and its `overrides` as KEY=VALUE."""
    return {**versions(), "scenario_hash": scenario_hash(scenario), "overrides": list(scenario.overrides)}


def versions() -> dict[str, str]:
    """The versions of gradstep and of NumPy."""
    return {"version": own_version(), "numpy": np.__version__}


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the canonical form as JSON, in hexadecimal digits; arrays stand in it as hashes of their own."""
    form = canonical(scenario)
    text = json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_array_hash)
    return hashlib.sha256(text.encode()).hexdigest()


def _array_hash(array: Array) -> dict[str, Any]:
    """An array as its shape and the SHA-256 of its float64 numbers, little-endian, row by row."""
    content = np.ascontiguousarray(array, "<f8").tobytes()
    return {"shape": array.shape, "sha256": hashlib.sha256(content).hexdigest()}
