"""Verifies the claims of a scenario over many seeds, replicas being stacks on a leading axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from scenarios.runs.build import replicas
from scenarios.runs.lane_run import cut
from scenarios.runs.report import Number, number
from scenarios.runs.trial import Outcome, run_trial
from scenarios.scenario import Claim, Scenario


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
    """Consecutive seeds that are run as one stack of replicas, and the claims that ask for them."""

    seeds: range
    claims: tuple[Claim, ...]

    @property
    def steps(self) -> int:
        """How many steps there are to make, each replica's counted."""
        return len(self.seeds) * max(claim.at for claim in self.claims)


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

    return results(scenario, plan, [run_stack(scenario, stack, count) for stack in plan])


def stacks(scenario: Scenario, seeds: int | None = None) -> list[Stack]:
    """The seeds that the claims ask for, cut where a claim needs no more and where the cache is full."""
    claims = dict.fromkeys(scenario.claims)
    if seeds is not None:
        claims = dict.fromkeys(replace(claim, seeds=seeds) for claim in claims)
    plan = []
    for low, high in pairwise([0, *sorted({claim.seeds for claim in claims})]):
        asked = tuple(claim for claim in claims if claim.seeds >= high)
        part = range(scenario.seed + low, scenario.seed + high)
        plan += [Stack(piece, asked) for piece in cut(scenario, part)]
    return plan


def run_stack(scenario: Scenario, stack: Stack, progress: Callable[[int], object] | None = None) -> list[Outcome]:
    """The outcome of each claim of a stack; `progress` gets the steps made since its last call."""
    lanes = replicas(scenario, stack.seeds)
    replicas_made = len(stack.seeds)
    return run_trial(lanes, stack.claims, progress and (lambda steps: progress(steps * replicas_made)))


def results(scenario: Scenario, plan: Sequence[Stack], outcomes: Sequence[Sequence[Outcome]]) -> list[ClaimResult]:
    """The claims' results from the outcomes of every stack of a plan."""
    parts: dict[Claim, list[Outcome]] = {}
    for stack, found in zip(plan, outcomes, strict=True):
        for claim, outcome in zip(stack.claims, found, strict=True):
            parts.setdefault(claim, []).append(outcome)
    return [_result(scenario.name, claim, parts[claim]) for claim in parts]


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
        values={name: [number(name, value) for value in column] for name, column in values.items()},
    )
