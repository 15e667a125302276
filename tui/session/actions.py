"""What a learner does to a run, as data: the entries of the journal and of a lesson run.

Those that change lanes or the seed, by `Session.change` and `start_again`, are steps of undo.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Annotated, Any, Literal

import msgspec

from nncore.slices import InSlices, Slices
from scenarios.file.schema import MAX_LANES
from scenarios.file.settings import changed
from tui.session.chain import link
from tui.session.guesses import Guess
from tui.session.lane_run import LaneRun
from tui.session.session import Session
from tui.session.snapshot import Action

LONGEST_LABEL = 60
Number = Annotated[int, msgspec.Meta(ge=0)]
"""A lane, a parameter, a question: counted from 0."""
Sight = Literal["selected", "inspected", "pane", "seeds"]
"""How something can be looked at."""
Keys = dict[str, Any]
"""Keys of a lane's table with other values."""


class EditSettings(Action, frozen=True, tag="edit"):
    """Changes keys of these lanes' settings from the step under the cursor on; `note` says which, in words."""

    lanes: tuple[Number, ...]
    set: Keys
    note: str

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ScenarioError for wrong keys and values."""
        wanted, lane_runs = {_lane_run(session, number) for number in self.lanes}, []
        for lane_run in session.lane_runs:
            changing = lane_run in wanted
            lane_runs.append((yield from _with_settings(session, lane_run, self.set)) if changing else lane_run)
        yield from session.change(lane_runs, self.note)


class SetParameter(Action, frozen=True, tag="assign"):
    """Sets one entry of θ from the step under the cursor on."""

    lane: Number
    index: Number
    value: float
    note: str

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError where the lane has no such entry."""
        step, assignment = session.cursor.step, _assignment(session, self.lane, self.index, self.value)
        edited = yield from session.lane_runs[self.lane].edited(step, None, (assignment,))
        yield from _replace(session, self.lane, edited, self.note)


class Branch(Action, frozen=True, tag="branch"):
    """Copies a lane at the cursor into a new, last one, with other settings or one entry (index, value) of θ set."""

    lane: Number
    label: str = ""
    set: Keys | None = None
    assign: tuple[Number, float] | None = None

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError when all lanes are taken, ScenarioError for wrong settings."""
        _refuse_fifth(session)
        lane_run, step = _lane_run(session, self.lane), session.cursor.step
        label = checked_label(_cut(self.label or f"{lane_run.lane.label} from {step}"))
        assignments = () if self.assign is None else (_assignment(session, self.lane, *self.assign),)
        identity, shared = free_id(session, lane_run.lane.id), min(step, lane_run.timeline.reached)
        copy = yield from lane_run.branched(identity, label, shared)
        if self.set:
            copy = yield from _with_settings(session, copy, self.set)
        if assignments:
            copy = yield from copy.edited(step, None, assignments)
        yield from session.change((*session.lane_runs, copy), f"branch of {lane_run.lane.label} at step {step}")


class Close(Action, frozen=True, tag="close"):
    """Closes a lane; `Reopen` brings it back."""

    lane: Number

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError for the last one."""
        if len(session.lane_runs) == 1:
            raise ValueError("the last lane stays")
        lane_run = _lane_run(session, self.lane)
        kept = [other for other in session.lane_runs if other is not lane_run]
        yield from session.change(kept, f"closing {lane_run.lane.label}", closed=(*session.closed, lane_run))


class Reopen(Action, frozen=True, tag="reopen"):
    """Brings a closed lane back, as the last one."""

    closed: Number

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError when all lanes are taken, or no such lane was closed."""
        _refuse_fifth(session)
        if self.closed >= len(session.closed):
            raise ValueError(f"there is no closed lane {self.closed}")
        lane_run = session.closed[self.closed]
        closed = tuple(other for other in session.closed if other is not lane_run)
        yield from session.change((*session.lane_runs, lane_run), f"bringing {lane_run.lane.label} back", closed=closed)


class Rename(Action, frozen=True, tag="rename"):
    """Gives a lane another label."""

    lane: Number
    label: str

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError for a label that is not allowed."""
        label = checked_label(self.label)
        renamed = yield from _lane_run(session, self.lane).renamed(label)
        yield from _replace(session, self.lane, renamed, f"renaming to {label}")


class NewSeed(Action, frozen=True, tag="new_seed"):
    """Starts again with the next seed."""

    def apply(self, session: Session) -> Iterable[None]:
        return session.start_again(session.seed + 1)


class Undo(Action, frozen=True, tag="undo"):
    """Takes the last change or new seed back."""

    def apply(self, session: Session) -> Iterable[None]:
        return session.take_back()


class Predict(Action, frozen=True, tag="guess"):
    """Answers a question of the lesson."""

    question: Number
    answer: Guess

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError where the lesson asks no such question."""
        if self.question >= len(session.scenario.predictions):
            raise ValueError(f"there is no question {self.question}")
        session.guesses[self.question] = self.answer
        return ()


class Answer(Action, frozen=True, tag="answer"):
    """Answers what the next number is, of an entry of θ or of a unit (layer, unit) where it is `about` one."""

    lane: Number
    about: int | tuple[int, int] | None
    answer: float

    def apply(self, session: Session) -> Iterable[None]:
        """Nothing of the run changes; what became of the answer is the lesson's."""
        return ()


class Turn(Action, frozen=True, tag="stage"):
    """Turns to a stage of the guide."""

    stage: Number

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError where the guide has no such stage."""
        _refuse_missing_stage(session, self.stage)
        return ()


class AnswerStage(Action, frozen=True, tag="stage_answer"):
    """Answers a question of the guide: a choice or a number, neither where it is skipped; late: what it is about
    had been seen before."""

    stage: Number
    choice: Number | None = None
    number: float | None = None
    late: bool = False

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError where the guide asks no such question, or has no such choice."""
        _refuse_missing_stage(session, self.stage)
        question = session.scenario.guide[self.stage].question
        if question is None or (self.choice or 0) >= max(1, len(question.choices)):
            raise ValueError(f"stage {self.stage} asks no such question")
        return ()


class Explain(Action, frozen=True, tag="reason"):
    """Says why, in the learner's own words."""

    stage: Number
    reason: str

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError where the guide has no such stage."""
        _refuse_missing_stage(session, self.stage)
        return ()


class Look(Action, frozen=True, tag="look"):
    """Looked at something: `how` is selected, inspected, pane or seeds; `what` names it as scenario files do."""

    how: Sight
    what: str = ""

    def apply(self, session: Session) -> Iterable[None]:
        """Nothing of the run changes."""
        return ()


class Fill(Action, frozen=True, tag="fill"):
    """Filled in an operation of a step: how many numbers were right at once, right after a hint, and shown."""

    lane: Number
    operation: str
    right: Number
    hinted: Number
    shown: Number

    def apply(self, session: Session) -> Iterable[None]:
        """Nothing of the run changes."""
        return ()


class AnswerQuiz(Action, frozen=True, tag="quiz"):
    """Answers a question of the quiz, before the lesson or after it; neither choice nor number where it is skipped.

    late: what it is about had been told or looked at in another opening.
    """

    question: Number
    choice: Number | None = None
    number: float | None = None
    before: bool = False
    late: bool = False

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError where the quiz has no such question."""
        if self.question >= len(session.scenario.quiz):
            raise ValueError(f"there is no question {self.question} in the quiz")
        return ()


class CountStart(Action, frozen=True, tag="count_start"):
    """Counts where the run of a seed ended: what the tally measures of each of the scenario's lanes, None for null."""

    seed: int
    ends: tuple[float | None, ...]

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError unless there is one end for each lane of the scenario."""
        if len(self.ends) != len(session.scenario.lanes):
            raise ValueError(f"found {len(self.ends)} ends; allowed: {len(session.scenario.lanes)}, one for each lane")
        return ()


class Unknown(Action, frozen=True, tag="what an earlier version did not keep"):
    """What was done before a run was saved by a version that kept no journal."""

    def apply(self, session: Session) -> Iterable[None]:
        """Raises ValueError: it cannot be done again."""
        raise ValueError("an earlier version did not keep what was done")


Change = (
    EditSettings
    | SetParameter
    | Branch
    | Close
    | Reopen
    | Rename
    | NewSeed
    | Undo
    | Predict
    | Answer
    | Turn
    | AnswerStage
    | Explain
    | Look
    | Fill
    | AnswerQuiz
    | CountStart
    | Unknown
)
"""What files hold is decoded as one of these."""
CHANGES_LANES = (EditSettings, SetParameter, Branch, Close, Reopen, NewSeed, Undo)
"""Those after which a lane, or its number, may be another one."""


def entries(journal: Iterable[Action]) -> list[Change]:
    """A journal as files hold it."""
    return [action for action in journal if isinstance(action, Change)]


@InSlices
def do(session: Session, action: Action) -> Slices[None]:
    """Do something at the cursor, and write it into the journal; raises ValueError where it cannot be done.

    What is done again has been seen as far as it says.
    """
    cursor, seen = session.cursor, session.seen
    placed = msgspec.structs.replace(
        action,
        at=(cursor.step, cursor.position),
        seen=action.seen or (seen.step, seen.position),
        after=link(session.journal, session.name),
    )
    yield from placed.apply(session)
    session.journal.append(placed)


def in_past(session: Session, numbers: Sequence[int]) -> bool:
    """Whether these lanes were trained beyond the cursor, so that an edit here forgets their future."""
    return any(session.lane_runs[number].timeline.reached > session.cursor.step for number in numbers)


def free_id(session: Session, base: str) -> str:
    """An identifier like `base` that no lane has, closed ones included."""
    taken = {lane_run.lane.id for lane_run in (*session.lane_runs, *session.closed)}
    root = base.rstrip("0123456789").rstrip("_") if "_" in base else base
    return next(name for k in count(2) if (name := f"{root}_{k}") not in taken)


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def checked_label(label: str) -> str:
    """A label that files can hold and screens show; raises ValueError for any other."""
    breaking = any(unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") for character in label)
    if breaking or not (label.strip() and len(label) <= LONGEST_LABEL):
        raise ValueError(f"allowed: 1 to {LONGEST_LABEL} printable characters")
    return label


def _lane_run(session: Session, number: int) -> LaneRun:
    if number >= len(session.lane_runs):
        raise ValueError(f"there is no lane {number}")
    return session.lane_runs[number]


def _assignment(session: Session, number: int, index: int, value: float) -> tuple[int, float]:
    if index >= _lane_run(session, number).lane.model.parameter_count:
        raise ValueError(f"there is no parameter {index}")
    return index, value


def _with_settings(session: Session, lane_run: LaneRun, keys: Keys) -> Slices[LaneRun]:
    """The lane run with keys of its settings changed from the step under the cursor on."""
    step, layers = session.cursor.step, len(lane_run.lane.model.blocks)
    settings = changed(lane_run.lane.settings_at(step), keys, layers, session.scenario.steps)
    return lane_run.edited(step, settings, ())


def _refuse_missing_stage(session: Session, stage: int) -> None:
    if stage >= len(session.scenario.guide):
        raise ValueError(f"the guide has no stage {stage}")


def _refuse_fifth(session: Session) -> None:
    if len(session.lane_runs) >= MAX_LANES:
        raise ValueError(f"there are {MAX_LANES} lanes already; close one first")


def _replace(session: Session, number: int, lane_run: LaneRun, note: str) -> Slices[None]:
    before, after = session.lane_runs[:number], session.lane_runs[number + 1 :]
    return session.change((*before, lane_run, *after), note)
