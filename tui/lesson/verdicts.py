"""What became of a scenario's claims and predictions in the run on the screen, once it has come far enough."""

from __future__ import annotations

from nncore.slices import Slices, finished
from scenarios.expressions.expression import Expression
from scenarios.expressions.tree import Comparison, Quantity
from tui.keymap.own_keys import keyed
from tui.lesson.truths import Truth, Truths
from tui.render.numbers import num
from tui.session.frame import LessonView
from tui.session.guesses import Guess
from tui.session.session import Session


class Verdicts:
    """The truth of a session's claims and predictions, as far as it is known."""

    def __init__(self, session: Session, truths: Truths | None = None) -> None:
        self.session = session
        self._truths = truths or Truths(session)
        self._checks = {
            "claim": [(claim.check, claim.at) for claim in session.scenario.claims],
            "prediction": [(question.answer, question.at) for question in session.scenario.predictions],
        }

    @property
    def claims(self) -> dict[int, bool]:
        """By number, whether each claim holds."""
        return {number: bool(truth) for number, truth in self._told("claim").items()}

    @property
    def answers(self) -> dict[int, Truth]:
        """By number, each prediction's true answer."""
        return self._told("prediction")

    def _told(self, kind: str) -> dict[int, Truth]:
        checks = enumerate(self._checks[kind])
        return {number: self._truths.value(*check) for number, check in checks if self._truths.known(*check)}

    def due(self) -> list[tuple[str, int]]:
        """What can be told by now and has not been: ("claim" or "prediction", number)."""
        return [
            (kind, number)
            for kind, checks in self._checks.items()
            for number, check in enumerate(checks)
            if self._truths.can_tell(*check) and not self._truths.known(*check)
        ]

    def tell(self, kind: str, number: int) -> None:
        """Work one of them out."""
        finished(self.telling(kind, number))

    def telling(self, kind: str, number: int) -> Slices[None]:
        """Work one of them out in slices; it is not kept where a lane was changed meanwhile."""
        yield from self._truths.telling(*self._checks[kind][number])

    def open_questions(self) -> list[int]:
        """Predictions that were not guessed, and whose step was not looked at."""
        asked = enumerate(self.session.scenario.predictions)
        return [number for number, one in asked if number not in self.guesses and one.at > self.session.furthest.step]

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
        return self.session.scenario.predictions[number].accuracy.accepts(float(guess), truth)

    @property
    def score(self) -> tuple[int, int]:
        """How many of the guesses that are revealed were right, and how many there are; other answers in time too."""
        told = [right for number in self.guesses if (right := self.right(number)) is not None]
        told += [answered.right for answered in self.session.answered if not answered.late]
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
            return f"{ask} ({keyed('{predict}')} answers, before step {at})"
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


def choices_of(expression: Expression) -> dict[str, bool]:
    """The answers to a question whether a comparison is true, in words: two lanes that are compared, or yes and no."""
    return _lanes_compared(expression) or {"yes": True, "no": False}


def _lanes_compared(expression: Expression) -> dict[str, bool]:
    """The lanes in `one.loss < other.loss`, and whether the comparison is true where a lane is the one asked for."""
    root = expression.root
    if not isinstance(root, Comparison) or len(root.operands) != 2:
        return {}
    lanes = [part.lane for part in root.operands if isinstance(part, Quantity) and part.lane is not None]
    same = len({part.name for part in root.operands if isinstance(part, Quantity)}) == 1
    return {lanes[0]: True, lanes[1]: False} if same and len(set(lanes)) == 2 else {}
