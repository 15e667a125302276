"""What became of a scenario's claims and predictions in the run on the screen, once it has come far enough."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Sequence
from itertools import zip_longest
from typing import TypeVar

import numpy as np

from nncore.slices import InSlices, Slices, finished
from nncore.training import Lane
from scenarios.expressions.expression import Expression
from scenarios.expressions.tree import Comparison, Quantity
from scenarios.quantities.lookup import evaluate_check, is_comparison, look_up
from tui.render.numbers import num
from tui.session.breakpoints import Watch
from tui.session.frame import LessonView
from tui.session.guesses import Guess, close, read_number
from tui.session.lane_run import measured_at
from tui.session.session import Session

Checks = Sequence[tuple[Expression, int]]
Told = TypeVar("Told")


class Verdicts:
    """The truth of claims and predictions in a session, as far as its lanes are those that it was found out for.

    claims: by number, whether each holds. answers: by number, each prediction's true answer (None for null).
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._claims: dict[int, bool] = {}
        self._answers: dict[int, bool | float | None] = {}
        self._claim_checks = [(claim.check, claim.at) for claim in session.scenario.claims]
        self._questions = [(question.answer, question.at) for question in session.scenario.predictions]
        self._lanes = self._present()

    @property
    def claims(self) -> dict[int, bool]:
        self._forget_others()
        return self._claims

    @property
    def answers(self) -> dict[int, bool | float | None]:
        self._forget_others()
        return self._answers

    def due(self) -> list[tuple[str, int]]:
        """What can be told by now and has not been: ("claim" or "prediction", number)."""
        claims, far = self.claims, self.session.cursor.step

        def untold(checks: Checks, told: Container[int]) -> Iterator[int]:
            for number, (expression, at) in enumerate(checks):
                if at <= far and number not in told and self._needed(expression) <= self._lanes.keys():
                    yield number

        due = [("claim", number) for number in untold(self._claim_checks, claims)]
        return due + [("prediction", number) for number in untold(self._questions, self._answers)]

    def tell(self, kind: str, number: int) -> None:
        """Work one of them out."""
        finished(self.telling(kind, number))

    def telling(self, kind: str, number: int) -> Slices[None]:
        """Work one of them out in slices; it is not kept where a lane was changed meanwhile."""
        lanes = self._present()
        told = yield from truth_at.slices(
            self.session, *(self._claim_checks if kind == "claim" else self._questions)[number]
        )
        if self._present() != lanes:
            return
        if kind == "claim":
            self.claims[number] = bool(told)
        else:
            self.answers[number] = told

    def _needed(self, expression: Expression) -> set[str]:
        """The lanes that an expression is about: all where a quantity of its stands alone, as epoch does."""
        alone = any(quantity.lane is None for quantity in expression.quantities)
        return {plan.id for plan in self.session.scenario.lanes} if alone else set(expression.lanes)

    def _present(self) -> dict[str, Lane]:
        """The scenario's own lanes, those that are open."""
        own = {plan.id for plan in self.session.scenario.lanes}
        return {lane_run.lane.id: lane_run.lane for lane_run in self.session.lane_runs if lane_run.lane.id in own}

    def _forget_others(self) -> None:
        """Forget what was found out about lanes that have changed since, from where they changed on."""
        before, now = self._lanes, self._present()
        if all(now.get(name) is lane for name, lane in before.items()) and len(now) == len(before):
            return
        self._lanes = now
        shared = {name: _shared_steps(lane, now.get(name)) for name, lane in before.items()}

        def kept(told: dict[int, Told], checks: Checks) -> dict[int, Told]:
            unchanged = [
                all(at < shared.get(name, 0) for name in self._needed(expression)) for expression, at in checks
            ]
            return {number: value for number, value in told.items() if unchanged[number]}

        self._claims, self._answers = kept(self._claims, self._claim_checks), kept(self._answers, self._questions)

    def open_questions(self) -> list[int]:
        """Predictions that were not guessed, and whose step no lane has come to."""
        asked = enumerate(self.session.scenario.predictions)
        return [number for number, one in asked if number not in self.guesses and one.at > self.session.reached]

    @property
    def guesses(self) -> dict[int, Guess]:
        """What the learner said, by number."""
        return self.session.guesses

    def right(self, number: int) -> bool | None:
        """Whether a guess was right; None while it is not known, or was not made."""
        if number not in self.answers or number not in self.guesses:
            return None
        truth, guess = self.answers[number], self.guesses[number]
        if isinstance(truth, bool) or truth is None:
            return truth == guess
        return close(float(guess), truth)

    @property
    def score(self) -> tuple[int, int]:
        """How many of the guesses that are revealed were right, and how many there are; other answers too."""
        told = [right for number in self.guesses if (right := self.right(number)) is not None]
        told += [answered.right for answered in self.session.answered]
        return sum(told), len(told)

    @property
    def view(self) -> LessonView:
        """What the panes show of it."""
        scenario, claims = self.session.scenario, self.claims
        return LessonView(
            claims=tuple(claims.get(number) for number in range(len(scenario.claims))),
            predictions=self.lines(),
            asked=next((scenario.predictions[number].ask for number in self.open_questions()), ""),
        )

    def lines(self) -> tuple[str, ...]:
        """Each prediction as a line of the lesson."""
        scenario = self.session.scenario
        return tuple(self._line(number, p.ask, p.at) for number, p in enumerate(scenario.predictions))

    def _line(self, number: int, ask: str, at: int) -> str:
        if number not in self.answers:
            if number in self.guesses:
                return f"{ask} You said {said(self.guesses[number])}; it is told at step {at}."
            return f"{ask} (y answers, before step {at})"
        expression = self.session.scenario.predictions[number].answer
        truth = self.answers[number]
        if isinstance(truth, bool):
            told = f"{expression.text} is {'true' if truth else 'false'}"
        else:
            told = f"{expression.text} is {said(truth)}"
        right = self.right(number)
        if right is None:
            return f"{ask} {told}."
        return f"{ask} {told}; you were {'right' if right else 'wrong'} with {said(self.guesses[number])}."


def said(value: bool | float | None) -> str:
    """An answer in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else num(value)


def read_guess(text: str, expression: Expression) -> bool | float:
    """What a learner typed: yes or no, of two lanes that are compared the one meant, or a number; raises ValueError."""
    if not is_comparison(expression):
        return read_number(text)
    answers = {"y": True, "yes": True, "n": False, "no": False, **_lanes_compared(expression)}
    if text.lower() not in answers:
        raise ValueError(f"allowed: {', '.join(word for word in answers if len(word) > 1)}")
    return answers[text.lower()]


def _lanes_compared(expression: Expression) -> dict[str, bool]:
    """The lanes in `one.loss < other.loss`, and whether the comparison is true where a lane is the one asked for."""
    root = expression.root
    if not isinstance(root, Comparison) or len(root.operands) != 2:
        return {}
    lanes = [part.lane for part in root.operands if isinstance(part, Quantity) and part.lane is not None]
    same = len({part.name for part in root.operands if isinstance(part, Quantity)}) == 1
    return {lanes[0].lower(): True, lanes[1].lower(): False} if same and len(set(lanes)) == 2 else {}


def _shared_steps(before: Lane, now: Lane | None) -> float:
    """After how many updates a lane as it was and as it is now may first differ."""
    if now is None or now.model is not before.model or now.start is not before.start:
        return 0
    common = zip_longest(before.edits, now.edits)
    return min((edit.at for pair in common if pair[0] is not pair[1] for edit in pair if edit), default=math.inf)


@InSlices
def truth_at(session: Session, expression: Expression, step: int) -> Slices[bool | float | None]:
    """An expression's value in this run after `step` updates; None for null."""
    lane_runs, measurements = session.lane_runs, {}
    for lane_run in lane_runs:
        for _ in lane_run.timeline.advance(step):
            yield
        measurements[lane_run.lane.id] = measured_at(lane_run, step)
    values = yield from look_up.slices(expression.quantities, step, measurements)
    first: dict[Expression, float] = {}
    for condition in expression.first_steps:
        hit = yield from Watch.of(lane_runs, condition).first_true_slices(0, step)
        first[condition] = np.nan if hit is None else float(hit)
    value = evaluate_check(expression, values.__getitem__, first.__getitem__)
    if is_comparison(expression):
        return bool(value)
    return None if np.isnan(float(value)) else float(value)
