"""What the edit form offers and what its answer means; no textual in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from nncore.function import FunctionModel
from nncore.optimizers import OPTIMIZERS
from nncore.schedules import SCHEDULES
from scenarios.errors import ScenarioError, nearest, quoted
from scenarios.file.overrides import toml_value
from scenarios.file.settings import changed, difference, settings_table
from tui.dialogs.field import Field
from tui.session.lane_run import LaneRun
from tui.session.session import Session

Keys = dict[str, Any]
"""The settings that change, as in a scenario file."""


def edit_fields(lane_run: LaneRun, step: int) -> list[Field]:
    """One field for each setting in force at a step; of a function only those that mean something to it."""
    table = settings_table(lane_run.lane.settings_at(step))
    optimizer, schedule = dict(table["optimizer"]), dict(table["schedule"])
    descent = [
        Field("learning rate", _text(optimizer.pop("learning_rate"))),
        Field("optimizer", optimizer.pop("name"), words=tuple(OPTIMIZERS)),
        Field("its constants", _keys(optimizer), "such as momentum = 0.9, nesterov = true"),
        Field("schedule", schedule.pop("name"), words=tuple(SCHEDULES)),
        Field("its keys", _keys(schedule), "such as horizon = 1000"),
    ]
    if isinstance(lane_run.lane.model, FunctionModel):
        return descent
    return [
        *descent,
        Field("batch size", _text(table["batch_size"]), "a number, or full"),
        Field("l1", _text(table["l1"])),
        Field("l2", _text(table["l2"])),
        Field("frozen layers", ", ".join(map(str, table["freeze"])), "none; such as 1, 2"),
    ]


def read_edit(session: Session, numbers: Sequence[int], values: dict[str, str]) -> tuple[Keys, str]:
    """The keys that a filled form changes, and the change in words; raises ValueError for what is not allowed.

    The form is that of the first of these lanes; the change must be allowed in each of them.
    """
    step, lanes = session.cursor.step, [session.lane_runs[number].lane for number in numbers]
    before = settings_table(lanes[0].settings_at(step))
    changes = difference(before, _table(values, before))
    for lane in lanes:
        try:
            changed(lane.settings_at(step), changes, len(lane.model.blocks), session.scenario.steps)
        except ScenarioError as error:
            raise ValueError(f"{_field(error.key)}: {error.message}") from None
    return changes, ", ".join(_words(key, before[key], value) for key, value in changes.items())


_FIELDS = {
    "optimizer.learning_rate": "learning rate",
    "optimizer.name": "optimizer",
    "schedule.name": "schedule",
    "batch_size": "batch size",
    "freeze": "frozen layers",
}
_CONSTANTS = {"optimizer": "its constants", "schedule": "its keys"}


def _field(key: str) -> str:
    """The field of the form in which a key of a scenario file stands, and what in it is meant."""
    table, _, inside = key.partition("[")[0].partition(".")
    named = _FIELDS.get(f"{table}.{inside}" if inside else table)
    return named or (f"{_CONSTANTS[table]}: {inside}" if table in _CONSTANTS and inside else table)


def _table(values: dict[str, str], before: dict[str, Any]) -> dict[str, Any]:
    optimizer = {"name": values["optimizer"], "learning_rate": toml_value(values["learning rate"])}
    optimizer |= _keys_for("optimizer", OPTIMIZERS, values, before)
    schedule = {"name": values["schedule"]}
    schedule |= _keys_for("schedule", SCHEDULES, values, before)
    if schedule["name"] == "constant":
        schedule = {"name": "constant"}
    return {
        "optimizer": optimizer,
        "schedule": schedule,
        **(_table_of_network(values) if "batch size" in values else {}),
    }


def _table_of_network(values: dict[str, str]) -> dict[str, Any]:
    return {
        "batch_size": toml_value(values["batch size"] or "full"),
        "l1": toml_value(values["l1"] or "0.0"),
        "l2": toml_value(values["l2"] or "0.0"),
        "freeze": _layers(values["frozen layers"]),
    }


def _keys_for(which: str, kinds: dict[str, Any], values: dict[str, str], before: dict[str, Any]) -> dict[str, Any]:
    """The keys typed beside a name; those left standing from another one only if they mean something beside it."""
    name, field, old = values[which], _CONSTANTS[which], before[which]
    typed = _read_keys(field, values[field])
    if name not in kinds:
        return typed
    meant = [key.name for key in fields(kinds[name]) if key.name != "learning_rate"]
    for key, value in list(typed.items()):
        if key not in meant:
            if name == old["name"] or old.get(key) != value:
                known = ", ".join(meant) or f"none beside {name}"
                raise ValueError(f"{field}: found {quoted(key)}; allowed: {known}{nearest(key, meant)}")
            del typed[key]
    return typed


def _layers(text: str) -> Any:
    """The numbers of layers in a text."""
    numbers = toml_value(f"[{text}]")
    if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
        raise ValueError(f"frozen layers: found {quoted(text)}; allowed: none, or their numbers, such as 1, 2")
    return numbers


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _keys(table: dict[str, Any]) -> str:
    return ", ".join(f"{key} = {_text(value)}" for key, value in table.items())


def _read_keys(field: str, text: str) -> dict[str, Any]:
    table = toml_value(f"{{ {text} }}")
    if not isinstance(table, dict):
        raise ValueError(f"{field}: found {quoted(text)}; allowed: name = number, with commas between")
    return table


def _words(key: str, before: Any, after: Any) -> str:
    """One change in words: learning_rate 0.003 → 0.0003."""
    if not isinstance(after, dict):
        return f"{key} {before} → {after}"
    if "name" in after:
        return f"{key} {before['name']} → {after['name']}"
    return ", ".join(f"{name} {before.get(name)} → {value}" for name, value in after.items())
