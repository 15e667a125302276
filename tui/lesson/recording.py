"""A lesson run: what was done in a session, as a JSON file that can be repeated without a screen.

Stepping about leaves no trace but the place where something was changed, and the place where the run ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from scenarios.errors import ScenarioError
from scenarios.file.loader import load
from tui.lesson.quiz import answer, next_question
from tui.lesson.verdicts import Verdicts
from tui.render.selection import Unit
from tui.session import changes
from tui.session.cursor import Cursor
from tui.session.frame_builder import FrameBuilder
from tui.session.session import Action, Session

FORMAT = 1
MAX_STEP = 10**9
MISTAKES = (ValueError, KeyError, TypeError, IndexError, AttributeError)
"""What an action that a file gets wrong runs into."""


class LessonRun(msgspec.Struct, forbid_unknown_fields=True):
    """scenario: a library name, or the path it was opened by, changed by `set`. end: the last step and position."""

    gradstep_lesson_run: int
    scenario: str
    seed: int
    actions: list[Action]
    end: tuple[int, int | None]
    set: list[str] = []


def recorded(session: Session) -> str:
    """What was done in a session, as the text of a file."""
    scenario = session.scenario
    place = (session.cursor.step, session.cursor.position)
    run = LessonRun(
        gradstep_lesson_run=FORMAT,
        scenario=scenario.file,
        seed=session.first_seed,
        actions=session.journal,
        end=place,
        set=list(scenario.overrides),
    )
    return json.dumps(msgspec.to_builtins(run), indent=1, ensure_ascii=False) + "\n"


def read(content: bytes, file: str) -> LessonRun:
    """The lesson run in a file's bytes; raises ScenarioError."""
    try:
        run = msgspec.json.decode(content, type=LessonRun)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ScenarioError(file, "", f"is no lesson run: {error}") from None
    if run.gradstep_lesson_run != FORMAT:
        raise ScenarioError(file, "", f"found version {run.gradstep_lesson_run}; allowed: {FORMAT}")
    return run


def repeat(run: LessonRun, file: str) -> tuple[Session, Verdicts]:
    """Do again what was done; raises ScenarioError, with the action's number, where that cannot be."""
    session = Session(load(run.scenario, run.set), run.seed)
    for number, action in enumerate(run.actions, 1):
        _finish(_done(session, action), file, f"action {number}")
    _finish(_going(session, run.end), file, "end")
    verdicts = Verdicts(session)
    for kind, place in verdicts.due():
        verdicts.tell(kind, place)
    return session, verdicts


def _finish(doing: Iterator[int], file: str, key: str) -> None:
    """Do something to its end; raises ScenarioError where that cannot be."""
    try:
        for _ in doing:
            pass
    except ScenarioError as error:
        raise ScenarioError(file, key, error.message) from None
    except MISTAKES as error:
        raise ScenarioError(file, key, f"cannot be done: {error}") from None


def recall(session: Session) -> Iterator[int]:
    """Do again beside a session what its journal says, so that it can be undone, yielding how many steps are left.

    Where the journal cannot be repeated there is nothing to undo.
    """
    twin = Session(session.scenario, session.first_seed)
    try:
        for action in session.journal:
            yield from _done(twin, action)
    except (ScenarioError, *MISTAKES):
        twin = Session(session.scenario, session.first_seed)
    session.recall(twin)


def _done(session: Session, action: Action) -> Iterator[int]:
    """Go to where an action was done, yielding how many steps are left, and do it again."""
    yield from _going(session, action["at"])
    _perform(session, action)


def _going(session: Session, place: Any) -> Iterator[int]:
    step, position = place
    if not isinstance(step, int) or not 0 <= step <= MAX_STEP:
        raise ValueError(f"found step {step}; allowed: 0 to {MAX_STEP:,}")
    yield from session.walk(step)
    if position is not None:
        if not isinstance(position, int) or not 0 <= position < len(session.lockstep):
            raise ValueError(f"there is no operation {position} in a step")
        session.cursor = Cursor(session.cursor.step, position)


def _perform(session: Session, action: Action) -> None:
    match action["do"]:
        case "edit":
            changes.edit_settings(session, action["lanes"], action["set"], str(action["note"]))
        case "assign":
            index = _entry(session, action["lane"], action["index"])
            changes.set_parameter(session, action["lane"], index, float(action["value"]), str(action["note"]))
        case "branch":
            assign = action.get("assign")
            wanted = None if assign is None else (_entry(session, action["lane"], assign[0]), float(assign[1]))
            changes.branch(session, action["lane"], str(action["label"]), action.get("set"), wanted)
        case "close":
            changes.close(session, action["lane"])
        case "reopen":
            changes.reopen(session, action["closed"])
        case "rename":
            changes.rename(session, action["lane"], str(action["label"]))
        case "new_seed":
            session.new_seed()
        case "undo":
            session.undo()
        case "guess":
            session.guess(action["question"], action["answer"])
        case "answer":
            _answer(session, action["lane"], action["about"], float(action["answer"]))
        case other:
            raise ValueError(f"there is no action {other!r}")


def _entry(session: Session, number: int, index: Any) -> int:
    """An entry of a lane's θ; raises ValueError for what is none."""
    if not isinstance(index, int) or not 0 <= index < session.tracks[number].lane.model.parameter_count:
        raise ValueError(f"there is no parameter {index}")
    return index


def _answer(session: Session, number: int, about: Any, value: float) -> None:
    """Answer again what is asked about the next number."""
    wanted = Unit(*about) if isinstance(about, list) else about
    question = next_question(session, FrameBuilder(session, Verdicts(session)), number, wanted)
    if question is None:
        raise ValueError("nothing is asked here")
    answer(session, number, wanted, question, value)
