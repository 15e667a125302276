"""Places that are asked for: a step, the end of a phase or an epoch, a breakpoint, where something is so; a thing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from nncore.model import NetworkModel
from scenarios.expressions.expression import ExpressionError
from scenarios.guide import Target
from scenarios.quantities.definitions import QUANTITIES
from scenarios.quantities.lane_shape import lane_shape, names_of
from scenarios.scenario import NamedPlace
from tui.keymap.own_keys import keyed
from tui.panes.layout import PaneId
from tui.panes.marks import pane_of
from tui.panes.matrices import entry_of
from tui.panes.wrong import wrong_answers
from tui.render.heatmap import Entry
from tui.render.selection import Sample, Unit
from tui.session.breakpoints import Breakpoint, validated
from tui.session.cursor import Lockstep
from tui.session.places import all_places, cursor_of
from tui.session.session import Session
from tui.session.stop_search import StopSearch
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run
from tui.simulator.tasks.places import go


async def go_to(screen: SimulatorScreen) -> None:
    """Ask where to go, and go there."""
    from tui.dialogs.go_to import go_to_form

    session = screen.session
    check = partial(validated, lane_runs=session.lane_runs)
    find = partial(place_in_pane, session, screen.panes.front)
    places = {place.name: place for place in all_places(session)}
    match await ask(go_to_form(session.cursor.step, session.scenario.steps, check, find, places, names_in(session))):
        case None:
            pass
        case Target() as target:
            select(screen, *find(target))
        case NamedPlace() as place:
            await go(screen, cursor_of(place, session, screen.panes.front))
        case int(step):
            screen.advance_to(step)
        case "phase":
            screen.move(Lockstep.end_of_phase)
        case "epoch":
            await _run_until(screen, f"epoch > {session.epoch}")
        case str(condition):
            await _run_until(screen, condition)


def place_in_pane(session: Session, front: int, target: Target) -> tuple[PaneId, Entry | Unit]:
    """The pane that draws a weight, bias, gradient or unit, and what is selected in it; raises ValueError for none."""
    ids = [lane_run.lane.id for lane_run in session.lane_runs]
    if target.lane is not None and target.lane not in ids:
        raise ValueError(f"no lane {target.lane}; allowed: {', '.join(ids)}")
    number = ids.index(target.lane) if target.lane else front
    model = session.lane_runs[number].lane.model
    if not isinstance(model, NetworkModel):
        raise ValueError(f"{ids[number]} is a function, which has no layers")
    depth = model.network.depth
    if not 1 <= target.layer <= depth:
        raise ValueError(f"{ids[number]} has layers 1 to {depth}")
    layer = model.network.layers[target.layer - 1]
    sizes = (layer.fan_out, layer.fan_in) if target.name in ("W", "dW") else (layer.fan_out,)
    if len(target.index) != len(sizes) or any(at >= size for at, size in zip(target.index, sizes, strict=False)):
        last = ",".join(str(size - 1) for size in sizes)
        raise ValueError(f"allowed: {target.name}{target.layer}[{','.join('0' * len(sizes))}] to [{last}]")
    pane = PaneId(pane_of(target), number)
    if pane.kind == "network":
        return pane, Unit(target.layer, target.index[0])
    return pane, entry_of(model.network, target)


def next_wrong(screen: SimulatorScreen) -> None:
    """Into the map of the lane in front, with the next sample selected that it puts in the wrong class."""
    lane, pane = screen.frame().lane, PaneId("function", screen.panes.front)
    wrong = wrong_answers(lane)
    if wrong is None:
        screen.say(f"{screen.label} has no map of classes")
        return
    widget = screen.panes.widgets.get(pane)
    selected = widget.selection if widget else None
    number = wrong.after(selected.number if isinstance(selected, Sample) else None)
    if number is None:
        screen.say(f"{screen.label}: {wrong.words}")
    else:
        select(screen, pane, Sample(number))


def select(screen: SimulatorScreen, pane: PaneId, thing: Entry | Unit | Sample) -> None:
    """Go into a pane with something selected; the pane is put on the screen if it is not there."""
    panes = screen.panes
    if pane.kind not in panes.kinds:
        screen.guide.sees("pane", Target(pane.kind))
        panes.kinds = (*panes.kinds, pane.kind)
    panes.focus_on(pane)
    screen.place_panes()
    panes.choose_in(panes.widgets[pane], thing)
    screen.moved()


async def breakpoints(screen: SimulatorScreen) -> None:
    """Set, switch and remove breakpoints."""
    from tui.dialogs.breakpoints import BreakpointList

    session = screen.session

    def check(point: Breakpoint) -> object:
        return validated(point.text, session.lane_runs, point.inside)

    points = await ask(BreakpointList(session.breakpoints, names_in(session), check))
    if points is not None:
        session.set_breakpoints(points)
        screen.moved()


def names_in(session: Session) -> list[str]:
    """The names that a condition may hold, entries with their last index."""
    shapes = {lane_run.lane.id: lane_shape(lane_run.lane) for lane_run in session.lane_runs}
    of_any = [f"{some}.{name}" for some in ("any", "all") for name, of in QUANTITIES.items() if of.of_lane]
    return ["step", "epoch", *(f"{lane}.{name}" for lane, of in shapes.items() for name in names_of(of)), *of_any]


async def run_on(screen: SimulatorScreen) -> None:
    """On to the next breakpoint; without one, to the scenario's last step."""
    search = screen.session.stop_search()
    await _run_on(screen, search, screen.session.run(_limit(screen.session), search), "no breakpoint on the way")


async def run_back(screen: SimulatorScreen) -> None:
    """Back to the last step at which a breakpoint's condition became true."""
    search = screen.session.stop_search()
    await _run_on(screen, search, screen.session.run_back(search), "no breakpoint before this step")


async def _run_on(screen: SimulatorScreen, search: StopSearch, way: Iterator[object], otherwise: str) -> None:
    if search:
        await run(way)
        screen.tell_hit(otherwise)
    else:
        screen.say(keyed("no breakpoint is on: {breakpoints} sets one"))


async def _run_until(screen: SimulatorScreen, text: str) -> None:
    """On to the first step at which a typed condition becomes true."""
    session = screen.session
    try:
        validated(text, session.lane_runs)
    except ExpressionError as error:
        screen.say(str(error), error=True)
        return
    search, step = StopSearch(session.lane_runs, [text]), session.cursor.step
    if search.after_steps.first_true(step, step) is not None:
        screen.say(f"true here already, at step {step}: {text}")
        return
    limit = _limit(session)
    await run(session.run(limit, search))
    screen.tell_hit(f"not true up to step {limit}: {text}", "reached")


def _limit(session: Session) -> int:
    """The last step that is looked at for a condition; from the end of the run as many steps more."""
    end = max(session.scenario.steps, session.reached)
    return end if session.cursor.step < end else end + session.scenario.steps
