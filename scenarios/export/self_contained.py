"""A scenario as tables that need no other file."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenarios.data import DataSource, Given, Points
from scenarios.file.lanes import NETWORK_KEYS
from scenarios.scenario import Scenario


def self_contained(scenario: Scenario) -> dict[str, Any]:
    """The tables of a scenario with nothing left to defaults or other files: they resolve to the same scenario."""
    table = {key: value for key, value in scenario.table.items() if key != "defaults"}
    if scenario.data is not None:
        table["data"] = _embedded(table["data"], scenario.data)
    return {**table, "lanes": [_lane(lane) for lane in table["lanes"]]}


def _lane(table: dict[str, Any]) -> dict[str, Any]:
    """A lane's table without the defaults that mean nothing to it."""
    unused = NETWORK_KEYS if "function" in table else ()
    return {key: value for key, value in table.items() if key not in unused}


def _embedded(table: dict[str, Any], source: DataSource) -> dict[str, Any]:
    """The `[data]` table with its files' samples in it."""
    table = dict(table)
    if table.pop("csv", None) is not None:
        assert isinstance(source, Given)
        table |= {"outputs": source.y.shape[-1], "points": _rows((source.x, source.y))}
    if table.pop("test_csv", None) is not None:
        assert source.test is not None
        table["test_points"] = _rows(source.test)
    return table


def _rows(points: Points) -> list[list[float]]:
    rows: list[list[float]] = np.concatenate(points, axis=-1).tolist()
    return rows
