"""One stack of replicas of a scenario, run in lockstep, and what its claims ask of it on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from nncore.arrays import Array
from nncore.slices import finished
from nncore.training import Lane
from scenarios.expressions.expression import Expression
from scenarios.quantities.checks import evaluate_check
from scenarios.quantities.measure import Measurement, epoch, measure
from scenarios.runs.lane_run import LaneTraining
from scenarios.scenario import Claim


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a claim came to, for each replica: whether it held (R,), and its quantities by name, each (R,)."""

    held: np.ndarray
    values: dict[str, Array]


def run_trial(
    lanes: Sequence[Lane], claims: Sequence[Claim], progress: Callable[[int], object] | None = None
) -> list[Outcome]:
    """The outcome of each claim, all lanes being stacks of the same R replicas.

    `progress` is called after bounded work with the number of steps made since its last call; it may raise.
    """
    trial = _Trial(lanes, claims, progress or (lambda steps: None))
    outcomes: dict[Claim, Outcome] = {}
    for at in sorted({claim.at for claim in claims}):
        trial.go_to(at)
        outcomes |= {claim: trial.outcome(claim.check) for claim in claims if claim.at == at}
    return [outcomes[claim] for claim in claims]


class _Trial:
    """Lanes in lockstep at a step, and for each condition watched the first step at which it held."""

    def __init__(self, lanes: Sequence[Lane], claims: Sequence[Claim], progress: Callable[[int], object]) -> None:
        self._trainings = {lane.id: LaneTraining(lane) for lane in lanes}
        self._replicas = len(lanes[0].seeds)
        self._claims, self._progress = claims, progress
        conditions = [condition for claim in claims for condition in claim.check.first_steps]
        self._first = {condition: np.full(self._replicas, np.nan) for condition in conditions}
        self._arrive(0)

    def go_to(self, step: int) -> None:
        """Train all lanes to a step, and look at the conditions after every update."""
        while self._step < step:
            stride = 1
            if not self._watched():
                stride = min(step - self._step, *(training.slice_length for training in self._trainings.values()))
            for training in self._trainings.values():
                training.advance(self._step + stride)
            self._arrive(self._step + stride)
            self._progress(stride)

    def outcome(self, check: Expression) -> Outcome:
        """What a check comes to at the present step."""
        held = np.broadcast_to(evaluate_check(check, self._lookup, self._first.__getitem__), self._replicas)
        values = {str(leaf): self._lookup(leaf.lane, leaf.name, leaf.index) for leaf in check.quantities}
        values |= {f"first_step({one.text})": self._first[one].copy() for one in check.first_steps}
        return Outcome(np.array(held, dtype=bool), values)

    def _arrive(self, step: int) -> None:
        self._step = step
        self._measurements: dict[str, Measurement] = {
            lane: training.measurement() for lane, training in self._trainings.items()
        }
        for condition in self._watched():
            first = self._first[condition]
            holds = np.broadcast_to(evaluate_check(condition, self._lookup, _refuse), first.shape)
            first[holds & np.isnan(first)] = step

    def _watched(self) -> list[Expression]:
        """The conditions that a claim still asks for and some replica has not met."""
        asked = {one for claim in self._claims if claim.at >= self._step for one in claim.check.first_steps}
        return [one for one, first in self._first.items() if one in asked and np.isnan(first).any()]

    def _lookup(self, lane: str | None, name: str, index: int | None) -> Array:
        if lane is not None:
            return finished(measure.slices(self._measurements[lane], name, index), lambda: self._progress(0))
        return epoch(self._measurements.values()) if name == "epoch" else np.full(self._replicas, float(self._step))


def _refuse(condition: Expression) -> NoReturn:
    raise TypeError("first_step inside first_step")
