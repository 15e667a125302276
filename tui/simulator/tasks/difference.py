"""Two lanes number by number: subtracted in the panes of weights and gradients, and where they first differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nncore.model import NetworkModel
from nncore.slices import Slices
from nncore.training import Lane
from scenarios.guide import NamedOperation
from tui.keymap.own_keys import keyed
from tui.panes.matrices import unlike
from tui.panes.pane import short_name
from tui.session.cursor import Cursor
from tui.session.frame import LaneFrame
from tui.session.places import place_of
from tui.session.session import Session
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run
from tui.simulator.tasks.places import go

if TYPE_CHECKING:  # what compares is needed by this key alone
    from scenarios.own_code.findings import Difference, First

PANES = ("weights", "gradients")


async def difference(screen: SimulatorScreen) -> None:
    """Subtract the next lane from the one in front, and list where they first differ; after the last one, none."""
    session, front, options = screen.session, screen.panes.front, screen.options
    count = len(session.lane_runs)
    if count == 1:
        screen.say(keyed("there is one lane only: {branch} makes another"))
        return
    less = next_lane(screen.frame().lanes, front, options.less)
    screen.options = replace(options, less=less)
    if less and not set(PANES) & set(screen.panes.kinds):
        screen.panes.kinds = (*screen.panes.kinds, PANES[0])
    screen.place_panes()
    if not less:
        screen.say("weights and gradients as they are, nothing subtracted")
        return
    own, other = (session.lane_runs[number % count].lane for number in (front, front + less))
    names = short_name(own), short_name(other)
    lanes = screen.frame().lanes
    apart = unlike(lanes[front], lanes[(front + less) % count])
    if apart is not None or not isinstance(own.model, NetworkModel):
        screen.say(apart or f"{' − '.join(names)}: the first difference is looked for in networks only")
        return
    found = await _compared(screen, own, other)
    if found is not None:
        await _list(screen, front, names, found)


def next_lane(lanes: Sequence[LaneFrame], front: int, less: int) -> int:
    """How far on the next lane is that can be subtracted, any other where none can; 0 after the last one."""
    others = range(1, len(lanes))
    alike = [by for by in others if unlike(lanes[front], lanes[(front + by) % len(lanes)]) is None]
    return next((by for by in alike or others if by > less), 0)


async def _compared(screen: SimulatorScreen, own: Lane, other: Lane) -> Difference | None:
    """How two lanes differ in all steps that were made."""
    from scenarios.own_code.sides import lanes_compared

    steps = screen.session.reached
    found: list[Difference] = []
    made: list[int] = []

    def comparing() -> Slices[None]:
        found.append((yield from lanes_compared(own, other, steps, made.append)))

    await run(comparing(), lambda: f"comparing steps… {len(made):,}")
    return found[0] if found else None


async def _list(screen: SimulatorScreen, front: int, names: tuple[str, str], found: Difference) -> None:
    """Tell where two lanes first differ and how that grew, and go there if that is wanted."""
    from tui.dialogs.table import Table
    from tui.explain.first_difference import told

    session = screen.session
    rows = [(line,) for line in told(found, names, of_lanes=True)]
    place = _place(session, front, found.first) if found.first else None
    answers = {} if place is None else {"g": "goes there"}
    answer = await ask(Table(f"{' − '.join(names)} · where they first differ", rows, answers, head=False))
    if answer == "g" and place is not None:
        await go(screen, place)


def _place(session: Session, front: int, first: First) -> Cursor:
    """Where the first difference is seen: at its operation, that of starting values at step 0."""
    if first.step == 0:
        return Cursor()
    lane = session.lane_runs[front].lane.id
    operation = NamedOperation(first.operation, first.layer or 0, lane)
    return place_of(operation, session, front, first.step - 1) or Cursor(first.step)
