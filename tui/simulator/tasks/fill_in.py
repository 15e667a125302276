"""The step filled in by the learner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.guide import Filled, NamedOperation
from tui.lesson.guide import Guide
from tui.lesson.guide_page import page_of
from tui.session.actions import CHANGES_LANES, Fill, do
from tui.session.cursor import Bounds, Cursor
from tui.session.places import place_of
from tui.session.session import Session
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask

if TYPE_CHECKING:
    from tui.lesson.fill_in import FillIn


async def fill_in(screen: SimulatorScreen, last: NamedOperation | None = None) -> None:
    """Fill in the step from the operation after the cursor on, up to one that is wanted; esc leaves it, and keeps it.

    Between two steps it begins with the operation that is wanted.
    """
    from tui.dialogs.fill_in import FillInStep

    session, number = screen.session, _lane(screen, last)
    await screen.finish(session.look_ahead(), "computing what comes next…")
    started = _started(screen, number, last)
    if started is None:
        screen.say(f"{session.lane_runs[number].lane.label}: nothing to fill in comes next")
        return

    def found(complete: FillIn) -> bool:
        name, seen = NamedOperation.of(complete.lane.operations[complete.index]), session.seen
        place, done = place_of(name, session, number, complete.step), session.lockstep.operations_done
        if place is not None and done(place) > done(session.cursor):
            if not screen.guide.held:
                session.bound(Bounds())  # numbers that were to be filled in hold no move up any more
            session.reach(place)
        score = complete.score(complete.index)
        before = (seen.step, seen.position)
        do(session, Fill(number, str(name), score.right, score.hinted, score.shown, seen=before))
        screen.moved()
        wanted = last is not None and last.is_of(complete.lane.operations[complete.index])
        return not wanted and not screen.guide.held

    page = page_of(screen.guide) if last is not None else None
    filled = await ask(FillInStep(started, found, screen.look, page.say if page else ""))
    if filled is not None:
        screen.filled[session.lane_runs[number], filled.step] = filled.scope, filled.cells
        so_far = " is filled in" if filled.ended else ", filled in so far"
        screen.say(f"step {filled.step + 1}{so_far}: {filled.score()}")
        screen.moved()


def wanted(guide: Guide) -> NamedOperation | None:
    """The operation that the open stage of the guide waits for, if it waits for one."""
    waits = guide.stage.until if guide.on and not guide.done else None
    return waits.operation if isinstance(waits, Filled) else None


def _lane(screen: SimulatorScreen, last: NamedOperation | None) -> int:
    """The lane that an operation is wanted of, else the one in front."""
    ids = [lane_run.lane.id for lane_run in screen.session.lane_runs]
    return ids.index(last.lane) if last and last.lane in ids else screen.panes.front


def _started(screen: SimulatorScreen, number: int, last: NamedOperation | None) -> FillIn | None:
    """The step in progress, or the next one, where it is to be filled in; None where the lane has stopped."""
    from tui.lesson.fill_in import begin, recalled

    cursor = screen.session.cursor
    for here in (cursor, Cursor(cursor.step + (cursor.position is not None), 0)):
        if here.position is None:
            continue
        lane = screen.builder.lane(number, here)
        if lane.stopped:
            return None
        ends = next((at for at, one in enumerate(lane.operations) if last and last.is_of(one)), None)
        index = lane.index + 1 if here == cursor else ends or 0
        kept = screen.filled.get((screen.session.lane_runs[number], lane.trace.step))
        kept = kept or recalled(lane, _done_before(screen.session, number, lane.trace.step))
        again = ends is not None and ends <= index
        started = begin(lane, ends if again and ends is not None else index, kept, afresh=again)
        if started is not None:
            return started
    return None


def _done_before(session: Session, number: int, step: int) -> list[Fill]:
    """What was filled in of a lane's step since anything in the lanes was changed last."""
    done: list[Fill] = []
    for action in session.journal:
        if isinstance(action, CHANGES_LANES):
            done.clear()
        elif isinstance(action, Fill) and action.lane == number and action.at and Cursor(*action.at).traced == step:
            done.append(action)
    return done
