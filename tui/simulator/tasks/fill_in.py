"""The step filled in by the learner."""

from __future__ import annotations

from scenarios.guide import Filled, NamedOperation
from tui.lesson.fill_in import FillIn, begin
from tui.lesson.guide import Guide
from tui.lesson.waiting import place_of
from tui.session.actions import Fill, do
from tui.session.cursor import Cursor
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask


async def fill_in(screen: SimulatorScreen, operation: NamedOperation | None = None) -> None:
    """Fill in the step from the operation after the cursor on, or one operation that is wanted; esc keeps it so far."""
    from tui.dialogs.fill_in import FillInStep

    session, number = screen.session, _lane(screen, operation)
    started = _started(screen, number, operation)
    if started is None:
        screen.say(f"{session.lane_runs[number].lane.label}: nothing to fill in comes next")
        return

    def found(complete: FillIn) -> bool:
        name = NamedOperation.of(complete.lane.operations[complete.index])
        place, done = place_of(name, session, number, complete.step), session.lockstep.operations_done
        if place is not None and done(place) > done(session.cursor):
            session.reach(place)
        score = complete.score(complete.index)
        do(session, Fill(number, str(name), score.right, score.hinted, score.shown))
        screen.moved()
        return operation is None and not screen.guide.asking

    filled = await ask(FillInStep(started, found, screen.look))
    if filled is not None:
        screen.filled[session.lane_runs[number], filled.step] = filled.scope, filled.cells
        screen.say(f"step {filled.step + 1}, filled in so far: {filled.score()}")
        screen.moved()


def wanted(guide: Guide) -> NamedOperation | None:
    """The operation that the open stage of the guide waits for, if it waits for one."""
    waits = guide.stage.until if guide.on and not guide.done else None
    return waits.operation if isinstance(waits, Filled) else None


def _lane(screen: SimulatorScreen, operation: NamedOperation | None) -> int:
    """The lane that an operation is wanted of, else the one in front."""
    ids = [lane_run.lane.id for lane_run in screen.session.lane_runs]
    return ids.index(operation.lane) if operation and operation.lane in ids else screen.panes.front


def _started(screen: SimulatorScreen, number: int, operation: NamedOperation | None) -> FillIn | None:
    """The step in progress, or the next one, from where it is to be filled in; None where the lane has stopped."""
    cursor = screen.session.cursor
    for here in (cursor, Cursor(cursor.step + (cursor.position is not None), 0)):
        if here.position is None:
            continue
        lane = screen.builder.lane(number, here)
        if lane.stopped:
            return None
        index = lane.index + 1 if here == cursor else 0
        if operation is not None:
            index = next((at for at, one in enumerate(lane.operations) if operation.is_of(one)), index)
        kept = screen.filled.get((screen.session.lane_runs[number], lane.trace.step))
        started = begin(lane, index, kept, afresh=operation is not None)
        if started is not None:
            return started
    return None
