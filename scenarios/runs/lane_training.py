"""Runs lanes forwards, singly or as stacks of replicas, up to where something is measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from nncore.arrays import SLICE_WORK
from nncore.slices import finished
from nncore.training import Lane, State, Trainer
from scenarios.quantities.measure import Measurement
from scenarios.runs.build import build
from scenarios.scenario import Scenario

STACK_BYTES = 4 * 2**20
"""How large the workspace of a stack may get: replicas are fastest while they stay in the cache."""

STEP_REPLICAS = 8
"""A step of a stack takes as long as so many of its replicas, and then what these take."""

STEP_WORK, REPLICA_WORK = 2**22, 2**18
"""How many multiply-adds a step, and each replica in it, are worth besides their own."""

SLICE = 64
"""How many steps are made at once, at most, where nothing is looked at in between."""


class LaneTraining:
    """A lane, or a stack of its replicas, on its way through a run."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self._trainer = Trainer(lane)
        self._last = self._trainer.run(0)
        self._before: State | None = None

    @property
    def stopped(self) -> bool:
        """Whether the lane, or every replica of it, has diverged."""
        return self._trainer.stopped

    @property
    def step(self) -> int:
        return self._trainer.step

    @property
    def slice_length(self) -> int:
        """How many steps are made at once: few of large models."""
        lane = self.lane
        samples = min(lane.settings_at(self.step).batch_size or lane.model.samples, lane.model.samples)
        work = max(1, 3 * samples * lane.model.work)
        replicas = lane.start.size // lane.start.shape[-1]
        return max(1, min(SLICE, SLICE_WORK // (replicas * work)))

    def advance(self, step: int, between: Callable[[], object] | None = None) -> None:
        """Train up to `step` updates, fewer where everything diverges before.

        `between` is called within a step that is large, too; it may raise.
        """
        if self.stopped or step <= self.step:
            return
        finished(self._trainer.run_slices(step - self.step - 1), between)
        before = self._trainer.state()
        steps = finished(self._trainer.run_slices(step - self.step), between)
        if len(steps.rates):
            self._last, self._before = steps, before

    def measurement(self) -> Measurement:
        """What can be measured where the run stands."""
        return Measurement(self.lane, self._trainer.state(), self._last, self._before)


def run_lane(
    lane: Lane,
    steps: int,
    watchers: Sequence[Callable[[Measurement], object]] = (),
    progress: Callable[[int], object] | None = None,
) -> Measurement:
    """Train a lane, or a stack of its replicas, to `steps` updates, and return where it ends.

    Watchers see every step from the start on. `progress` gets the number of steps made since its last call.
    """
    training = LaneTraining(lane)
    for watch in watchers:
        watch(training.measurement())
    while training.step < steps and not training.stopped:
        before = training.step
        training.advance(
            before + 1 if watchers else min(steps, before + training.slice_length),
            lambda: progress(0) if progress else None,
        )
        for watch in watchers:
            watch(training.measurement())
        if progress:
            progress(training.step - before)
    return training.measurement()


def seed_stacks(scenario: Scenario, seeds: Sequence[int], parts: int = 1) -> list[Sequence[int]]:
    """Seeds in at least so many parts of nearly equal length, each to be run as one stack of replicas."""
    largest = max(map(_workspace_bytes, build(scenario)))
    parts = min(len(seeds), max(parts, -(-len(seeds) * largest // STACK_BYTES)))
    edges = [len(seeds) * part // parts for part in range(parts + 1)]
    return [seeds[first:last] for first, last in pairwise(edges)]


def parts_for(workers: int, scenarios: int, seeds: int) -> int:
    """In how many stacks the seeds of each of so many scenarios are run soonest by so many workers."""

    def time(parts: int) -> int:
        return -(-scenarios * parts // workers) * (STEP_REPLICAS - (-seeds // parts))

    return min(range(1, seeds + 1), key=time)


def work_of(lanes: Sequence[Lane], steps: int, replicas: int) -> int:
    """About how many multiply-adds, or what takes as long, so many replicas of all lanes take."""
    each = sum(3 * _batch(lane) * lane.model.work for lane in lanes)
    return steps * (each * replicas + len(lanes) * (STEP_WORK + REPLICA_WORK * replicas))


def _workspace_bytes(lane: Lane) -> int:
    """What one replica takes: four arrays a layer, and a few as long as θ."""
    model = lane.model
    return 8 * (4 * _batch(lane) * model.units + 6 * model.parameter_count)


def _batch(lane: Lane) -> int:
    return min(lane.settings.batch_size or lane.model.samples, lane.model.samples)
