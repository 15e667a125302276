"""The loss of every lane over many seeds: a fan of curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.metrics import evaluate_test, evaluate_train
from nncore.slices import InSlices, finished
from nncore.training import Lane, State
from scenarios.runs.build import replicas
from scenarios.runs.lane_training import LaneTraining, seed_stacks
from scenarios.scenario import Scenario

POINTS = 80
Evaluated = InSlices[[Lane, State], tuple[Array, Array]]


@dataclass(frozen=True, eq=False)
class SeedFan:
    """Train losses with penalties, or test losses: for each lane's label (seeds, points), at `steps`.

    NaN once a seed has diverged.
    """

    steps: Array
    losses: dict[str, Array]


def is_about_test(scenario: Scenario) -> bool:
    """Whether what the lesson says is more of test losses than of train losses, so that those are worth a fan."""
    checks = " ".join(claim.check.text for claim in scenario.verified)
    return checks.count("test_loss") > checks.count("train_loss")


def seed_fan(scenario: Scenario, seeds: int, progress: Callable[[int, int], object]) -> SeedFan:
    """Run the scenario's steps for `seeds` seeds from its own on.

    `progress` is called after bounded work with the steps made and the steps to make, each replica's counted; it may
    raise.
    """
    steps = np.unique(np.linspace(0, scenario.steps, POINTS + 1).round().astype(int))
    parts: dict[str, list[Array]] = {lane.label: [] for lane in scenario.lanes}
    evaluated = evaluate_test if is_about_test(scenario) else evaluate_train
    done, total = 0, seeds * len(scenario.lanes) * scenario.steps

    def count(made: int) -> None:
        nonlocal done
        done += made
        progress(done, total)

    for piece in seed_stacks(scenario, range(scenario.seed, scenario.seed + seeds)):
        for lane in replicas(scenario, piece):
            parts[lane.label].append(_losses(lane, steps, evaluated, count))
    return SeedFan(steps.astype(float), {label: np.concatenate(rows) for label, rows in parts.items()})


def _losses(lane: Lane, steps: np.ndarray, evaluated: Evaluated, count: Callable[[int], object]) -> Array:
    """The loss (seeds, points) of a stack after so many steps each."""
    training, losses = LaneTraining(lane), np.full((len(lane.seeds), len(steps)), np.nan)
    counted = 0
    for place, step in enumerate(steps.tolist()):
        while counted < step:
            before, counted = counted, step if training.stopped else min(step, counted + training.slice_length)
            training.advance(counted, lambda: count(0))
            count(len(lane.seeds) * (counted - before))
        state = training.measurement().state
        loss, _ = finished(evaluated.slices(lane, state), lambda: count(0))
        losses[:, place] = np.where(state.diverged_at > 0, np.nan, loss)
    return losses
