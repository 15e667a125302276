"""A scenario of lanes as they now are: edited on the way, branched off, renamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.operations import operations
from nncore.parameters import parameter_name
from nncore.training import Edit, Lane, Model
from scenarios.export.self_contained import lane_table, self_contained
from scenarios.expressions.expression import Expression, ExpressionError, parse
from scenarios.file.lanes import NETWORK_KEYS
from scenarios.file.settings import difference, settings_table
from scenarios.guide import NamedOperation, Stage
from scenarios.quantities.lane_shape import lane_shape
from scenarios.quantities.lookup import check
from scenarios.runs.build import own_seed, starting_values
from scenarios.scenario import FunctionPlan, LanePlan, NamedPlace, NetworkPlan, Scenario


def continued(scenario: Scenario, seed: int, lanes: Sequence[Lane], steps: int) -> dict[str, Any]:
    """The tables of a scenario whose lanes are these, descended from its own at `seed`, over `steps` steps.

    Claims, predictions and stages stay where all lanes that they measure are as the scenario has them, stages where
    what they name is there, and the quiz where nothing was changed; what is watched stays where these lanes have it.
    All stops stay.
    """
    table = self_contained(scenario)
    unchanged = {lane.id for lane in lanes if any(_same(scenario, seed, lane, plan) for plan in scenario.lanes)}
    whole = unchanged == {plan.id for plan in scenario.lanes} == {lane.id for lane in lanes}
    if whole:
        unchanged |= {"any", "all"}
    told = {
        "claims": [
            {**raw, "at": claim.at}
            for raw, claim in zip(table.pop("claims", []), scenario.claims, strict=True)
            if _lanes_of(claim.check) <= unchanged
        ],
        "predict": [
            {**raw, "at": prediction.at}
            for raw, prediction in zip(table.pop("predict", []), scenario.predictions, strict=True)
            if _lanes_of(prediction.answer) <= unchanged
        ],
        "guide": [
            raw
            for raw, stage in zip(table.pop("guide", []), scenario.guide, strict=True)
            if all(_lanes_of(measured) <= unchanged for measured in stage.expressions)
            and _named_lanes(stage) <= _known_lanes(scenario, lanes)
        ],
        "quiz": [raw for raw in table.pop("quiz", []) if whole],
        "watch": [text for text in scenario.watch if _has_watched(text, lanes)],
    }
    table |= {"stops": stop_tables(scenario.stops, lanes)} if scenario.stops else {}
    table.pop("watch", None)
    kept = {key: tables for key, tables in told.items() if tables}
    return {**table, "seed": seed, "steps": steps, "lanes": lane_tables(scenario, seed, lanes), **kept}


def stop_tables(places: Sequence[NamedPlace], lanes: Sequence[Lane]) -> list[dict[str, Any]]:
    """The tables of named places; of one at an operation that no lane has any more, its step alone."""
    return [
        {
            "at": place.at,
            "name": place.name,
            **({"operation": str(place.operation)} if place.operation and _is_there(place.operation, lanes) else {}),
            **({"note": place.note} if place.note else {}),
        }
        for place in places
    ]


def _is_there(name: NamedOperation, lanes: Sequence[Lane]) -> bool:
    """Whether the lane of a named operation, the first where none is named, has such an operation."""
    lane = next((lane for lane in lanes if name.lane in (None, lane.id)), None)
    return lane is not None and any(name.is_of(operation) for operation in operations(lane.model))


def _has_watched(text: str, lanes: Sequence[Lane]) -> bool:
    """Whether what an expression names is there in lanes."""
    try:
        check(parse(text), {lane.id: lane_shape(lane) for lane in lanes})
    except ExpressionError:
        return False
    return True


def _known_lanes(scenario: Scenario, lanes: Sequence[Lane]) -> set[str | None]:
    """The lanes that have the model which the scenario's of that id has; None stands for the first."""
    plans = {plan.id: plan.model for plan in scenario.lanes}
    there: set[str | None] = {lane.id for lane in lanes if lane.id in plans and _same_model(lane.model, plans[lane.id])}
    return there | ({None} if lanes[0].id == scenario.lanes[0].id else set())


def _named_lanes(stage: Stage) -> set[str | None]:
    """The lanes of which a stage names a thing or an operation; None is the one in front."""
    return {name.lane for name in stage.names if isinstance(name, NamedOperation) or name.of_lane}


def lane_tables(scenario: Scenario, seed: int, lanes: Sequence[Lane]) -> list[dict[str, Any]]:
    """The tables of lanes that descend from a scenario's, for a file whose seed is `seed`."""
    return [_lane(scenario, seed, lane) for lane in lanes]


def descends(scenario: Scenario, lane: Lane) -> bool:
    """Whether a lane may descend from one of a scenario's: whether one has its model."""
    return bool(_alike(scenario, lane))


def _alike(scenario: Scenario, lane: Lane) -> list[int]:
    return [index for index, plan in enumerate(scenario.lanes) if _same_model(lane.model, plan.model)]


def _lane(scenario: Scenario, seed: int, lane: Lane) -> dict[str, Any]:
    alike = _alike(scenario, lane)
    origin = min(alike, key=lambda index: not _same_start(scenario, seed, lane, scenario.lanes[index]))
    plan = scenario.lanes[origin]
    table = lane_table(scenario.table["lanes"][origin], plan)
    keys = ("function",) if isinstance(plan.model, FunctionPlan) else NETWORK_KEYS
    own = {key: table[key] for key in keys if key in table}
    if plan.seed is not None:
        own["seed"] = own_seed(scenario, plan, seed)
    if not _same_start(scenario, seed, lane, plan):
        own |= _exact_start(lane, own)
    return {
        "id": lane.id,
        "label": lane.label,
        **own,
        **settings_table(lane.settings),
        **({"edits": list(_edits(lane))} if lane.edits else {}),
    }


def _same(scenario: Scenario, seed: int, lane: Lane, plan: LanePlan) -> bool:
    """Whether a lane is that of a plan, unchanged."""
    return (
        (lane.id, lane.settings, lane.edits) == (plan.id, plan.settings, plan.edits)
        and _same_model(lane.model, plan.model)
        and _same_start(scenario, seed, lane, plan)
    )


def _same_model(model: Model, plan: NetworkPlan | FunctionPlan) -> bool:
    if isinstance(model, NetworkModel) and isinstance(plan, NetworkPlan):
        return (model.network, model.loss_name, model.reduction) == (plan.network, plan.loss, plan.reduction)
    if isinstance(model, FunctionModel) and isinstance(plan, FunctionPlan):
        return (model.names, model.text, model.noise) == (plan.names, plan.value.text, plan.noise)
    return False


def _same_start(scenario: Scenario, seed: int, lane: Lane, plan: LanePlan) -> bool:
    """Whether a lane starts with a plan's values, and its noise is that of the plan's seed."""
    own = own_seed(scenario, plan, seed)
    noise = isinstance(plan.model, NetworkPlan) or lane.seeds == (own,)
    return noise and np.array_equal(lane.start, starting_values(plan.model, own))


def _exact_start(lane: Lane, table: dict[str, Any]) -> dict[str, Any]:
    """The keys that give a lane its very starting values."""
    start = {name: values.tolist() for name, values in lane.model.parts(lane.start)}
    return {"function": {**table["function"], "start": start}} if "function" in table else {"parameters": start}


def _edits(lane: Lane) -> Iterator[dict[str, Any]]:
    before = lane.settings
    for edit in lane.edits:
        after = edit.settings or before
        new = difference(settings_table(before), settings_table(after))
        yield {"at": edit.at, "set": {**new, **_assigned(lane.model, edit)}}
        before = after


def _assigned(model: Model, edit: Edit) -> dict[str, float]:
    return {parameter_name(model, index): value for index, value in edit.assignments}


def _lanes_of(check: Expression) -> set[str]:
    """The lanes that an expression speaks of as it is written, "any" and "all" among them."""
    written = parse(check.text)
    leaves = [leaf for part in (written, *written.first_steps) for leaf in part.quantities]
    return {leaf.lane or "all" for leaf in leaves if leaf.name != "step"}
