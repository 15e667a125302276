"""A lesson run: what was done in a session, as a JSON file that can be repeated without a screen.

Stepping about leaves no trace but the place where something was changed, how far the run had been seen by then, and
the place where it ended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec

from nncore.slices import Slices, finished
from scenarios.errors import ScenarioError
from scenarios.export.provenance import scenario_hash, versions
from scenarios.file.loader import load
from scenarios.file.resolve import learner_seed
from scenarios.quantities import definitions
from scenarios.quantities.measure import measure
from tui.lesson.asked_operations import refuse_wrong_score
from tui.lesson.quiz import answer_again
from tui.lesson.verdicts import Verdicts
from tui.session.actions import Answer, AnswerStage, Change, Fill, Predict, do, entries
from tui.session.chain import digest
from tui.session.cursor import Cursor
from tui.session.lane_run import LaneRun, measured_at
from tui.session.session import Session
from tui.session.snapshot import Action, Place

FORMAT = 2
READABLE = (1, 2)
"""The versions of the format that can be read; the first one names no learner, and has no hashes."""
MAX_BYTES = 16 * 2**20
MOST_WORK = 10**12
LEAST_WORK = 100_000
"""Multiply-adds: how many are repeated at most, and how many a step of a lane counts as at least."""

_STEPS_OF_AN_ACTION = 300


class LessonRun(msgspec.Struct, forbid_unknown_fields=True):
    """scenario: a library name, or the path it was opened by, changed by `set`. end: the last step and position.

    learner: an id, "" where nobody said. title: the scenario's own name. run: drawn when the run began. seen: how far
    it was looked at. train_loss: of each lane at the end, None where it is not finite. seal: the hash of all the rest.
    """

    gradstep_lesson_run: int
    scenario: str
    seed: int
    actions: list[Change]
    end: Place
    set: list[str] = []
    learner: str = ""
    title: str = ""
    version: str = ""
    numpy: str = ""
    scenario_hash: str = ""
    run: str = ""
    seen: Place | None = None
    train_loss: dict[str, float | None] = {}
    seal: str = ""


def recorded(session: Session) -> str:
    """What was done in a session, as the text of a file."""
    scenario, cursor, seen = session.scenario, session.cursor, session.seen
    run = LessonRun(
        gradstep_lesson_run=FORMAT,
        scenario=scenario.file,
        seed=session.first_seed,
        actions=entries(session.journal),
        end=(cursor.step, cursor.position),
        set=list(scenario.overrides),
        learner=session.learner,
        title=scenario.name,
        **versions(),
        scenario_hash=scenario_hash(scenario),
        run=session.name,
        seen=(seen.step, seen.position),
        train_loss=train_losses(session),
    )
    run.seal = seal(run)
    return json.dumps(msgspec.to_builtins(run), indent=1, ensure_ascii=False) + "\n"


def late_words(session: Session) -> str:
    """How many answers were given after what they are about had been seen, as a grader counts them; "" for none."""
    scenario, late = session.scenario, 0
    for action in session.journal:
        seen = action.seen[0] if action.seen else 0
        match action:
            case Predict(question=number):
                late += seen >= scenario.predictions[number].at
            case AnswerStage(stage=number, choice=choice, number=typed):
                question = scenario.guide[number].question
                late += question is not None and not choice is typed is None and seen >= question.at
    if late == 1:
        return "   (one answer in it was given when its step had been seen)"
    return f"   ({late} answers in it were given when their steps had been seen)" if late else ""


def seal(run: LessonRun) -> str:
    """The hash of all that a lesson run holds but its seal."""
    return digest(msgspec.structs.replace(run, seal=""))


def train_losses(session: Session) -> dict[str, float | None]:
    """The train loss of each lane at the cursor, None where it is not finite."""
    step = session.cursor.step
    return {
        lane_run.lane.id: definitions.number("train_loss", float(measure(measured_at(lane_run, step), "train_loss")))
        for lane_run in session.lane_runs
    }


def read(content: bytes, file: str) -> LessonRun:
    """The lesson run in a file's bytes; raises ScenarioError, with the number of the action that is none."""
    try:
        run = msgspec.json.decode(content, type=LessonRun)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ScenarioError(file, _place(str(error)), f"is no lesson run: {error}") from None
    if run.gradstep_lesson_run not in READABLE:
        allowed = " and ".join(map(str, READABLE))
        raise ScenarioError(file, "", f"found version {run.gradstep_lesson_run}; allowed: {allowed}")
    for number, action in enumerate(run.actions, 1):
        if action.at is None:
            raise ScenarioError(file, f"action {number}", "is no lesson run: `at` is missing")
    return run


def _place(message: str) -> str:
    """The key that a decoder's message is about."""
    action = re.search(r"\$\.actions\[(\d+)\]", message)
    return f"action {int(action[1]) + 1}" if action else "end" if "$.end" in message else ""


def repeat(run: LessonRun, file: str) -> tuple[Session, Verdicts]:
    """Do again what was done; raises ScenarioError, with the action's number, where that cannot be."""
    try:
        session = Session.begin(load(run.scenario, run.set, learner=seeded_by(run)), run.seed)
    except ScenarioError as error:
        raise ScenarioError(file, "scenario", str(error)) from None
    for _ in again(session, run, file):
        pass
    verdicts = Verdicts(session)
    for kind, place in verdicts.due():
        verdicts.tell(kind, place)
    return session, verdicts


def seeded_by(run: LessonRun) -> str:
    """The learner whose seed a run may have been begun with, "" where its seed is not theirs."""
    return run.learner if run.learner and run.seed == learner_seed(run.learner) else ""


def again(session: Session, run: LessonRun, file: str) -> Iterator[Change | None]:
    """Do in a session at its beginning what a lesson run says: each action, where it is about to be done; then None.

    Raises ScenarioError, with the action's number, where that cannot be.
    """
    session.learner, session.name, effort = run.learner, run.run or session.name, _Effort()
    for number, action in enumerate(run.actions, 1):
        if action.at is not None:
            _finish(_going(session, action.at, effort), file, f"action {number}")
        yield action
        _finish(_done(session, action), file, f"action {number}")
    _finish(_going(session, run.end, effort), file, "end")
    yield None


def _finish(doing: Slices[None], file: str, key: str) -> None:
    """Do something to its end; raises ScenarioError where that cannot be."""
    try:
        finished(doing)
    except ScenarioError as error:
        raise ScenarioError(file, key, error.message) from None
    except ValueError as error:
        raise ScenarioError(file, key, f"cannot be done: {error}") from None


def recall(session: Session) -> Slices[None]:
    """Do again beside a session what its journal says, so that it can be undone.

    Where the journal cannot be repeated there is nothing to undo.
    """
    twin, effort = Session.begin(session.scenario, session.first_seed), _Effort()
    try:
        for action in session.journal:
            if action.at is not None:
                yield from _going(twin, action.at, effort)
            yield from _done(twin, action)
    except ValueError:
        twin = Session.begin(session.scenario, session.first_seed)
    session.recall(twin)


class _Effort:
    """How much work may still be spent on repeating what was done."""

    def __init__(self) -> None:
        self._left = MOST_WORK

    def spend(self, session: Session, step: int) -> None:
        """Take off what going to a step takes, and doing something there; raises ValueError where that is too much."""
        self._left -= sum(_work(lane_run, step) for lane_run in session.lane_runs)
        if self._left < 0:
            raise ValueError(
                f"up to step {step:,} it takes more than {MOST_WORK:,} multiply-adds, the most that is repeated"
            )


def _work(lane_run: LaneRun, step: int) -> int:
    """The multiply-adds of going to a step: of those not yet made, of replay, and of measuring whole parts."""
    lane, timeline = lane_run.lane, lane_run.timeline
    model = lane.model
    settings = [lane.settings, *(edit.settings for edit in lane.edits if edit.settings)]
    sizes = [made.batch_size or model.samples for made in settings]
    of_a_step = max(LEAST_WORK, min(max(sizes), model.samples) * model.multiply_adds)
    made = 0 if timeline.diverged_at else max(0, step - timeline.reached)
    return (
        made + min(step, timeline.reached) // 8 + _STEPS_OF_AN_ACTION
    ) * of_a_step + model.samples * model.multiply_adds


def _done(session: Session, action: Action) -> Slices[None]:
    """Do an action again, where it was done."""
    if isinstance(action, Answer):
        answer_again(session, action)
    elif isinstance(action, Predict) and session.scenario.guide and not session.scenario.predictions:
        session.journal.append(action)  # the lesson asked it before it had a guide
    else:
        if isinstance(action, Fill):
            refuse_wrong_score(session, action)
        yield from do.slices(session, action)


def _going(session: Session, place: Place, effort: _Effort) -> Slices[None]:
    step, position = place
    effort.spend(session, step)
    yield from session.advance(step)
    if position is not None:
        session.stand_at(Cursor(session.cursor.step, position))
