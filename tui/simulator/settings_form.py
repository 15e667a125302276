"""What the edit form offers and what its answer means; no textual in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from nncore.optimizers import OPTIMIZERS
from nncore.schedules import SCHEDULES
from scenarios.file.overrides import toml_value
from scenarios.file.settings import changed, difference, settings_table
from tui.dialogs.field import Field
from tui.session.lane_run import LaneRun
from tui.session.session import Session

Keys = dict[str, Any]
"""The settings that change, as in a scenario file."""


def edit_fields(lane_run: LaneRun, step: int) -> list[Field]:
    """One field for each setting in force at a step."""
    table = settings_table(lane_run.lane.settings_at(step))
    optimizer, schedule = dict(table["optimizer"]), dict(table["schedule"])
    return [
        Field("learning rate", _text(optimizer.pop("learning_rate"))),
        Field("optimizer", optimizer.pop("name"), words=tuple(OPTIMIZERS)),
        Field("its constants", _keys(optimizer), "such as momentum = 0.9, nesterov = true"),
        Field("schedule", schedule.pop("name"), words=tuple(SCHEDULES)),
        Field("its keys", _keys(schedule), "such as horizon = 1000"),
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
        changed(lane.settings_at(step), changes, len(lane.model.blocks), session.scenario.steps)
    return changes, ", ".join(_words(key, before[key], value) for key, value in changes.items())


def _table(values: dict[str, str], before: dict[str, Any]) -> dict[str, Any]:
    optimizer = {"name": values["optimizer"], "learning_rate": toml_value(values["learning rate"])}
    optimizer |= _keys_for(OPTIMIZERS, values["optimizer"], values["its constants"], before["optimizer"])
    schedule = {"name": values["schedule"]}
    schedule |= _keys_for(SCHEDULES, values["schedule"], values["its keys"], before["schedule"])
    if schedule["name"] == "constant":
        schedule = {"name": "constant"}
    return {
        "optimizer": optimizer,
        "schedule": schedule,
        "batch_size": toml_value(values["batch size"] or "full"),
        "l1": toml_value(values["l1"] or "0.0"),
        "l2": toml_value(values["l2"] or "0.0"),
        "freeze": toml_value(f"[{values['frozen layers']}]"),
    }


def _keys_for(kinds: dict[str, Any], name: str, text: str, before: dict[str, Any]) -> dict[str, Any]:
    """The keys typed beside a name; those left standing from another one only if they mean something beside it."""
    typed = _read_keys(text)
    if name == before["name"] or name not in kinds:
        return typed
    meant = {field.name for field in fields(kinds[name])}
    return {key: value for key, value in typed.items() if key in meant or before.get(key) != value}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _keys(table: dict[str, Any]) -> str:
    return ", ".join(f"{key} = {_text(value)}" for key, value in table.items())


def _read_keys(text: str) -> dict[str, Any]:
    table = toml_value(f"{{ {text} }}")
    if not isinstance(table, dict):
        raise ValueError(f"found {text!r}; allowed: key = value, key = value")
    return table


def _words(key: str, before: Any, after: Any) -> str:
    """One change in words: learning_rate 0.003 → 0.0003."""
    if not isinstance(after, dict):
        return f"{key} {before} → {after}"
    if "name" in after:
        return f"{key} {before['name']} → {after['name']}"
    return ", ".join(f"{name} {before.get(name)} → {value}" for name, value in after.items())
