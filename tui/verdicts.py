"""What became of a scenario's claims and predictions in the run on the screen, once it has come far enough."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nncore.arrays import Array
from scenarios.checks import evaluate_check, is_comparison
from scenarios.expressions import Expression
from scenarios.measure import epoch, measure
from scenarios.overrides import toml_value
from tui.breakpoints import Watch
from tui.equation import num
from tui.moments import moment_at
from tui.session import Session

CLOSE = 0.02
"""A number predicted this near, as a share of the true one, is right."""


@dataclass
class Verdicts:
    """The truth of claims and predictions in a session, and the learner's guesses.

    claims: by number, whether each holds. answers: by number, each prediction's true answer (None for null).
    guesses: by number, what the learner said.
    """

    session: Session
    claims: dict[int, bool] = field(default_factory=dict)
    answers: dict[int, bool | float | None] = field(default_factory=dict)
    guesses: dict[int, bool | float] = field(default_factory=dict)

    def due(self) -> list[tuple[str, int]]:
        """What can be told by now and has not been: ("claim" or "prediction", number)."""
        scenario, far = self.session.scenario, self.session.cursor.step
        claims = [("claim", n) for n, c in enumerate(scenario.claims) if c.at <= far and n not in self.claims]
        asked = [("prediction", n) for n, p in enumerate(scenario.predictions) if p.at <= far and n not in self.answers]
        return claims + asked

    def tell(self, kind: str, number: int) -> None:
        """Work one of them out."""
        scenario = self.session.scenario
        if kind == "claim":
            claim = scenario.claims[number]
            self.claims[number] = bool(truth_at(self.session, claim.check, claim.at))
        else:
            prediction = scenario.predictions[number]
            self.answers[number] = truth_at(self.session, prediction.answer, prediction.at)

    def guess(self, number: int, answer: bool | float) -> None:
        """Take the learner's answer to a question."""
        self.session.note({"do": "guess", "question": number, "answer": answer})
        self.guesses[number] = answer

    def open_questions(self) -> list[int]:
        """Predictions that were not guessed, and whose step no lane has come to."""
        asked = enumerate(self.session.scenario.predictions)
        return [number for number, one in asked if number not in self.guesses and one.at > self.session.reached]

    def right(self, number: int) -> bool | None:
        """Whether a guess was right; None while it is not known, or was not made."""
        if number not in self.answers or number not in self.guesses:
            return None
        truth, guess = self.answers[number], self.guesses[number]
        if isinstance(truth, bool) or truth is None:
            return truth == guess
        return abs(float(guess) - truth) <= CLOSE * abs(truth) + 1e-12

    @property
    def score(self) -> tuple[int, int]:
        """How many of the guesses that are revealed were right, and how many there are."""
        told = [right for number in self.guesses if (right := self.right(number)) is not None]
        return sum(told), len(told)

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
    """What a learner typed: yes or no, or a number; raises ValueError."""
    if is_comparison(expression):
        if text.lower() not in ("y", "yes", "n", "no"):
            raise ValueError("allowed: yes, no")
        return text.lower().startswith("y")
    value = toml_value(text)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise ValueError("allowed: a number")
    return float(value)


def truth_at(session: Session, expression: Expression, step: int) -> bool | float | None:
    """An expression's value in this run after `step` updates; None for null."""
    moments = {track.lane.id: moment_at(track, step) for track in session.tracks}

    def lookup(lane: str | None, name: str, index: int | None) -> Array:
        if lane is None:
            return np.asarray(float(step)) if name == "step" else epoch(moments.values())
        return measure(moments[lane], name, index) if lane in moments else np.asarray(np.nan)

    def first_step(condition: Expression) -> float:
        hit = Watch.of(session.tracks, condition).first_true(0, step)
        return np.nan if hit is None else float(hit)

    value = evaluate_check(expression, lookup, first_step)
    if is_comparison(expression):
        return bool(value)
    return None if np.isnan(float(value)) else float(value)
