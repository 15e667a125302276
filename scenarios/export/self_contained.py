"""A scenario as tables that need no other file."""

from __future__ import annotations

from typing import Any

import numpy as np

from nncore.datasets import Names
from scenarios.data import DataSource, Given, Points
from scenarios.file.lanes import NETWORK_KEYS
from scenarios.scenario import FunctionPlan, LanePlan, Scenario


def self_contained(scenario: Scenario) -> dict[str, Any]:
    """The tables of a scenario with nothing left to defaults or other files: they resolve to the same scenario."""
    table = {key: value for key, value in scenario.table.items() if key != "defaults"}
    if scenario.data is not None:
        table["data"] = _embedded(table["data"], scenario.data)
    table["lanes"] = [lane_table(lane, plan) for lane, plan in zip(table["lanes"], scenario.lanes, strict=True)]
    if scenario.quiz:
        table["quiz"] = [
            {**raw, "set": _changes(table, question.variation)} if "set" in raw else raw
            for raw, question in zip(table["quiz"], scenario.quiz, strict=True)
        ]
    return table


def _changes(table: dict[str, Any], variation: Scenario) -> dict[str, Any]:
    """What is other in a variation than in self-contained tables, as the keys of `set`."""
    varied = self_contained(variation)
    changes = {key: value for key, value in varied.items() if key not in ("data", "lanes") and value != table.get(key)}
    if data := _new(table.get("data", {}), varied.get("data", {})):
        changes["data"] = data
    lanes = {
        lane["id"]: _new(lane, other)
        for lane, other in zip(table["lanes"], varied["lanes"], strict=True)
        if other != lane
    }
    return {**changes, **({"lanes": lanes} if lanes else {})}


def _new(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in after.items() if value != before.get(key)}


def lane_table(table: dict[str, Any], plan: LanePlan) -> dict[str, Any]:
    """A lane's table with its file's starting values in it, and without the defaults that mean nothing to it."""
    if isinstance(plan.model, FunctionPlan):
        return {key: value for key, value in table.items() if key not in NETWORK_KEYS}
    if isinstance(table.get("parameters"), str):
        return {**table, "parameters": {name: values.tolist() for name, values in plan.model.parameters.items()}}
    return table


def _embedded(table: dict[str, Any], source: DataSource) -> dict[str, Any]:
    """The `[data]` table with its files' samples in it."""
    table = dict(table)
    if table.pop("csv", None) is not None:
        assert isinstance(source, Given)
        table.pop("decimal", None)
        table |= {"outputs": source.y.shape[-1], "points": _rows((source.x, source.y))} | _names(source.names)
    if table.pop("test_csv", None) is not None:
        assert source.test is not None
        table["test_points"] = _rows(source.test)
    return table


def _names(names: Names) -> dict[str, Any]:
    """The keys that name columns and classes."""
    given = {"inputs": names.inputs, "outputs": names.outputs, "classes": names.classes}
    return {key: list(value) for key, value in given.items() if value}


def _rows(points: Points) -> list[list[float]]:
    rows: list[list[float]] = np.concatenate(points, axis=-1).tolist()
    return rows
