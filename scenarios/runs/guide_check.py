"""Checks a lesson without a screen: that its guide can be walked in order, that nothing tells early what a question
asks, and that each question has exactly one right answer at the scenario's own seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scenarios.expressions.expression import Expression
from scenarios.expressions.tree import FirstStep, Quantity, render
from scenarios.guide import CheckHolds, Did, OperationReached, Question, Ran, Stage, StepReached
from scenarios.runs.build import build
from scenarios.runs.claims import WATCHING, Asked, values_at
from scenarios.runs.lane_training import work_of
from scenarios.scenario import NetworkPlan, Scenario

_CHANGING = ("edit", "assign", "new_seed", "undo")
"""Actions after which the run may no longer be that of the file."""

_NUMBER = re.compile(r"(?<![\w.,])-?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?!\w)")

Values = Mapping[Asked, bool | float]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a part of a lesson. part: as in the file, guide[0] or quiz[1]; title: of a stage its own."""

    scenario: str
    part: str
    title: str
    says: str


@dataclass(frozen=True)
class _Station:
    """A stage as it opens on the way through the guide.

    here: the step where the run stands. reached: the furthest it has been. own: whether it is still the file's run.
    """

    number: int
    stage: Stage
    here: int
    reached: int
    own: bool

    @property
    def name(self) -> str:
        return f'guide[{self.number}] "{self.stage.title}"'


def faults(scenario: Scenario, progress: Callable[[int], object] | None = None) -> list[Fault]:
    """All that is wrong with a scenario's guide and quiz; `progress` is called with the steps made."""
    asked = _asked(scenario)
    values = dict(zip(asked, values_at(scenario, asked, progress), strict=True))
    found = [
        Fault(scenario.name, f"guide[{number}]", scenario.guide[number].title, says)
        for number, says in _of_guide(scenario, values)
    ]
    for number, one in enumerate(scenario.quiz):
        asked = _decisive(one.question)
        values = dict(zip(asked, values_at(one.variation, asked, progress), strict=True))
        says = [*_of_answers(one.question, values), *_beyond(one.question.at, one.variation)]
        if not one.variation.overrides:
            says.append("is about the scenario as it is, not about a variation")
        found += [Fault(scenario.name, f"quiz[{number}]", one.question.ask, what) for what in says]
    return found


def steps_of(scenario: Scenario) -> int:
    """How many steps `faults` makes."""
    parts = [_asked(scenario), *(_decisive(one.question) for one in scenario.quiz)]
    return sum(max((at for _, at in part), default=0) for part in parts)


@dataclass(frozen=True, eq=False)
class GuideCheck:
    """A job for workers: what is wrong with a scenario's guide and quiz."""

    scenario: Scenario

    @property
    def steps(self) -> int:
        return steps_of(self.scenario)

    @property
    def work(self) -> int:
        return WATCHING * work_of(build(self.scenario), self.steps, 1)

    def __call__(self, tick: Callable[[int], object] | None = None) -> list[Fault]:
        return faults(self.scenario, tick)


def _asked(scenario: Scenario) -> list[Asked]:
    """What has to be measured in the scenario's own run."""
    checks = (stage.until.check for stage in scenario.guide if isinstance(stage.until, CheckHolds))
    firsts = [(_first(check), scenario.steps) for check in checks if not check.first_steps]
    questions = (stage.question for stage in scenario.guide if stage.question)
    return list(dict.fromkeys([*firsts, *(one for question in questions for one in _decisive(question))]))


def _decisive(question: Question) -> list[Asked]:
    return [(expression, question.at) for expression in question.decisive]


def _first(check: Expression) -> Expression:
    """The first step at which a comparison holds."""
    node = FirstStep(check.root)
    return Expression(render(node), node)


def _of_guide(scenario: Scenario, values: Values) -> Iterator[tuple[int, str]]:
    """Each stage's faults by its number."""
    before: list[_Station] = []
    for station in _stations(scenario, values):
        stage, number = station.stage, station.number
        if stage.question:
            says = [*_given_away(stage.question, station, before, scenario)]
            says += _of_answers(stage.question, values) if station.own else []
            says += _beyond(stage.question.at, scenario)
        else:
            says = list(_of_waiting(station, scenario, values))
        yield from ((number, what) for what in says)
        before.append(station)


def _stations(scenario: Scenario, values: Values) -> Iterator[_Station]:
    """The stages in order, with what the run has come to as each opens."""
    here = reached = 0
    own = True
    for number, stage in enumerate(scenario.guide):
        here = stage.go.step if stage.go else here
        reached = max(reached, here)
        yield _Station(number, stage, here, reached, own)
        here = max(here, _comes_to(stage, here, scenario, values))
        reached = max(reached, here)
        changed = isinstance(stage.until, Did) and stage.until.action in _CHANGING
        own = own and not changed and not (isinstance(stage.until, Ran) and stage.until.what == "starts")


def _comes_to(stage: Stage, here: int, scenario: Scenario, values: Values) -> int:
    """The step at which a stage is done that opened at step `here`."""
    told = stage.at if stage.at is not None and not stage.question else 0
    match stage.until:
        case StepReached(step):
            return max(told, step)
        case OperationReached(operation) if operation.kind == "update":
            lane = next(one for one in scenario.lanes if operation.lane in (None, one.id))
            last = lane.model.network.depth if isinstance(lane.model, NetworkPlan) else 1
            return max(told, here + (operation.layer == last))
        case CheckHolds(check):
            first = values.get((_first(check), scenario.steps), np.nan)
            return max(told, 0 if np.isnan(first) else int(first))
    return told


def _given_away(question: Question, asking: _Station, before: Sequence[_Station], scenario: Scenario) -> Iterator[str]:
    """What tells the answer before the question is asked."""
    wanted, at = _quantities(question.decisive), question.at
    if asking.reached >= at:
        yield f"asks about step {at:,}, and the run has come to step {asking.reached:,} by then"
    for station in before:
        stage = station.stage
        told = _quantities(
            (*stage.say.expressions, *stage.otherwise.expressions, *((stage.holds,) if stage.holds else ()))
        )
        if stage.at is not None and stage.at >= at and not stage.question and (known := told & wanted):
            yield f"asks about {_names(known)}, which {station.name} tells at step {stage.at:,}"
        if isinstance(stage.until, Ran) and stage.until.what == "seeds" and wanted:
            yield f"asks about step {at:,}, which the many seeds of {station.name} show"
    for claim in scenario.claims:
        if at <= claim.at <= asking.reached and (known := _quantities([claim.check]) & wanted):
            yield f'asks about {_names(known)}, which the claim "{claim.text}" tells at step {claim.at:,}'


def _of_waiting(station: _Station, scenario: Scenario, values: Values) -> Iterator[str]:
    """What keeps a stage from being done, or measures it where the run no longer is."""
    stage = station.stage
    if stage.at is not None and stage.at < station.here:
        yield f"is about step {stage.at:,}, and the run stands at step {station.here:,} by then"
    ends = [stage.at or 0, stage.go.step if stage.go else 0]
    ends += [stage.until.step] if isinstance(stage.until, StepReached) else []
    yield from _beyond(max(ends), scenario)
    if isinstance(stage.until, CheckHolds) and station.own:
        first = values.get((_first(stage.until.check), scenario.steps))
        if first is not None and np.isnan(first):
            yield f"waits for {stage.until.check.text}, which never holds up to step {scenario.steps:,}"


def _beyond(step: int, scenario: Scenario) -> Iterator[str]:
    if step > scenario.steps:
        yield f"is about step {step:,}, and the run pauses at step {scenario.steps:,}"


def _of_answers(question: Question, values: Values) -> Iterator[str]:
    """What keeps a question from having exactly one right answer, or its words from leaving it open."""
    if question.answer:
        truth = float(values[question.answer, question.at])
        if not np.isfinite(truth):
            yield f"{question.answer.text} has no value at step {question.at:,}"
        elif said := [word for word in _NUMBER.findall(question.ask) if _is_said(word, truth, question)]:
            yield f"says its answer: {said[0]}"
        return
    right = [number for number, choice in enumerate(question.choices) if values[choice.when, question.at]]
    if len(right) != 1:
        which = " and ".join(f"choices[{number}]" for number in right) or "none"
        yield f"at step {question.at:,} {which} of {len(question.choices)} choices is right; allowed: exactly one"


def _is_said(word: str, truth: float, question: Question) -> bool:
    """Whether a number in a question's words is its answer, and not the step that it is about."""
    number = float(word.replace(",", ""))
    return number != question.at and abs(number - truth) <= question.tolerance * abs(truth)


def _quantities(expressions: Sequence[Expression]) -> set[Quantity]:
    """What expressions measure, in conditions of first_step too."""
    parts = [part for expression in expressions for part in (expression, *expression.first_steps)]
    return {quantity for part in parts for quantity in part.quantities if quantity.name != "step"}


def _names(quantities: set[Quantity]) -> str:
    return ", ".join(sorted(map(str, quantities)))
