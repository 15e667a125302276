"""A resolved scenario in one form, however its file is written: what `scenario_hash` is the hash of."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from msgspec import UNSET

from scenarios.export.self_contained import self_contained
from scenarios.file.data_schema import SOURCES
from scenarios.file.schema import LaneTable, ScenarioFile
from scenarios.file.settings import settings_table
from scenarios.scenario import FunctionPlan, LanePlan, NetworkPlan, Scenario

_SAMPLES = ("points", "test_points")
_AT = ("claims", "predict", "guide", "quiz")
"""The tables that speak of a step, by default the last."""


def canonical(scenario: Scenario) -> dict[str, Any]:
    """The tables of a scenario with changes made, defaults merged into lanes, names looked up, files read.

    Keys that have their default are left out. Samples and starting values are arrays.
    """
    table = self_contained(scenario)
    told = {key: value for key, value in table.items() if key not in ("data", "lanes")}
    form = _given(msgspec.convert({**told, "lanes": [{}]}, ScenarioFile))
    for key in _AT:
        form |= {key: [{"at": scenario.steps, **inner} for inner in form[key]]} if key in form else {}
    for inner, question in zip(form.get("quiz", []), scenario.quiz, strict=False):
        inner.pop("seed", None)
        inner["set"] = canonical(question.variation)
    if "data" in table:
        form["data"] = _data(table["data"])
    form["lanes"] = [_lane(plan) for plan in scenario.lanes]
    return {**form, "seed": scenario.seed, "steps": scenario.steps}


def _given(value: Any) -> Any:
    """A table of the schema as the keys of it that have not their default."""
    if isinstance(value, msgspec.Struct):
        config = value.__struct_config__
        tag = {config.tag_field: config.tag} if config.tag_field else {}
        fields = msgspec.structs.fields(value)
        return tag | {
            field.encode_name: _given(found)
            for field in fields
            if (found := getattr(value, field.name)) is not UNSET and found != _default(field)
        }
    return [_given(inner) for inner in value] if isinstance(value, list | tuple) else value


def _default(field: msgspec.structs.FieldInfo) -> Any:
    made = field.default_factory
    return field.default if made is msgspec.NODEFAULT else made()


def _data(table: dict[str, Any]) -> dict[str, Any]:
    source = next(key for key in SOURCES if key in table)
    form = _given(msgspec.convert(table, SOURCES[source]))
    return {key: np.array(value) if key in _SAMPLES else value for key, value in form.items()}


def _lane(plan: LanePlan) -> dict[str, Any]:
    own = _function(plan.model) if isinstance(plan.model, FunctionPlan) else _network(plan.model)
    values = own.pop("parameters", {})
    seed = {} if plan.seed is None else {"seed": plan.seed}
    table = {"id": plan.id, "label": plan.label, **seed, **own, **settings_table(plan.settings)}
    edits = [
        {
            "at": edit.at,
            "settings": settings_table(edit.settings) if edit.settings else None,
            "assignments": edit.assignments,
        }
        for edit in plan.edits
    ]
    return {**_given(msgspec.convert(table, LaneTable)), "parameters": values, "edits": edits}


def _network(model: NetworkPlan) -> dict[str, Any]:
    *hidden, output = model.network.activations
    return {
        "hidden": list(model.network.sizes[1:-1]),
        "activation": hidden,
        "output": output,
        "loss": model.loss,
        "reduction": model.reduction,
        "init": {"name": model.init.name, "scale": model.init.scale},
        "parameters": model.parameters,
    }


def _function(model: FunctionPlan) -> dict[str, Any]:
    start = dict(zip(model.names, model.start.tolist(), strict=True))
    return {"function": {"expression": model.value.text, "start": start, "gradient_noise": model.noise}}
