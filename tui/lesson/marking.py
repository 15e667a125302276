"""What a repeated lesson run answered: each question once, in the lanes in which it was answered, and how late.

An answer is late where what it is about had been seen when it was given. It is marked by the run as it was when it
came to the step that tells, so that neither another seed nor a change afterwards makes it right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from nncore.slices import finished
from scenarios.expressions.expression import Expression
from scenarios.guide import NamedOperation
from tui.lesson.answers import is_right, plain_number
from tui.lesson.quiz import asked_again
from tui.lesson.truths import Truths
from tui.lesson.variation_quiz import Quiz
from tui.lesson.verdicts import said
from tui.session.actions import Answer, AnswerQuiz, AnswerStage, Change, Explain, Fill, NewSeed, Predict
from tui.session.cursor import Cursor
from tui.session.places import place_of
from tui.session.seen import further, order
from tui.session.session import Session
from tui.session.snapshot import MAX_STEP

_CALLED = {
    "guide": "the question of stage",
    "prediction": "prediction",
    "number": "the question for a number",
    "fill": "the fill-in",
    "quiz": "quiz question",
}
Key = tuple[object, ...]
"""Which question it is."""
Settle = Callable[[Truths], bool | None]
"""Whether an answer is right in the run as it stands."""


@dataclass(frozen=True)
class Given:
    """The first answer to a question.

    kind: guide, prediction, number, fill or quiz. number: of the question, from 1, 0 where it has none. before: of the
    quiz, before the lesson. answer: in words, "" where it was skipped. right: None where that is not known, or not
    scored. late: it had been seen, up to `seen` (step, position), when it was given. times: how often it was answered.
    parts: of a fill-in, the numbers that were right at once, after a hint, and shown.
    """

    kind: str
    number: int
    ask: str
    answer: str
    right: bool | None = None
    late: bool = False
    seen: tuple[int, int | None] = (0, None)
    times: int = 1
    reason: str = ""
    before: bool = False
    parts: tuple[int, int, int] = (0, 0, 0)

    @property
    def name(self) -> str:
        """What it is called in a report."""
        which = f" {self.number}" if self.number else f" ({self.ask})"
        return f"{_CALLED[self.kind]}{which}{' before the lesson' * self.before}"


@dataclass(frozen=True)
class _Open:
    """An answer that is not marked yet: by what, at which step of the run of which seed."""

    seed: int
    at: int
    expressions: tuple[Expression, ...]
    settle: Settle


class Marking:
    """Marks the answers of a session in which a lesson run is repeated.

    shared: what is known of the same lanes as long as nothing is changed in them. quiz: that of the same scenario.
    lowered: the entries, from 1, that say that less had been seen than was, with the place.
    """

    def __init__(self, session: Session, shared: Truths, quiz: Quiz) -> None:
        self.session = session
        self.given: dict[Key, Given] = {}
        self.lowered: dict[int, Cursor] = {}
        self._shared, self._own, self._quiz = shared, Truths(session), quiz
        self._open: dict[Key, _Open] = {}
        self._furthest: dict[int, Cursor] = {}

    def looks(self, number: int, action: Change) -> None:
        """Look at an action, where it is about to be done."""
        seed, at = self.session.seed, Cursor(*action.at) if action.at else self.session.cursor
        known = self._furthest.get(seed, Cursor())
        if not isinstance(action, Fill):  # which is written down at the place that it told
            known = further(known, at)
        seen = Cursor(*action.seen) if action.seen else known
        if order(seen) < order(known):
            self.lowered[number] = known
        self._furthest[seed] = further(known, further(seen, at))
        self._settle(Cursor(MAX_STEP) if isinstance(action, NewSeed) else self._furthest[seed])
        match action:
            case Predict():
                self._predict(action, further(seen, known))
            case AnswerStage():
                self._answer_stage(action, further(seen, known))
            case Answer():
                self._answer(action, further(seen, known))
            case Fill():
                self._fill(action, further(seen, known))
            case AnswerQuiz():
                self._answer_quiz(action)
            case Explain():
                key = ("guide", action.stage)
                if key in self.given and action.reason:
                    self.given[key] = replace(self.given[key], reason=action.reason)

    def ends(self, seen: Cursor) -> None:
        """The run ended, seen up to a place."""
        furthest = self._furthest.get(self.session.seed, Cursor())
        self._settle(further(further(seen, furthest), self.session.cursor))

    def _settle(self, seen: Cursor) -> None:
        """Mark what the run has come to, and what a run of another seed was asked."""
        for key, one in list(self._open.items()):
            if one.at <= seen.step and one.seed == self.session.seed:
                truths = self._truths()
                for expression in one.expressions:
                    if not truths.known(expression, one.at) and truths.has_lanes(expression):
                        finished(truths.telling(expression, one.at))
                self.given[key] = replace(self.given[key], right=one.settle(truths))
                del self._open[key]

    def _truths(self) -> Truths:
        """What is known of the lanes as they are."""
        theirs = {lane_run.lane.id: lane_run for lane_run in self._shared.session.lane_runs}
        same = all(theirs.get(one.lane.id) is one for one in self.session.lane_runs)
        return self._shared if same and len(theirs) == len(self.session.lane_runs) else self._own

    def _take(self, key: Key, given: Given) -> bool:
        """Take the first answer to a question; whether it is that."""
        if key in self.given:
            self.given[key] = replace(self.given[key], times=self.given[key].times + 1)
            return False
        self.given[key] = given
        return True

    def _predict(self, action: Predict, seen: Cursor) -> None:
        if action.question >= len(self.session.scenario.predictions):
            return
        question, key = self.session.scenario.predictions[action.question], ("prediction", action.question)
        late, guess = seen.step >= question.at, action.answer
        given = Given("prediction", action.question + 1, question.ask, said(guess), late=late, seen=_place(seen))
        if self._take(key, given):

            def settle(truths: Truths) -> bool | None:
                truth = truths.value(question.answer, question.at)
                if isinstance(truth, bool) or truth is None:
                    return truth == guess
                return question.accuracy.accepts(float(guess), truth)

            self._open[key] = _Open(self.session.seed, question.at, (question.answer,), settle)

    def _answer_stage(self, action: AnswerStage, seen: Cursor) -> None:
        stages = self.session.scenario.guide
        question = stages[action.stage].question if action.stage < len(stages) else None
        if question is None or (action.choice or 0) >= max(1, len(question.choices)):
            return
        skipped = action.choice is action.number is None
        words = "" if action.number is None else plain_number(action.number)
        words = words if action.choice is None else question.choices[action.choice].say
        late = not skipped and (action.late or seen.step >= question.at)
        given = Given("guide", action.stage + 1, question.ask, words, late=late, seen=_place(seen))
        if self._take(("guide", action.stage), given) and not skipped:

            def settle(truths: Truths) -> bool | None:
                return is_right(question, action.choice, action.number, truths)

            opened = _Open(self.session.seed, question.at, question.decisive, settle)
            self._open["guide", action.stage] = opened

    def _answer(self, action: Answer, seen: Cursor) -> None:
        try:
            question = asked_again(self.session, action)
        except ValueError:  # doing it again tells
            return
        ask, lane = " ".join(question.lines), question.lane.lane.id
        late, right = order(seen) >= order(question.cursor), question.answered(action.answer).right
        key = ("number", self.session.seed, lane, question.cursor, ask)
        self._take(key, Given("number", 0, ask, said(action.answer), right, late, _place(seen)))

    def _fill(self, action: Fill, seen: Cursor) -> None:
        if action.lane >= len(self.session.lane_runs):
            return
        lane_run, cursor = self.session.lane_runs[action.lane], self.session.cursor
        names = {str(name): name for name in map(NamedOperation.of, lane_run.operations)}
        if action.operation not in names:
            return
        lane, step = lane_run.lane.id, cursor.traced
        place = place_of(names[action.operation], self.session, action.lane, step) or cursor
        parts = (action.right, action.hinted, action.shown)
        late = order(seen) >= order(place)
        words = f"{action.operation} of step {step + 1:,}, lane {lane}"
        key = ("fill", self.session.seed, lane, step, action.operation)
        self._take(key, Given("fill", 0, words, "", None, late, _place(seen), parts=parts))

    def _answer_quiz(self, action: AnswerQuiz) -> None:
        if action.question >= len(self._quiz.asked):
            return
        question = self._quiz.asked[action.question].question
        if (action.choice or 0) >= max(1, len(question.choices)):
            return
        if not self._quiz.known(action.question):
            finished(self._quiz.training(action.question))
        words = "" if action.number is None else plain_number(action.number)
        words = words if action.choice is None else question.choices[action.choice].say
        right, number = self._quiz.right(action), action.question + 1
        given = Given("quiz", number, question.ask, words, right, action.late, before=action.before)
        self._take(("quiz", action.question, action.before), given)


def _place(cursor: Cursor) -> tuple[int, int | None]:
    return cursor.step, cursor.position
