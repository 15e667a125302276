"""A lane's training settings as the keys of its table, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path as FilePath
from typing import Any

from msgspec import to_builtins

from nncore.optimizers import OPTIMIZERS, Optimizer, Sgd
from nncore.schedules import SCHEDULES, Schedule
from nncore.training import Settings
from scenarios.file.document import Document, refuse_impossible
from scenarios.file.refusals import Path, unknown_key
from scenarios.file.schema import LaneTable

EDITABLE = ("optimizer", "schedule", "batch_size", "l1", "l2", "freeze")
"""The keys of a lane that may change on the way."""

_HORIZONS = ("cosine", "linear_to_zero")


def read_settings(document: Document, table: LaneTable, path: Path, layers: int, steps: int) -> Settings:
    """The settings in a lane's table; `steps` is the horizon of schedules without one. Raises ScenarioError."""
    for place, number in enumerate(table.freeze):
        if not 1 <= number <= layers:
            message = f"found {number}; allowed: layers 1 to {layers}"
            raise document.error((*path, "freeze", place), message)
    optimizer = _optimizer(table)
    if isinstance(optimizer, Sgd) and optimizer.nesterov and not optimizer.momentum:
        message = "found true beside momentum 0; allowed: with a momentum above 0"
        raise document.error((*path, "optimizer", "nesterov"), message)
    return Settings(
        optimizer=optimizer,
        schedule=_schedule(table, steps),
        batch_size=0 if table.batch_size == "full" else table.batch_size,
        l1=table.l1,
        l2=table.l2,
        frozen=frozenset(table.freeze),
    )


def settings_table(settings: Settings) -> dict[str, Any]:
    """The keys of a lane's table that give these settings."""
    return {
        "optimizer": _named(settings.optimizer, OPTIMIZERS),
        "schedule": _named(settings.schedule, SCHEDULES),
        "batch_size": settings.batch_size or "full",
        "l1": settings.l1,
        "l2": settings.l2,
        "freeze": sorted(settings.frozen),
    }


def merged(table: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A table of settings with changes; inner tables change key by key, unless `name` makes them others."""
    result = dict(table)
    for key, value in changes.items():
        current = table.get(key)
        if isinstance(value, dict) and key in ("optimizer", "schedule"):
            if not isinstance(current, dict):
                current = {"name": "sgd" if key == "optimizer" else "constant"}
            same = value.get("name", current.get("name")) == current.get("name")
            value = {**current, **value} if same else value
        result[key] = value
    return result


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What is new in a table of settings; of an inner table that keeps its name only what is new in it."""
    new = {key: _new(before[key], value) for key, value in after.items()}
    return {key: value for key, value in new.items() if value not in (before[key], {})}


def _new(before: Any, after: Any) -> Any:
    if not isinstance(after, dict) or after["name"] != before["name"]:
        return after
    return {key: value for key, value in after.items() if value != before.get(key)}


def changed(settings: Settings, changes: dict[str, Any], layers: int, steps: int) -> Settings:
    """Settings with the given keys changed, checked as in a file; raises ScenarioError."""
    document = Document("", FilePath(), changes)
    refuse_impossible(document)
    for key in changes:
        if key not in EDITABLE:
            raise document.error((key,), unknown_key(key, EDITABLE))
    table = document.convert(merged(settings_table(settings), changes), LaneTable, ())
    return read_settings(document, table, (), layers, steps)


def _named(value: Any, kinds: dict[str, Any]) -> dict[str, Any]:
    name = next(name for name, kind in kinds.items() if kind is type(value))
    return {"name": name, **{key: list(v) if isinstance(v, tuple) else v for key, v in asdict(value).items()}}


def _optimizer(table: LaneTable) -> Optimizer:
    keys = to_builtins(table.optimizer)
    kind: Any = OPTIMIZERS[keys.pop("name")]
    made: Optimizer = kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in keys.items()})
    return made


def _schedule(table: LaneTable, steps: int) -> Schedule:
    keys = to_builtins(table.schedule)
    name = keys.pop("name")
    if name in _HORIZONS:
        keys.setdefault("horizon", steps)
    return SCHEDULES[name](**keys)
