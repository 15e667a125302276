"""Places of a run by their names: where the learner stands, named, and the way back there."""

from __future__ import annotations

from collections.abc import Sequence

from scenarios.errors import quoted
from scenarios.file.schema import MAX_STOP_NAME, MAX_STOP_NOTE, MAX_STOPS
from scenarios.guide import NamedOperation
from scenarios.scenario import NamedPlace
from tui.session.cursor import Cursor
from tui.session.session import Session

TAKEN = ("phase", "epoch")
"""What going to a place takes for something else."""


def place_of(operation: NamedOperation, session: Session, front: int, step: int) -> Cursor | None:
    """Where a lane has come to an operation of the step after `step` updates; None where it has no such operation."""
    ids = [lane_run.lane.id for lane_run in session.lane_runs]
    lane = ids.index(operation.lane) if operation.lane in ids else front
    wanted = [number for number, one in enumerate(session.lane_runs[lane].operations) if operation.is_of(one)]
    for position in range(len(session.lockstep)) if wanted else ():
        cursor = Cursor(step, position)
        if session.lockstep.lane_position(lane, cursor).index == wanted[0]:
            return cursor if position < len(session.lockstep) - 1 else Cursor(step + 1)
    return None


def cursor_of(place: NamedPlace, session: Session, front: int) -> Cursor:
    """Where a named place is: its step alone where no lane has its operation any more."""
    inside = place.operation and place_of(place.operation, session, front, place.at)
    return inside or Cursor(place.at)


def named_here(session: Session, front: int, name: str, note: str) -> NamedPlace:
    """The place of the cursor with a name; its operation is that of the lane in front, or of one that it waits for."""
    cursor = session.cursor
    if cursor.position is None:
        return NamedPlace(cursor.step, name, None, note)
    lanes = [front, *(number for number in range(len(session.lane_runs)) if number != front)]
    lane = next(number for number in lanes if not session.position(number).waiting)
    lane_run = session.lane_runs[lane]
    operation = lane_run.operations[session.position(lane).index]
    return NamedPlace(cursor.step, name, NamedOperation.of(operation, lane_run.lane.id), note)


def all_places(session: Session) -> tuple[NamedPlace, ...]:
    """The scenario's stops and the learner's own places, in the order of the run."""
    places = (*session.scenario.stops, *session.places)
    order = session.lockstep.operations_done
    return tuple(sorted(places, key=lambda place: order(cursor_of(place, session, 0))))


def checked(place: NamedPlace, others: Sequence[NamedPlace]) -> NamedPlace:
    """A place whose name the others have not, as a scenario's stops may be; raises ValueError for any other."""
    name, note, names = place.name, place.note, [other.name for other in others]
    if len(others) >= MAX_STOPS:
        raise ValueError(f"{len(others)} places are named; allowed: at most {MAX_STOPS}, the scenario's own among them")
    if not (name.strip() and len(name) <= MAX_STOP_NAME and name.isprintable()):
        raise ValueError(f"found {quoted(name)}; allowed: a name of 1 to {MAX_STOP_NAME} printable characters")
    if name in names or name in TAKEN or name.lstrip("+-").isdecimal():
        what = "a second time" if name in names else "which goes somewhere else"
        raise ValueError(f"found {quoted(name)} {what}; allowed: a name of its own")
    if not (len(note) <= MAX_STOP_NOTE and note.isprintable()):
        raise ValueError(f"found a note of {len(note):,} characters; allowed: at most {MAX_STOP_NOTE}, all printable")
    return place


def still_own(places: Sequence[NamedPlace], stops: Sequence[NamedPlace]) -> tuple[NamedPlace, ...]:
    """Those of the learner's places that a scenario's stops leave names and room for."""
    names = {stop.name for stop in stops}
    return tuple(place for place in places if place.name not in names)[: MAX_STOPS - len(stops)]
