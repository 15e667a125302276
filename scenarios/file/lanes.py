"""From the tables of the lanes, defaults merged by `resolve`, to plans: names looked up, keys checked together."""

from __future__ import annotations

import re

from msgspec import UNSET

from nncore.datasets import Data
from nncore.training import Edit
from scenarios.errors import quoted
from scenarios.expressions.expression import RESERVED
from scenarios.file.document import Document
from scenarios.file.models import NAMES, function_plan, is_name, network_plan
from scenarios.file.refusals import Path, unknown_key
from scenarios.file.schema import EditTable, LaneTable
from scenarios.file.settings import EDITABLE, merged, read_settings
from scenarios.scenario import FunctionPlan, LanePlan, NetworkPlan

NETWORK_KEYS = ("hidden", "activation", "output", "loss", "reduction", "init", "parameters")

_ENTRY = re.compile(r"([Wb])(\d+)\[(\d+)(?:, ?(\d+))?\]", re.ASCII)


def read_lanes(document: Document, tables: list[LaneTable], sample: Data | None, steps: int) -> tuple[LanePlan, ...]:
    """The plans of lanes whose tables have the defaults in them; raises ScenarioError.

    sample: data like those of the lanes that are networks. steps: the horizon of schedules that have none.
    """
    lanes: list[LanePlan] = []
    for index, table in enumerate(tables):
        lanes.append(_lane(document, table, ("lanes", index), sample, steps))
        if lanes[-1].id in [lane.id for lane in lanes[:-1]]:
            message = f"found {quoted(lanes[-1].id)} twice; allowed: an id of its own for each lane"
            raise document.error(("lanes", index, "id"), message)
    return tuple(lanes)


def _lane(document: Document, table: LaneTable, path: Path, sample: Data | None, steps: int) -> LanePlan:
    identity = _id(document, table, path)
    model: NetworkPlan | FunctionPlan
    if table.function is not UNSET:
        _refuse_network_keys(document, path)
        model = function_plan(document, table.function, (*path, "function"))
    elif sample is not None:
        model = network_plan(document, table, path, sample)
    else:
        raise document.error(("data",), f"missing; allowed: a table, as {document.key(path)} is a network")
    layers = 1 if isinstance(model, FunctionPlan) else model.network.depth
    return LanePlan(
        id=identity,
        label=" ".join(table.label.split()) or identity,
        seed=None if table.seed is UNSET else table.seed,
        model=model,
        settings=read_settings(document, table, path, layers, steps),
        edits=_edits(document, table.edits, path, model, steps),
    )


def _id(document: Document, table: LaneTable, path: Path) -> str:
    if table.id is UNSET:
        raise document.error((*path, "id"), f"missing; allowed: {NAMES}")
    if not is_name(table.id) or table.id in RESERVED | {"step", "epoch"}:
        raise document.error((*path, "id"), f"found {quoted(table.id)}; allowed: {NAMES}")
    return table.id


def _refuse_network_keys(document: Document, path: Path) -> None:
    own = [key for key in document.at(path) if (path[1], key) not in document.defaulted]
    for key in NETWORK_KEYS:
        if key in own:
            raise document.error((*path, key), 'found beside "function"; allowed: in lanes that are networks')


# edits


def _edits(
    document: Document, tables: list[EditTable], path: Path, model: NetworkPlan | FunctionPlan, steps: int
) -> tuple[Edit, ...]:
    """The edits in the order of their steps, each with the settings in force from it on."""
    raw = document.at(path)
    current = {key: raw[key] for key in EDITABLE if key in raw}
    layers = 1 if isinstance(model, FunctionPlan) else model.network.depth
    edits = []
    for index in sorted(range(len(tables)), key=lambda i: tables[i].at):
        here = (*path, "edits", index, "set")
        changes = {key: value for key, value in tables[index].set.items() if key in EDITABLE}
        current = merged(current, changes)
        settings = read_settings(document, document.convert(current, LaneTable, here), here, layers, steps)
        assignments = tuple(
            (_entry(document, key, (*here, key), model), document.convert(value, float, (*here, key)))
            for key, value in tables[index].set.items()
            if key not in EDITABLE
        )
        edits.append(Edit(tables[index].at, settings, assignments))
    return tuple(edits)


def _entry(document: Document, key: str, path: Path, model: NetworkPlan | FunctionPlan) -> int:
    """The entry of θ that a key such as `W1[2,3]`, `b1[2]` or a variable's name stands for."""
    if isinstance(model, FunctionPlan):
        if key not in model.names:
            raise document.error(path, unknown_key(key, [*EDITABLE, *model.names]))
        return model.names.index(key)
    match = _ENTRY.fullmatch(key)
    if match is None or (match[1] == "W") != (match[4] is not None):
        raise document.error(path, unknown_key(key, [*EDITABLE, "W1[0,0]", "b1[0]"]))
    number, row, column = int(match[2]), int(match[3]), int(match[4] or 0)
    if not 1 <= number <= model.network.depth:
        raise document.error(path, f"found layer {number}; allowed: layers 1 to {model.network.depth}")
    layer = model.network.layers[number - 1]
    if row >= layer.fan_out or column >= layer.fan_in:
        last = f"{layer.fan_out - 1},{layer.fan_in - 1}" if match[1] == "W" else f"{layer.fan_out - 1}"
        first = "0,0" if match[1] == "W" else "0"
        raise document.error(path, f"allowed: {match[1]}{number}[{first}] to {match[1]}{number}[{last}]")
    return layer.index(row, column if match[1] == "W" else None)
