"""A lesson run: what was done in a session, as a JSON file that can be repeated without a screen.

Stepping about leaves no trace but the place where something was changed, and the place where the run ended.
"""

from __future__ import annotations

import json
import re

import msgspec

from nncore.slices import Slices, finished
from scenarios.errors import ScenarioError
from scenarios.export.provenance import scenario_hash, versions
from scenarios.file.loader import load
from tui.lesson.asked_operations import refuse_wrong_score
from tui.lesson.quiz import answer_again
from tui.lesson.verdicts import Verdicts
from tui.session.actions import Answer, Change, Fill, Predict, do, entries
from tui.session.cursor import Cursor
from tui.session.lane_run import LaneRun
from tui.session.session import Session
from tui.session.snapshot import Action, Place

FORMAT = 1
MAX_BYTES = 16 * 2**20
MOST_WORK = 10**12
LEAST_WORK = 100_000
"""Multiply-adds: how many are repeated at most, and how many a step of a lane counts as at least."""

_STEPS_OF_AN_ACTION = 300


class LessonRun(msgspec.Struct, forbid_unknown_fields=True):
    """scenario: a library name, or the path it was opened by, changed by `set`. end: the last step and position."""

    gradstep_lesson_run: int
    scenario: str
    seed: int
    actions: list[Change]
    end: Place
    set: list[str] = []
    version: str = ""
    numpy: str = ""
    scenario_hash: str = ""


def recorded(session: Session) -> str:
    """What was done in a session, as the text of a file."""
    scenario = session.scenario
    place = (session.cursor.step, session.cursor.position)
    run = LessonRun(
        gradstep_lesson_run=FORMAT,
        scenario=scenario.file,
        seed=session.first_seed,
        actions=entries(session.journal),
        end=place,
        set=list(scenario.overrides),
        **versions(),
        scenario_hash=scenario_hash(scenario),
    )
    return json.dumps(msgspec.to_builtins(run), indent=1, ensure_ascii=False) + "\n"


def read(content: bytes, file: str) -> LessonRun:
    """The lesson run in a file's bytes; raises ScenarioError, with the number of the action that is none."""
    try:
        run = msgspec.json.decode(content, type=LessonRun)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ScenarioError(file, _place(str(error)), f"is no lesson run: {error}") from None
    if run.gradstep_lesson_run != FORMAT:
        raise ScenarioError(file, "", f"found version {run.gradstep_lesson_run}; allowed: {FORMAT}")
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
        session, effort = Session.begin(load(run.scenario, run.set), run.seed), _Effort()
    except ScenarioError as error:
        raise ScenarioError(file, "scenario", str(error)) from None
    for number, action in enumerate(run.actions, 1):
        _finish(_done(session, action, effort), file, f"action {number}")
    _finish(_going(session, run.end, effort), file, "end")
    verdicts = Verdicts(session)
    for kind, place in verdicts.due():
        verdicts.tell(kind, place)
    return session, verdicts


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
            yield from _done(twin, action, effort)
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


def _done(session: Session, action: Action, effort: _Effort) -> Slices[None]:
    """Go to where an action was done, and do it again."""
    if action.at is not None:
        yield from _going(session, action.at, effort)
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
