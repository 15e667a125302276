"""The train loss of every lane over many seeds: a fan of curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.metrics import evaluate_train
from nncore.slices import finished
from nncore.training import Lane
from scenarios.runs.build import replicas
from scenarios.runs.lane_training import LaneTraining, seed_stacks
from scenarios.scenario import Scenario

POINTS = 80


@dataclass(frozen=True, eq=False)
class SeedFan:
    """Train losses with penalties: for each lane's label (seeds, points), NaN once a seed has diverged, at `steps`."""

    steps: Array
    losses: dict[str, Array]


def seed_fan(scenario: Scenario, seeds: int, progress: Callable[[int, int], object]) -> SeedFan:
    """Run the scenario's steps for `seeds` seeds from its own on.

    `progress` is called after bounded work with the steps made and the steps to make, each replica's counted; it may
    raise.
    """
    steps = np.unique(np.linspace(0, scenario.steps, POINTS + 1).round().astype(int))
    parts: dict[str, list[Array]] = {lane.label: [] for lane in scenario.lanes}
    done, total = 0, seeds * len(scenario.lanes) * scenario.steps

    def count(made: int) -> None:
        nonlocal done
        done += made
        progress(done, total)

    for piece in seed_stacks(scenario, range(scenario.seed, scenario.seed + seeds)):
        for lane in replicas(scenario, piece):
            parts[lane.label].append(_losses(lane, steps, count))
    return SeedFan(steps.astype(float), {label: np.concatenate(rows) for label, rows in parts.items()})


def _losses(lane: Lane, steps: np.ndarray, count: Callable[[int], object]) -> Array:
    """The train loss (seeds, points) of a stack after so many steps each."""
    training, losses = LaneTraining(lane), np.full((len(lane.seeds), len(steps)), np.nan)
    counted = 0
    for place, step in enumerate(steps.tolist()):
        while counted < step:
            before, counted = counted, step if training.stopped else min(step, counted + training.slice_length)
            training.advance(counted, lambda: count(0))
            count(len(lane.seeds) * (counted - before))
        state = training.measurement().state
        loss, _ = finished(evaluate_train.slices(lane, state), lambda: count(0))
        losses[:, place] = np.where(state.diverged_at > 0, np.nan, loss)
    return losses
