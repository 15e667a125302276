"""A scenario made by changing a copy of another one: what the form offers, and what its answer means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nncore.activations import ACTIVATIONS
from scenarios.errors import ScenarioError, quoted
from scenarios.file.beside import users_file
from scenarios.file.csv_samples import Watch
from scenarios.file.csv_survey import column_names, comma_separated, propose, surveyed
from scenarios.file.data_schema import SOURCES
from scenarios.file.loader import find, load
from scenarios.file.settings import settings_table
from scenarios.file.toml_inline import inline
from scenarios.scenario import NetworkPlan, Scenario
from tui.dialogs.field import Field

_OTHER = "other keys"
QUICK = 2**19
"""Bytes of samples that are read between two keys."""
OWN_FILE = "data.csv"
OWN_DATA = (OWN_FILE, "data.inputs", "data.outputs")


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
        fields += _own_data(scenario)
    fields.append(Field(_OTHER, "", "KEY=VALUE; KEY=VALUE, as in docs/scenario-file.md"))
    return fields


def _data(scenario: Scenario) -> list[tuple[str, str]]:
    """The keys of the data that make most of a difference, as they are."""
    table = scenario.table.get("data", {})
    keys = [*SOURCES, "samples", "noise"]
    return [(key, str(table[key])) for key in keys if key in table and key not in ("points", "csv")]


def _own_data(scenario: Scenario) -> list[Field]:
    """The file of samples and its columns, which may take the place of any data."""
    table = scenario.table.get("data", {})
    names = {key: table[key] for key in ("inputs", "outputs") if isinstance(table.get(key), list)}
    return [
        Field(OWN_FILE, table.get("csv", ""), "your own samples: the path of a CSV file, as ~/data.csv"),
        Field("data.inputs", comma_separated(names.get("inputs", ())), "by default all other columns of numbers"),
        Field("data.outputs", comma_separated(names.get("outputs", ())), "by default its last column"),
    ]


def reads_long(scenario: Scenario, values: dict[str, str]) -> bool:
    """Whether a file of samples is filled in that is too large to be read at each key."""
    try:
        path = users_file(find(scenario.file).parent, values.get(OWN_FILE, ""))
        return path.stat().st_size > QUICK
    except (OSError, ValueError):
        return False


def reworked(
    scenario: Scenario, fields: Sequence[Field], values: dict[str, str], watch: Watch | None = None
) -> Scenario:
    """The scenario with the changes of this form beside earlier ones; raises ValueError, which names the field.

    Raises ScenarioError as a file does for what is wrong in the scenario's own, which may have changed since. watch: is
    told how much of files of samples is read.
    """
    changed = [field.name for field in fields if values[field.name] != field.value]
    own = [name for name in changed if name in OWN_DATA]
    changes = [f"data={inline(_file_table(scenario, values, watch))}"] if own else []
    changes += [f"{name}={values[name]}" for name in changed if name != _OTHER and name not in own]
    others = [part.strip() for part in values[_OTHER].split(";") if part.strip()]
    try:
        overrides = [*scenario.overrides, *changes, *others]
        return load(scenario.file, overrides, own_files=True, watch=watch, learner=scenario.learner)
    except ScenarioError as error:
        change = error.file.removeprefix("--set ")
        if change == error.file:
            raise
        if change in others:
            key = error.key or f"found {quoted(change)}"
            raise ValueError(f"{_OTHER}: {key}{': ' if error.key else '; '}{error.message}") from None
        raise ValueError(f"{error.key or change.partition('=')[0]}: {error.message}") from None


def _file_table(scenario: Scenario, values: dict[str, str], watch: Watch | None) -> dict[str, Any]:
    """The `[data]` table for the file and the columns that are filled in; raises ScenarioError, as a file would."""
    name = values[OWN_FILE]
    if not name:
        raise ScenarioError("", OWN_FILE, "is empty; allowed: the path of a CSV file, or nothing in its columns too")
    losses = {lane.model.loss for lane in scenario.lanes if isinstance(lane.model, NetworkPlan)}
    try:
        found = surveyed(users_file(find(scenario.file).parent, name), name, watch)
        inputs, outputs = (column_names(values[key]) for key in OWN_DATA[1:])
        proposal = propose(found, inputs, outputs, losses.pop() if len(losses) == 1 else "")
    except (OSError, ValueError) as error:
        raise ScenarioError("", OWN_FILE, str(error)) from None
    return proposal.table(name)
