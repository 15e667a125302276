"""The lanes of a run, with their edits and branches, as a scenario file that reproduces them."""

from __future__ import annotations

from scenarios.export.continuation import continued
from scenarios.export.toml import toml_text
from tui.session.snapshot import SavedRun


def scenario_toml(run: SavedRun) -> str:
    """The text of a scenario file; it trains for the scenario's steps, or as far as the run came beyond them."""
    steps = max(run.scenario.steps, *(lane_run.timeline.reached for lane_run in run.lane_runs))
    return toml_text(continued(run.scenario, run.seed, [lane_run.lane for lane_run in run.lane_runs], steps))
