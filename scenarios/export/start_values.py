"""Starting values as files beside a scenario's, where they are too many to stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np

from scenarios.atomic_write import Content
from scenarios.export.toml import toml_text

MOST_IN_TEXT = 10_000
"""More starting values than these stand in files of their own."""


def scenario_files(table: dict[str, Any], name: str) -> dict[str, Content]:
    """A scenario's file and those of its lanes' starting values, by what follows the name that all begin with.

    The values are arrays or lists; where there are few they stand in the text.
    """
    given = [lane["parameters"] for lane in table["lanes"] if isinstance(lane.get("parameters"), dict)]
    if sum(np.size(values) for parameters in given for values in parameters.values()) <= MOST_IN_TEXT:
        return {".toml": toml_text({**table, "lanes": [_in_text(lane) for lane in table["lanes"]]})}
    files: dict[str, Content] = {}
    lanes = []
    for lane in table["lanes"]:
        if isinstance(values := lane.get("parameters"), dict):
            end = "-start.npz" if len(table["lanes"]) == 1 else f"-{lane['id']}-start.npz"
            files[end] = _packed(values)
            lane = {**lane, "parameters": f"{name}{end}"}
        lanes.append(lane)
    return {**files, ".toml": toml_text({**table, "lanes": lanes})}


def _in_text(lane: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(values := lane.get("parameters"), dict):
        return lane
    return {**lane, "parameters": {name: np.asarray(array).tolist() for name, array in values.items()}}


def _packed(values: Mapping[str, Any]) -> bytes:
    file = BytesIO()
    np.savez(file, allow_pickle=False, **{name: np.asarray(array, np.float64) for name, array in values.items()})
    return file.getvalue()
