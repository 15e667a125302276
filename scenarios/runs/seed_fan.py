"""The train loss of every lane over many seeds: a fan of curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.metrics import evaluate_train
from scenarios.runs.build import replicas
from scenarios.runs.lane_run import LaneTraining, cut
from scenarios.scenario import Scenario

POINTS = 80


@dataclass(frozen=True, eq=False)
class Fan:
    """Train losses with penalties: for each lane's label (seeds, points), NaN once a seed has diverged, at `steps`."""

    steps: Array
    losses: dict[str, Array]


def fan(scenario: Scenario, seeds: int, progress: Callable[[int, int], object]) -> Fan:
    """Run the scenario's steps for `seeds` seeds from its own on; `progress` gets the points done and to do."""
    steps = np.unique(np.linspace(0, scenario.steps, POINTS + 1).round().astype(int))
    parts: dict[str, list[Array]] = {lane.label: [] for lane in scenario.lanes}
    pieces = cut(scenario, range(scenario.seed, scenario.seed + seeds))
    done, total = 0, len(pieces) * len(scenario.lanes) * len(steps)
    for piece in pieces:
        for lane in replicas(scenario, piece):
            training, losses = LaneTraining(lane), np.full((len(piece), len(steps)), np.nan)
            for place, step in enumerate(steps):
                training.advance(int(step))
                state = training.measurement().state
                loss, _ = evaluate_train(lane, state)
                losses[:, place] = np.where(state.diverged_at > 0, np.nan, loss)
                done += 1
                progress(done, total)
            parts[lane.label].append(losses)
    return Fan(steps.astype(float), {label: np.concatenate(rows) for label, rows in parts.items()})
