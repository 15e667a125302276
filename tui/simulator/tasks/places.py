"""Places with names: named, removed, gone to."""

from __future__ import annotations

from scenarios.scenario import NamedPlace
from tui.explain.notation import operation_in_words
from tui.session.cursor import Cursor
from tui.session.places import checked, cursor_of, named_here
from tui.session.session import Session
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run


async def places(screen: SimulatorScreen) -> None:
    """List the places with names, name the one under the cursor, and go to one that is chosen."""
    from tui.dialogs.places import PlaceList

    session, front = screen.session, screen.panes.front

    def named(name: str, note: str) -> NamedPlace:
        return named_here(session, front, name, note)

    def words(place: NamedPlace) -> str:
        return where(session, front, place)

    def order(place: NamedPlace) -> int:
        return session.lockstep.operations_done(cursor_of(place, session, front))

    answer = await ask(PlaceList(session.places, session.scenario.stops, named, checked, words, order))
    if answer is None:
        return
    session.name_places(answer.own)
    if answer.go is None:
        screen.moved()
    else:
        await go(screen, cursor_of(answer.go, session, front))


def where(session: Session, front: int, place: NamedPlace) -> str:
    """Where a place is, in words: "after step 12", or "step 13, error signal δ₁ of deep"."""
    cursor = cursor_of(place, session, front)
    if place.operation is None or cursor.position is None:
        return f"after step {cursor.step:,}"
    ids, lane = [lane_run.lane.id for lane_run in session.lane_runs], place.operation.lane
    return operation_in_words(session, cursor, ids.index(lane) if lane in ids else front)


async def go(screen: SimulatorScreen, cursor: Cursor) -> None:
    """Go to a place, or as far as the guide lets moves go."""
    if not screen.session.allows(cursor):
        screen.say(screen.guide.held_move)
    await run(screen.session.go_to_place(cursor))
    screen.moved()
