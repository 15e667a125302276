"""A scenario of lanes as they now are: edited on the way, branched off, renamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.training import Edit, Lane, Model, Settings
from scenarios.build import build
from scenarios.expressions import Expression, parse
from scenarios.lanes import NETWORK_KEYS
from scenarios.scenario import Scenario
from scenarios.self_contained import self_contained
from scenarios.settings import settings_table


def continued(scenario: Scenario, seed: int, lanes: Sequence[Lane], steps: int) -> dict[str, Any]:
    """The tables of a scenario whose lanes are these, descended from its own at `seed`, over `steps` steps.

    Claims and predictions stay where all lanes that they speak of are as the scenario has them.
    """
    table = self_contained(scenario)
    origins = dict(zip(build(scenario, seed), table["lanes"], strict=True))
    kept = {lane.id for lane in lanes if any(_same(lane, origin) for origin in origins)}
    if kept == {origin.id for origin in origins} == {lane.id for lane in lanes}:
        kept |= {"any", "all"}
    claims = [
        {**raw, "at": claim.at}
        for raw, claim in zip(table.pop("claims", []), scenario.claims, strict=True)
        if _lanes_of(claim.check) <= kept
    ]
    predictions = [
        {**raw, "at": prediction.at}
        for raw, prediction in zip(table.pop("predict", []), scenario.predictions, strict=True)
        if _lanes_of(prediction.answer) <= kept
    ]
    return {
        **table,
        "seed": seed,
        "steps": steps,
        "lanes": [_lane(lane, origins, seed - scenario.seed) for lane in lanes],
        **({"claims": claims} if claims else {}),
        **({"predict": predictions} if predictions else {}),
    }


def entry_name(model: Model, index: int) -> str:
    """The name of one entry of θ as edits have it: `W1[2,3]`, `b1[2]`, or a function's variable."""
    if isinstance(model, FunctionModel):
        return model.names[index]
    layer = next(layer for layer in model.network.layers if index < layer.stop)
    row, column = divmod(index - layer.start, layer.fan_in)
    if row < layer.fan_out:
        return f"W{layer.number}[{row},{column}]"
    return f"b{layer.number}[{index - layer.biases.start}]"


def _lane(lane: Lane, origins: dict[Lane, dict[str, Any]], shift: int) -> dict[str, Any]:
    origin, table = _origin(lane, origins)
    own = {key: table[key] for key in ("function", *NETWORK_KEYS) if key in table}
    if "seed" in table:
        own["seed"] = table["seed"] + shift
    if not np.array_equal(lane.start, origin.start):
        own |= _exact_start(lane, own)
    return {
        "id": lane.id,
        "label": lane.label,
        **own,
        **settings_table(lane.settings),
        **({"edits": list(_edits(lane))} if lane.edits else {}),
    }


def _origin(lane: Lane, origins: dict[Lane, dict[str, Any]]) -> tuple[Lane, dict[str, Any]]:
    """A lane of the scenario that starts with the same model, seed and values; of other values if there is none."""
    alike = [origin for origin in origins if _same_model(lane.model, origin.model) and lane.seeds == origin.seeds]
    origin = min(alike, key=lambda origin: not np.array_equal(lane.start, origin.start))
    return origin, origins[origin]


def _same(lane: Lane, origin: Lane) -> bool:
    """Whether a lane is one of the scenario's, unchanged."""
    return (
        (lane.id, lane.seeds, lane.settings, lane.edits) == (origin.id, origin.seeds, origin.settings, origin.edits)
        and _same_model(lane.model, origin.model)
        and np.array_equal(lane.start, origin.start)
    )


def _same_model(one: Model, other: Model) -> bool:
    if isinstance(one, NetworkModel) and isinstance(other, NetworkModel):
        return (one.network, one.loss_name, one.reduction) == (other.network, other.loss_name, other.reduction)
    if isinstance(one, FunctionModel) and isinstance(other, FunctionModel):
        return (one.text, one.names, one.noise) == (other.text, other.names, other.noise)
    return False


def _exact_start(lane: Lane, table: dict[str, Any]) -> dict[str, Any]:
    """The keys that give a lane its very starting values."""
    model = lane.model
    if isinstance(model, FunctionModel):
        start = dict(zip(model.names, lane.start.tolist(), strict=True))
        return {"function": {**table["function"], "start": start}}
    parameters: dict[str, Any] = {}
    for layer, (w, b) in zip(model.network.layers, model.network.split(lane.start), strict=True):
        parameters |= {f"W{layer.number}": w.tolist(), f"b{layer.number}": b.tolist()}
    return {"parameters": parameters}


def _edits(lane: Lane) -> Iterator[dict[str, Any]]:
    before = lane.settings
    for edit in lane.edits:
        yield {"at": edit.at, "set": {**_changes(edit, before), **_assigned(lane.model, edit)}}
        before = edit.settings or before


def _changes(edit: Edit, before: Settings) -> dict[str, Any]:
    """The keys of the settings that an edit changes."""
    old, new = settings_table(before), settings_table(edit.settings or before)
    return {key: _changed(old[key], value) for key, value in new.items() if value != old[key]}


def _changed(old: Any, new: Any) -> Any:
    """A new value, of a table that keeps its name only what is new in it."""
    if not isinstance(new, dict) or new["name"] != old["name"]:
        return new
    return {key: value for key, value in new.items() if value != old[key]}


def _assigned(model: Model, edit: Edit) -> dict[str, float]:
    return {entry_name(model, index): value for index, value in edit.assignments}


def _lanes_of(check: Expression) -> set[str]:
    """The lanes that an expression speaks of as it is written, "any" and "all" among them."""
    written = parse(check.text)
    leaves = [leaf for part in (written, *written.first_steps) for leaf in part.quantities]
    return {leaf.lane or "all" for leaf in leaves if leaf.name != "step"}
