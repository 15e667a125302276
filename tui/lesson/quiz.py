"""Questions about the number that comes next: what will the next operation make of these terms?

A gradient is asked for by its sign, everything else as a number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.mistakes.judgement import Judgement
from nncore.mistakes.made_of import Entry
from nncore.model import NetworkModel
from nncore.operations import OperationKind
from nncore.training import Lane
from tui.explain.equation import About, Equation, equation
from tui.explain.notation import operation_name
from tui.lesson.judged import judged
from tui.render.numbers import num
from tui.render.selection import Unit
from tui.session.actions import Answer, do
from tui.session.cursor import Cursor
from tui.session.frame import LaneFrame
from tui.session.frame_builder import FrameBuilder
from tui.session.guesses import Answered, close, read_number
from tui.session.seen import order
from tui.session.session import Session
from tui.session.snapshot import Place

SIGNS = {"+": 1.0, "-": -1.0, "−": -1.0, "0": 0.0, "positive": 1.0, "negative": -1.0, "zero": 0.0}
_SAID = {1.0: "positive", -1.0: "negative", 0.0: "zero"}
_BY_SIGN = (OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT)


@dataclass(frozen=True, eq=False)
class Question:
    """lines: what is asked, the last one up to the number in question. cursor: where that number is shown.

    lane: as it stands there. entry: which number of its operation it is, None where it is made on the way to one.
    """

    lines: tuple[str, ...]
    truth: float
    by_sign: bool
    cursor: Cursor
    lane: LaneFrame
    entry: Entry | None

    def read(self, text: str) -> float:
        """What a learner typed: a number, or a sign as −1, 0 or 1, which a number has too; raises ValueError."""
        if not self.by_sign:
            return read_number(text)
        if text.lower() in SIGNS:
            return SIGNS[text.lower()]
        try:
            return float(np.sign(read_number(text)))
        except ValueError:
            raise ValueError("allowed: +, -, 0, or a number of that sign") from None

    def answered(self, value: float, late: bool = False) -> Answered:
        """What became of an answer; late: the number had been seen before."""
        truth = float(np.sign(self.truth)) if self.by_sign else self.truth
        return Answered(" ".join(self.lines), value, truth, self._judged(value).right, late)

    def told(self, value: float) -> str:
        """The truth beside an answer, in words, and which mistake it was."""
        judgement = self._judged(value)
        said = _SAID[value] if self.by_sign else num(value)
        verdict = f"right with {said}" if judgement.right else f"wrong with {said}"
        why = "" if judgement.right or not judgement.says else f": {judgement.says}"
        return f"{self.lines[-1]} = {num(self.truth)}; you were {verdict}{why}."

    def _judged(self, value: float) -> Judgement:
        if self.by_sign:
            return Judgement(bool(value == np.sign(self.truth)))
        if self.entry is None:
            return Judgement(close(value, self.truth))
        if num(value) == num(self.truth):  # all that the screen shows of it
            return Judgement(True)
        return judged(self.lane, self.lane.index, self.entry, value)


def next_question(session: Session, builder: FrameBuilder, number: int, about: About = None) -> Question | None:
    """What can be asked of a lane before its next operation; about an entry of θ or a unit where that takes part.

    Operations that make no number, as taking the batch, are passed over. None where the lane has stopped.
    """
    cursor, now = session.cursor, builder.lane(number, session.cursor)
    for _ in range(len(session.lockstep) + 1):
        cursor = session.lockstep.into(cursor)
        lane = builder.lane(number, cursor)
        if lane.stopped or now.stopped:
            return None
        shown = equation(lane, about)
        if not lane.waiting and shown.result is not None and np.isfinite(shown.result):
            return _question(lane, shown, cursor)
    return None


def _question(lane: LaneFrame, shown: Equation, cursor: Cursor) -> Question:
    assert lane.operation is not None
    assert shown.result is not None
    heading = f"Step {lane.trace.step + 1}, {operation_name(lane.operation)}: {shown.formula}"
    by_sign = lane.operation.kind in _BY_SIGN
    return Question((heading, shown.terms), shown.result, by_sign, cursor, lane, shown.entry)


def answer(
    session: Session, number: int, about: About, question: Question, value: float, seen: Place | None = None
) -> None:
    """Take an answer; the journal keeps what it was about."""
    late = order(session.furthest) >= order(question.cursor)
    do(session, Answer(number, (about.layer, about.number) if isinstance(about, Unit) else about, value, seen=seen))
    session.saw(question.cursor)
    session.take_answer(question.answered(value, late))


def answer_again(session: Session, action: Answer) -> None:
    """Give an answer of a journal again; raises ValueError where nothing is asked."""
    question = asked_again(session, action)
    about = _about(session.lane_runs[action.lane].lane, action.about)
    answer(session, action.lane, about, question, action.answer, action.seen)


def asked_again(session: Session, action: Answer) -> Question:
    """The question that an answer of a journal is to, at the cursor; raises ValueError where nothing is asked."""
    if action.lane >= len(session.lane_runs):
        raise ValueError(f"there is no lane {action.lane}")
    about = _about(session.lane_runs[action.lane].lane, action.about)
    question = next_question(session, FrameBuilder(session), action.lane, about)
    if question is None:
        raise ValueError("nothing is asked here")
    return question


def _about(lane: Lane, about: int | tuple[int, int] | None) -> About:
    """What a journal says that an answer was about; raises ValueError where the lane has no such entry or unit."""
    if isinstance(about, tuple):
        layer, unit = about
        if isinstance(lane.model, NetworkModel):
            sizes = lane.model.network.sizes
            if not (0 <= layer < len(sizes) and 0 <= unit < sizes[layer]):
                raise ValueError(f"there is no unit {unit} in a layer {layer}")
        return Unit(layer, unit)
    if about is not None and not 0 <= about < lane.model.parameter_count:
        raise ValueError(f"there is no parameter {about}")
    return about
