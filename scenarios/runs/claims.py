"""Verifies the claims of a scenario and its guide over many seeds: stacks of replicas whose lanes run in lockstep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NoReturn

import numpy as np

from nncore.arrays import Array
from nncore.slices import finished
from nncore.training import Lane
from scenarios.errors import ScenarioError, quoted
from scenarios.expressions.expression import Expression, ExpressionError
from scenarios.expressions.functions import Value
from scenarios.expressions.tree import Quantity
from scenarios.quantities.definitions import Number, numbers
from scenarios.quantities.lane_shape import lane_shape
from scenarios.quantities.lookup import check, evaluate_check, look_up
from scenarios.quantities.measure import Measurement
from scenarios.runs.build import build, replicas
from scenarios.runs.lane_training import LaneTraining, seed_stacks, work_of
from scenarios.scenario import Claim, Scenario

WATCHING = 4
"""How many times as long a step takes after which a condition is looked at."""

Asked = tuple[Expression, int]
"""An expression, and the step at which it is asked for."""


@dataclass(frozen=True)
class ClaimResult:
    """What was measured of a claim over `seeds` seeds, from the scenario's own on.

    share: of the seeds that is demanded. held: the share for which the check held.
    values: each quantity of the check by its name, one a seed, None where it has no meaning.
    """

    scenario: str
    text: str
    check: str
    at: int
    seeds: int
    share: float
    held: float
    passed: bool
    values: dict[str, list[Number]]


@dataclass(frozen=True)
class Stack:
    """A job for workers: consecutive seeds that are run as one stack of replicas, and the claims that ask for them.

    work: about how many multiply-adds it takes.
    """

    scenario: Scenario
    seeds: Sequence[int]
    claims: tuple[Claim, ...]
    work: int

    @property
    def steps(self) -> int:
        """How many steps there are to make, each replica's counted."""
        return len(self.seeds) * max(claim.at for claim in self.claims)

    def __call__(self, tick: Callable[[int], object] | None = None) -> list[Outcome]:
        """The outcome of each claim, the lanes being run in lockstep.

        `tick` is called after bounded work with the steps made since its last call, each replica's counted; it may
        raise.
        """

        def count(steps: int) -> None:
            if tick:
                tick(steps * len(self.seeds))

        asked = [(claim.check, claim.at) for claim in self.claims]
        run = _Lockstep(replicas(self.scenario, self.seeds), asked, count)
        outcomes: dict[Claim, Outcome] = {}
        for at in sorted({claim.at for claim in self.claims}):
            run.go_to(at)
            outcomes |= {claim: run.outcome(claim.check) for claim in self.claims if claim.at == at}
        return [outcomes[claim] for claim in self.claims]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a claim came to, for each replica: whether it held (R,), and its quantities by name, each (R,)."""

    held: np.ndarray
    values: dict[str, Array]


def verify(
    scenario: Scenario, seeds: int | None = None, progress: Callable[[int, int], object] | None = None
) -> list[ClaimResult]:
    """Check every claim over its own number of seeds, or over `seeds` of them.

    `progress` is called with the steps made and the steps there are to make, each replica's counted.
    """
    plan = stacks(scenario, seeds)
    total, done = sum(stack.steps for stack in plan), 0

    def count(steps: int) -> None:
        nonlocal done
        done += steps
        if progress:
            progress(done, total)

    return results(scenario, plan, [stack(count) for stack in plan])


def stacks(scenario: Scenario, seeds: int | None = None, parts: int = 1) -> list[Stack]:
    """The seeds that all that is verified asks for, cut where a claim needs no more and where the cache is full.

    parts: in how many stacks they are cut at least. Raises ScenarioError for a claim about a sample that is not there.
    """
    _refuse_missing(scenario)
    claims = dict.fromkeys(scenario.verified)
    if seeds is not None:
        claims = dict.fromkeys(replace(claim, seeds=seeds) for claim in claims)
    plan = []
    for low, high in pairwise([0, *sorted({claim.seeds for claim in claims})]):
        asked = tuple(claim for claim in claims if claim.seeds >= high)
        part = range(scenario.seed + low, scenario.seed + high)
        plan += [_stack(scenario, piece, asked) for piece in seed_stacks(scenario, part, parts)]
    return plan


def _stack(scenario: Scenario, seeds: Sequence[int], claims: tuple[Claim, ...]) -> Stack:
    work = work_of(build(scenario), max(claim.at for claim in claims), len(seeds))
    looked_at = any(claim.check.first_steps for claim in claims)
    return Stack(scenario, seeds, claims, WATCHING * work if looked_at else work)


def values_at(
    scenario: Scenario, asked: Sequence[Asked], progress: Callable[[int], object] | None = None
) -> list[bool | float]:
    """What expressions are worth at their steps in the run of the scenario's own seed; nan for null.

    `progress` is called after bounded work with the steps made since its last call; it may raise.
    """
    run = _Lockstep(build(scenario), asked, progress or (lambda steps: None))
    found: dict[Asked, bool | float] = {}
    for at in sorted({at for _, at in asked}):
        run.go_to(at)
        found |= {one: np.ravel(run.value(one[0]))[0].item() for one in asked if one[1] == at}
    return [found[one] for one in asked]


def results(scenario: Scenario, plan: Sequence[Stack], outcomes: Sequence[Sequence[Outcome]]) -> list[ClaimResult]:
    """The claims' results from the outcomes of every stack of a plan."""
    parts: dict[Claim, list[Outcome]] = {}
    for stack, found in zip(plan, outcomes, strict=True):
        for claim, outcome in zip(stack.claims, found, strict=True):
            parts.setdefault(claim, []).append(outcome)
    return [_result(scenario.name, claim, parts[claim]) for claim in parts]


def _refuse_missing(scenario: Scenario) -> None:
    """Raise ScenarioError where a claim names what its lanes, with their data, do not have."""
    shapes = {lane.id: lane_shape(lane) for lane in build(scenario)}
    for claim in scenario.verified:
        try:
            check(claim.check, shapes)
        except ExpressionError as error:
            raise ScenarioError(scenario.file, "", f"the check {quoted(claim.check.text)}: {error}") from None


def _result(scenario: str, claim: Claim, parts: Sequence[Outcome]) -> ClaimResult:
    held = float(np.concatenate([part.held for part in parts]).mean())
    values = {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].values}
    return ClaimResult(
        scenario=scenario,
        text=claim.text,
        check=claim.check.text,
        at=claim.at,
        seeds=claim.seeds,
        share=claim.share,
        held=held,
        passed=held >= claim.share,
        values={name: numbers(name, column) for name, column in values.items()},
    )


class _Lockstep:
    """Stacks of the same replicas at a step, and for each condition watched the first step at which it held."""

    def __init__(self, lanes: Sequence[Lane], asked: Sequence[Asked], progress: Callable[[int], object]) -> None:
        self._trainings = {lane.id: LaneTraining(lane) for lane in lanes}
        self._replicas = len(lanes[0].seeds)
        self._asked, self._progress = asked, progress
        conditions = [condition for check, _ in asked for condition in check.first_steps]
        self._first = {condition: np.full(self._replicas, np.nan) for condition in conditions}
        self._arrive(0)

    def go_to(self, step: int) -> None:
        """Train all lanes to a step, and look at the conditions after every update."""
        while self._step < step:
            stride = 1
            if not self._watched():
                stride = min(step - self._step, *(training.slice_length for training in self._trainings.values()))
            for training in self._trainings.values():
                training.advance(self._step + stride, lambda: self._progress(0))
            self._arrive(self._step + stride)
            self._progress(stride)

    def outcome(self, check: Expression) -> Outcome:
        """What a check comes to at the present step."""
        found = self._look_up(check)
        held = np.broadcast_to(self.value(check), self._replicas)
        values = {str(quantity): value for quantity, value in found.items()}
        values |= {f"first_step({one.text})": self._first[one].copy() for one in check.first_steps}
        return Outcome(np.array(held, dtype=bool), values)

    def value(self, expression: Expression) -> Value:
        """What an expression is worth at the present step, for each replica or for all."""
        return evaluate_check(expression, self._look_up(expression).__getitem__, self._first.__getitem__)

    def _arrive(self, step: int) -> None:
        self._step = step
        self._measurements: dict[str, Measurement] = {
            lane: training.measurement() for lane, training in self._trainings.items()
        }
        for condition in self._watched():
            first = self._first[condition]
            found = self._look_up(condition)
            holds = np.broadcast_to(evaluate_check(condition, found.__getitem__, _refuse), first.shape)
            first[holds & np.isnan(first)] = step

    def _watched(self) -> list[Expression]:
        """The conditions that are still asked for and some replica has not met."""
        asked = {one for check, at in self._asked if at >= self._step for one in check.first_steps}
        return [one for one, first in self._first.items() if one in asked and np.isnan(first).any()]

    def _look_up(self, check: Expression) -> dict[Quantity, Array]:
        """The present value (R,) of each quantity of a check."""
        slices = look_up.slices(check.quantities, self._step, self._measurements)
        return finished(slices, lambda: self._progress(0))


def _refuse(condition: Expression) -> NoReturn:
    raise TypeError("first_step inside first_step")
