"""Places in the run that are asked for: a step, the end of a phase or an epoch, a breakpoint, where something is so."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from scenarios.expressions.expression import ExpressionError
from scenarios.quantities.definitions import QUANTITIES
from tui.session.breakpoints import Watch, validated
from tui.session.cursor import Lockstep
from tui.session.session import Session
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run


async def go_to(screen: SimulatorScreen) -> None:
    """Ask where to go, and go there."""
    from tui.dialogs.go_to import go_to_form

    session = screen.session
    check = partial(validated, lane_runs=session.lane_runs)
    match await ask(go_to_form(session.cursor.step, session.scenario.steps, check)):
        case None:
            pass
        case int(step):
            screen.advance_to(step)
        case "phase":
            screen.move(Lockstep.end_of_phase)
        case "epoch":
            await _run_until(screen, f"epoch > {session.epoch}")
        case str(condition):
            await _run_until(screen, condition)


async def breakpoints(screen: SimulatorScreen) -> None:
    """Set, switch and remove breakpoints."""
    from tui.dialogs.breakpoints import BreakpointList

    session = screen.session
    check = partial(validated, lane_runs=session.lane_runs)
    points = await ask(BreakpointList(session.breakpoints, _condition_words(session), check))
    if points is not None:
        session.watch_for(points)
        screen.moved()


def _condition_words(session: Session) -> list[str]:
    lanes = [*(lane_run.lane.id for lane_run in session.lane_runs), "any", "all"]
    words = [f"{lane}.{name} " for lane in lanes for name, of in QUANTITIES.items() if of.of_lane]
    return ["step == ", "epoch == ", *words]


async def run_on(screen: SimulatorScreen) -> None:
    """On to the next breakpoint; without one, to the scenario's last step."""
    watch = screen.session.watch()
    await _run_watched(screen, watch, screen.session.run(_limit(screen.session), watch), "no breakpoint on the way")


async def run_back(screen: SimulatorScreen) -> None:
    """Back to the last step at which a breakpoint's condition became true."""
    watch = screen.session.watch()
    await _run_watched(screen, watch, screen.session.run_back(watch), "no breakpoint before this step")


async def _run_watched(screen: SimulatorScreen, watch: Watch, way: Iterator[object], otherwise: str) -> None:
    if watch:
        await run(way)
        screen.tell_hit(otherwise)
    else:
        screen.say("no breakpoint is on: b sets one")


async def _run_until(screen: SimulatorScreen, text: str) -> None:
    """On to the first step at which a typed condition becomes true."""
    session = screen.session
    try:
        validated(text, session.lane_runs)
    except ExpressionError as error:
        screen.say(str(error), error=True)
        return
    watch, step = Watch(session.lane_runs, [text]), session.cursor.step
    if watch.first_true(step, step) is not None:
        screen.say(f"true here already, at step {step}: {text}")
        return
    limit = _limit(session)
    await run(session.run(limit, watch))
    screen.tell_hit(f"not true up to step {limit}: {text}", "reached")


def _limit(session: Session) -> int:
    """The last step that is looked at for a condition; from the end of the run as many steps more."""
    end = max(session.scenario.steps, session.reached)
    return end if session.cursor.step < end else end + session.scenario.steps
