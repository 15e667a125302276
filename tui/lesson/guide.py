"""The guide of a run: which stage is open, what it waits for, and what became of its questions.

What the learner did is read from the session's journal, which saved runs and lesson runs hold as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from nncore.slices import Slices
from scenarios.guide import CheckHolds, Filled, Question, Stage, StepReached, Target, Until
from tui.keymap.own_keys import keyed
from tui.lesson.answers import is_right, passed_on, plain_number
from tui.lesson.lesson_progress import Marks
from tui.lesson.truths import Checked, Truths
from tui.lesson.waiting import Since, fulfilled
from tui.session.actions import AnswerStage, Explain, Look, Sight, Turn, do
from tui.session.cursor import Bounds, Cursor
from tui.session.places import place_of
from tui.session.session import Session

ANSWER_FIRST = "first your answer: {predict} gives it, {next_stage} twice skips the question"
QUESTION_FIRST = "a question comes first: {next_stage} turns to it"
FILL_IN_FIRST = "first fill it in: {fill_in} asks for the numbers that would come, {next_stage} twice passes them"
FILL_IN_NEXT = "the next page asks you for what would come: {next_stage} turns to it"


class Guide:
    """The guide of a session's scenario.

    A stage stays open until the learner turns the page, also when what it waits for is done.

    on: whether it is followed. number: of the open stage, from 0. front: the lane in front. hinted: whether its hint
    was asked for. met: where the cursor stood when what the open stage waits for was done, None if it is not yet.
    telling: whether what came of an answer is on the page. truths: what is known of the run. answers, reasons: by
    stage, what the learner said.
    by_hands: whether a class answers by hands, so that what is right is told of questions that were passed on, too.
    """

    def __init__(self, session: Session, truths: Truths, on: bool = True, by_hands: bool = False) -> None:
        self.session, self.stages, self.by_hands = session, session.scenario.guide, by_hands
        self.on = on and bool(self.stages)
        self.number, self.front, self.hinted = 0, 0, False
        self.answers: dict[int, AnswerStage] = {}
        self.reasons: dict[int, str] = {}
        self.truths = truths
        self._told: set[int] = set()
        self._read = self._since = 0
        self._opened = session.cursor
        self._furthest = 0
        self.met: Cursor | None = None
        self.telling = False
        self._read_journal()

    @property
    def stage(self) -> Stage:
        """The open stage."""
        return self.stages[self.number]

    @property
    def asking(self) -> bool:
        """Whether the open stage waits for an answer."""
        return self.on and self.stage.question is not None and self.number not in self.answers

    @property
    def held(self) -> str:
        """Why no move goes on from here, and what would lift it; "" where moves are free."""
        if self.asking:
            return keyed(ANSWER_FIRST)
        return keyed(QUESTION_FIRST) if self.on and self._next_question is not None else ""

    @property
    def held_move(self) -> str:
        """Why a move goes no further, be it a question or numbers that are to be filled in; "" where it is free."""
        if self.held or not self.on or self._asked_place is None:
            return self.held
        return keyed(FILL_IN_NEXT if self.done else FILL_IN_FIRST)

    @property
    def _asked_place(self) -> Cursor | None:
        """Where the numbers come that are to be filled in on this page, or on the next one where this one is done.

        None where they were filled in or seen, or where the page opened between two steps: any step will do then.
        """
        number = self.number + self.done
        until = self.stages[number].until if number < len(self.stages) else None
        here = self.session.cursor if self.done else self._opened
        if not isinstance(until, Filled) or here.position is None or self._fulfilled(until):
            return None
        place = place_of(until.operation, self.session, self.front, here.step)
        done = self.session.lockstep.operations_done
        return place if place is not None and done(self.session.furthest) < done(place) else None

    @property
    def _next_question(self) -> Question | None:
        """The question on the next page, where this page is done and the question has no answer."""
        number = self.number + 1
        reads_on = self.stage.until is None and self.stage.question is None
        if number >= len(self.stages) or number in self.answers or not self.done or reads_on:
            return None
        return self.stages[number].question

    @property
    def open_questions(self) -> bool:
        """Whether a question of the guide has not been answered yet, nor skipped."""
        return any(stage.question and number not in self.answers for number, stage in enumerate(self.stages))

    @property
    def finished(self) -> bool:
        """Whether the last stage has come, and nothing in it is waited for."""
        return bool(self.stages) and self.number == len(self.stages) - 1 and self.done

    @property
    def done(self) -> bool:
        """Whether the open stage waits for nothing any more."""
        stage = self.stage
        if stage.question is not None:
            return self.number in self.answers
        if stage.at is not None and self.session.cursor.step < stage.at:
            return False
        return stage.until is None or self.met is not None or self._fulfilled(stage.until)

    def _fulfilled(self, until: Until) -> bool:
        if isinstance(until, CheckHolds):
            return bool(self.truths.value(until.check, self.session.cursor.step))
        since = Since(self._opened, self.session.journal[self._since :])
        return bool(fulfilled(until, self.session, self.front, since))

    @property
    def reply(self) -> int | None:
        """The stage whose question was answered and is told on the page: its own, or one turned to."""
        known = self.reply_at_hand
        return known if known is not None and (self.telling or known == self.number) else None

    @property
    def reply_at_hand(self) -> int | None:
        """A stage of whose answer it is known what came, and that has not been left behind."""
        return next(filter(self.knows, self._untold()), None)

    def knows(self, number: int) -> bool:
        """Whether all is known that tells of the answer to a stage's question."""
        return all(self.truths.known(*check) for check in self._checks(number))

    @property
    def owes_reply(self) -> bool:
        """Whether what came of an answer can be told of this run, and has not been left behind."""
        return self.on and bool(self._untold())

    def _untold(self) -> list[int]:
        """The answered questions of which nothing was told yet, whose step has come."""
        return [
            number
            for number, answer in self.answers.items()
            if number not in self._told
            and (self.by_hands or not passed_on(answer))
            and all(self.truths.can_tell(*check) for check in self._checks(number))
        ]

    def _checks(self, number: int) -> list[Checked]:
        question = self.stages[number].question
        return [(one, question.at) for one in question.expressions] if question else []

    def due(self) -> list[Checked]:
        """What has to be measured for the page that is open, and can be by now."""
        if not self.on:
            return []
        return [check for check in self._wanted() if self.truths.can_tell(*check) and not self.truths.known(*check)]

    def _wanted(self) -> Iterator[Checked]:
        for number in self._untold():
            yield from self._checks(number)
        stage = self.stage
        if isinstance(stage.until, CheckHolds) and self.session.cursor.position is None:
            yield stage.until.check, self.session.cursor.step
        if stage.at is not None and stage.question is None:
            texts = (*stage.say.expressions, *stage.otherwise.expressions)
            yield from ((expression, stage.at) for expression in (*([stage.holds] if stage.holds else []), *texts))

    def looks(self, front: int) -> None:
        """Look at the session after a move."""
        self.front = front
        if self.on and self.met is None and self.stage.until is not None and self._fulfilled(self.stage.until):
            self.met = self.session.cursor
        self._read_journal()

    def sees(self, how: Sight, target: Target) -> None:
        """Write down that something was looked at, once a stage."""
        look = Look(how, str(target))
        seen = (done for done in self.session.journal[self._since :] if isinstance(done, Look))
        if self.stages and all((done.how, done.what) != (look.how, look.what) for done in seen):
            do(self.session, look)

    def opened(self) -> None:
        """A stage has opened where the cursor stands."""
        self._opened = self.session.cursor
        self._bind()

    def forward(self) -> bool:
        """On to the next stage; whether one opens. What is told of an answer, or the hint for the stage, is first."""
        if self.reply is not None:
            return self._leave_reply()
        if self.reply_at_hand is not None:
            self.telling = True
            return False
        if not self.done and not self.hinted:
            self.hinted = True
            return False
        if self.finished:
            return False
        question = self.stage.question
        if self.asking and question is not None:
            do(self.session, AnswerStage(self.number))
            self._read_journal()
            if self.by_hands and self.session.cursor.step >= question.at:  # it can be told here
                return False
        return self._turn(self.number + 1)

    def back(self) -> bool:
        """To the stage before; whether there is one."""
        return self._turn(self.number - 1)

    def answer(self, choice: int | None = None, number: float | None = None) -> None:
        """Answer the open question."""
        question = self.stage.question
        assert question is not None
        do(self.session, AnswerStage(self.number, choice, number, self.session.furthest.step >= question.at))
        self._read_journal()

    def explain(self, number: int, reason: str) -> None:
        """Keep the learner's own reason."""
        do(self.session, Explain(number, reason))
        self._read_journal()

    def switch(self) -> None:
        """Follow the guide, or leave it."""
        self.on = bool(self.stages) and not self.on
        self._bind()

    def right(self, number: int) -> bool | None:
        """Whether the answer to a stage's question was right; None where that is not known, or not scored."""
        question, answer = self.stages[number].question, self.answers.get(number)
        if question is None or answer is None or answer.late:
            return None
        return is_right(question, answer.choice, answer.number, self.truths)

    def measuring(self) -> Slices[None]:
        """Measure whatever tells of an answer, as after a run was repeated."""
        for number in self.answers:
            for check in self._checks(number):
                if self.truths.can_tell(*check) and not self.truths.known(*check):
                    yield from self.truths.telling(*check)

    def said(self, number: int) -> str | float | None:
        """The answer to a stage's question: the choice in words, or a number; None where it was skipped."""
        question, answer = self.stages[number].question, self.answers[number]
        if question is None or answer.choice is None:
            return answer.number
        return question.choices[answer.choice].say

    def in_words(self, number: int) -> str:
        """The answer to a stage's question as it was given, a choice with its number in front."""
        said, choice = self.said(number), self.answers[number].choice
        return plain_number(said) if isinstance(said, float) else f"{(choice or 0) + 1} {said}"

    @property
    def marked(self) -> Marks:
        """The answers that are told and scored."""
        return {number: right for number in self.answers if (right := self.right(number)) is not None}

    @property
    def place(self) -> Cursor | None:
        """Where the open stage takes the cursor as it opens; None to leave it where it is."""
        go = self.stage.go
        if go is None:
            return None
        inside = go.operation and place_of(go.operation, self.session, self.front, go.step)
        return inside or Cursor(go.step)

    @property
    def marks(self) -> tuple[bool, ...]:
        """Of each stage, whether it is done."""
        return tuple(
            number < self._furthest or (number == self.number and self.done) for number in range(len(self.stages))
        )

    @property
    def stages_done(self) -> int:
        """How many stages were gone through, the last one where it is done."""
        return self._furthest + (self.number == self._furthest and (self.finished or self.met is not None))

    def _turn(self, number: int) -> bool:
        if not 0 <= number < len(self.stages):
            return False
        do(self.session, Turn(number))
        self._read_journal()
        return True

    def _leave_reply(self) -> bool:
        """Away from a reply: the stage that was open opens, or the next one where it was its own."""
        number = self.reply
        assert number is not None
        self._told.add(number)
        if self._untold():  # another answer is told at the same step
            return False
        self.telling = False
        going_on = number == self.number or self.done
        return self._turn(min(self.number + going_on, len(self.stages) - 1))

    def _read_journal(self) -> None:
        """Take in what was done since it was last looked at."""
        journal = self.session.journal
        for position in range(self._read, len(journal)):
            match journal[position]:
                case Turn() as turn:
                    self._read_turn(turn, position)
                case AnswerStage() as answer:
                    self.answers[answer.stage] = answer
                case Explain(stage=stage, reason=reason):
                    self.reasons[stage] = reason
        self._read = len(journal)
        self._bind()

    def _read_turn(self, turn: Turn, position: int) -> None:
        """A turn that was made where an answer could be told leaves what is told behind."""
        if turn.stage != self.number:
            self.number, self._since, self.hinted = turn.stage, position + 1, False
            self.met, self.telling = None, False
            self._furthest = max(self._furthest, turn.stage)
            self._opened = Cursor(*turn.at) if turn.at else self.session.cursor
        for number in self.answers:
            question = self.stages[number].question
            if question is not None and turn.at is not None and turn.at[0] >= question.at:
                self._told.add(number)

    def _bind(self) -> None:
        """Hold moves up where a question is open; let runs stop where the stage waits."""
        self.session.bound(self._bounds() if self.on else Bounds())

    def _bounds(self) -> Bounds:
        stage, session = self.stage, self.session
        if self.asking and stage.question is not None:
            if session.reached >= stage.question.at:
                return Bounds()
            reached, done = Cursor(session.reached), session.lockstep.operations_done
            return Bounds(limit=max(self._opened, reached, key=done))
        question = self._next_question
        if question is not None and session.reached < question.at:
            met, reached = self.met or session.cursor, Cursor(session.reached)
            return Bounds(limit=max(met, reached, key=session.lockstep.operations_done))
        asked_place = self._asked_place
        if asked_place is not None:
            return Bounds(limit=session.lockstep.out(asked_place))
        steps = [one for one in (stage.at, stage.until.step if isinstance(stage.until, StepReached) else None) if one]
        asked = [
            question.at
            for number in self.answers.keys() - self._told
            if (question := self.stages[number].question) and question.at > session.cursor.step
        ]
        ahead = [step for step in (*steps, *asked) if step > session.cursor.step]
        until = stage.until.check.text if isinstance(stage.until, CheckHolds) else ""
        return Bounds(pause=min(ahead, default=None), until=until)
