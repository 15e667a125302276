"""The lanes of a run, with their edits and branches, as a scenario file that reproduces them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from scenarios.atomic_write import Content
from scenarios.export.continuation import continued, stop_tables
from scenarios.export.provenance import scenario_hash
from scenarios.export.start_values import scenario_files
from scenarios.export.toml import toml_text
from scenarios.file.loader import parse
from scenarios.quantities.definitions import number
from scenarios.quantities.measure import measure
from tui.session.lane_run import measured_at
from tui.session.snapshot import SavedRun


def scenario_export(run: SavedRun, name: str) -> dict[str, Content]:
    """A scenario file, and those of its starting values where they are many, by what follows the name of all."""
    return scenario_files(scenario_table(run), name)


def export_told(run: SavedRun) -> dict[str, Any]:
    """What tells whether the exported scenario comes to the same numbers: its own hash, the train loss of each lane."""
    exported = parse(toml_text(scenario_table(run)).encode(), run.scenario.file, Path())
    losses = {
        lane_run.lane.id: number("train_loss", float(measure(measured_at(lane_run, run.cursor.step), "train_loss")))
        for lane_run in run.lane_runs
    }
    return {"exported_hash": scenario_hash(exported), "train_loss": losses}


def scenario_table(run: SavedRun) -> dict[str, Any]:
    """Its tables, with what was named among the stops, and what is watched.

    It trains for the scenario's steps, or as far as the run came beyond them.
    """
    steps = max(run.scenario.steps, *(lane_run.timeline.reached for lane_run in run.lane_runs))
    lanes = [lane_run.lane for lane_run in run.lane_runs]
    table = continued(replace(run.scenario, watch=run.watched), run.seed, lanes, steps)
    stops = [*table.get("stops", []), *stop_tables(run.places, lanes)]
    return {**table, "stops": stops} if stops else table
