"""The quiz of a lesson: questions on variations of its scenario, which are trained when they are asked.

Answers are read from the session's journal, which saved runs and lesson runs hold; those given before the lesson and
after it stand apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from nncore.slices import Slices
from scenarios.scenario import QuizQuestion
from tui.lesson.answers import is_right, right_choice, verdict
from tui.lesson.lesson_progress import Marks
from tui.lesson.truths import Truths
from tui.session.actions import AnswerQuiz, do
from tui.session.cursor import Cursor
from tui.session.session import Session


@dataclass(frozen=True)
class Marked:
    """An answer, and what came of it. right: None where it was skipped, or is not scored."""

    number: int
    before: bool
    ask: str
    changed: str
    answer: str
    truth: str
    right: bool | None


class Quiz:
    """The quiz of a session's scenario, with a run of each variation as far as it was asked about."""

    def __init__(self, session: Session) -> None:
        self.session, self.asked = session, session.scenario.quiz
        self._runs: dict[int, Truths] = {}

    def changes(self, number: int) -> str:
        """What is changed in a question's variation."""
        return ", ".join(self.asked[number].variation.overrides)

    def run(self, number: int) -> Session:
        """The run of a question's variation."""
        return self._truths(number).session

    def _truths(self, number: int) -> Truths:
        if number not in self._runs:
            variation, overrides = self.asked[number].variation, self.session.scenario.overrides
            self._runs[number] = Truths(Session.begin(replace(variation, overrides=(*overrides, *variation.overrides))))
        return self._runs[number]

    def known(self, number: int) -> bool:
        """Whether a question's variation was trained, and all that is asked of it measured."""
        question, truths = self.asked[number].question, self._truths(number)
        return all(truths.known(expression, question.at) for expression in question.expressions)

    def training(self, number: int) -> Slices[None]:
        """Train a question's variation, and measure what is asked of it."""
        question, truths = self.asked[number].question, self._truths(number)
        for _ in truths.session.advance(question.at):
            yield
        for expression in question.expressions:
            yield from truths.telling(expression, question.at)

    def answers(self, before: bool) -> dict[int, AnswerQuiz]:
        """The last answer to each question, before the lesson or after it."""
        given = (done for done in self.session.journal if isinstance(done, AnswerQuiz) and done.before == before)
        return {done.question: done for done in given}

    def open(self, before: bool) -> list[int]:
        """The questions that have no answer yet."""
        return [number for number in range(len(self.asked)) if number not in self.answers(before)]

    def answer(self, number: int, before: bool, choice: int | None = None, value: float | None = None) -> None:
        """Take an answer; neither choice nor value skips the question."""
        memory, asked = self.session.memory, self.asked[number]
        seen = memory.seen(asked.variation, asked.variation.seed).step >= asked.question.at
        do(self.session, AnswerQuiz(number, choice, value, before, late=seen))
        if not before:  # what is told before the lesson does not spoil the answer after it
            memory.note(asked.variation, asked.variation.seed, Cursor(asked.question.at))

    def right(self, given: AnswerQuiz) -> bool | None:
        """Whether an answer is right; None where that is not known, or not scored."""
        if given.choice is given.number is None or given.question not in self._runs:
            return None
        return is_right(self.asked[given.question].question, given.choice, given.number, self._truths(given.question))

    def right_choice(self, number: int) -> int | None:
        """The one right choice of a question whose variation was trained."""
        return right_choice(self.asked[number].question, self._truths(number))

    def told(self, given: AnswerQuiz) -> str:
        """What came of an answer, with its reply."""
        question, truths = self.asked[given.question].question, self._truths(given.question)
        if given.choice is given.number is None:
            return "You skipped it."
        return verdict(question, given.choice, given.number, truths)

    def marks(self, before: bool) -> Marks:
        """The answers that are known and scored."""
        given = self.answers(before).items()
        return {number: right for number, answer in given if (right := self.right(answer)) is not None}

    def untold(self) -> list[int]:
        """The answered questions whose variations have not been trained, as after a run was opened again."""
        given = self.answers(True).keys() | self.answers(False).keys()
        return [number for number in sorted(given) if not self.known(number)]

    def marked(self) -> Iterator[Marked]:
        """Every question with the answers before and after the lesson; those that were not given are left out."""
        for before in (True, False):
            for number, given in sorted(self.answers(before).items()):
                asked, truth = self.asked[number], self._truth(number)
                said, right, changed = _said(asked, given), self.right(given), self.changes(number)
                yield Marked(number, before, asked.question.ask, changed, said, truth, right)

    def _truth(self, number: int) -> str:
        question, right = self.asked[number].question, self.right_choice(number)
        if question.answer is not None:
            return str(self._truths(number).value(question.answer, question.at))
        return question.choices[right].say if right is not None else ""


def _said(asked: QuizQuestion, given: AnswerQuiz) -> str:
    """An answer as it was given."""
    if given.number is not None:
        return repr(given.number)
    return asked.question.choices[given.choice].say if given.choice is not None else ""
