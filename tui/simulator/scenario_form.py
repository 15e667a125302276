"""A scenario made by changing a copy of another one: what the form offers, and what its answer means."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nncore.activations import ACTIVATIONS
from scenarios.errors import ScenarioError, quoted
from scenarios.file.data_schema import SOURCES
from scenarios.file.loader import load
from scenarios.file.settings import settings_table
from scenarios.scenario import NetworkPlan, Scenario
from tui.dialogs.field import Field

_OTHER = "other keys"


def rework_fields(scenario: Scenario, number: int) -> list[Field]:
    """One field for each key that is changed most, of the scenario and of one of its lanes."""
    lane = scenario.lanes[number]
    settings = settings_table(lane.settings)
    fields = [Field("seed", str(scenario.seed)), Field("steps", str(scenario.steps))]
    if isinstance(lane.model, NetworkPlan):
        network = lane.model.network
        fields.append(Field(f"lanes.{lane.id}.hidden", json.dumps(list(network.sizes[1:-1])), "[12, 12]"))
        hidden = network.activations[:-1]
        alike = hidden[0] if len(set(hidden)) == 1 else json.dumps(list(hidden)) if hidden else "relu"
        fields.append(Field(f"lanes.{lane.id}.activation", alike, words=list(ACTIVATIONS)))
    fields += [
        Field(f"lanes.{lane.id}.optimizer.name", settings["optimizer"]["name"]),
        Field(f"lanes.{lane.id}.optimizer.learning_rate", str(settings["optimizer"]["learning_rate"])),
        Field(f"lanes.{lane.id}.batch_size", str(settings["batch_size"])),
    ]
    if scenario.data is not None:
        fields += [Field(f"data.{key}", value) for key, value in _data(scenario)]
    fields.append(Field(_OTHER, "", "KEY=VALUE; KEY=VALUE, as in docs/scenario-file.md"))
    return fields


def _data(scenario: Scenario) -> list[tuple[str, str]]:
    """The keys of the data that make most of a difference, as they are."""
    table = scenario.table.get("data", {})
    keys = [*SOURCES, "samples", "noise"]
    return [(key, str(table[key])) for key in keys if key in table and key != "points"]


def reworked(scenario: Scenario, fields: Sequence[Field], values: dict[str, str]) -> Scenario:
    """The scenario with the changes of this form beside earlier ones; raises ValueError, which names the field.

    Raises ScenarioError as a file does for what is wrong in the scenario's own, which may have changed since.
    """
    changes = [f"{field.name}={values[field.name]}" for field in fields if values[field.name] != field.value]
    changes = [change for change in changes if not change.startswith(f"{_OTHER}=")]
    others = [part.strip() for part in values[_OTHER].split(";") if part.strip()]
    try:
        return load(scenario.file, [*scenario.overrides, *changes, *others], own_files=True)
    except ScenarioError as error:
        change = error.file.removeprefix("--set ")
        if change == error.file:
            raise
        if change in others:
            key = error.key or f"found {quoted(change)}"
            raise ValueError(f"{_OTHER}: {key}{': ' if error.key else '; '}{error.message}") from None
        raise ValueError(f"{error.key or change.partition('=')[0]}: {error.message}") from None

