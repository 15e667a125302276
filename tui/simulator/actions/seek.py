"""Places in the run that are asked for: a step, the end of a phase or an epoch, a breakpoint, where something is so."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from scenarios.expressions.expression import ExpressionError
from scenarios.quantities.definitions import QUANTITIES
from tui.session.breakpoints import Watch, validated
from tui.session.session import Session
from tui.simulator.doing import ask, run
from tui.simulator.stage import Stage


async def go_to(stage: Stage) -> None:
    """Ask where to go, and go there."""
    from tui.dialogs.go_to import go_to_form

    session = stage.session
    check = partial(validated, lane_runs=session.lane_runs)
    match await ask(go_to_form(session.cursor.step, session.scenario.steps, check)):
        case None:
            pass
        case int(step):
            stage.advance_to(step)
        case "phase":
            stage.move(session.end_of_phase)
        case "epoch":
            await _run_until(stage, f"epoch > {session.epoch}")
        case str(condition):
            await _run_until(stage, condition)


async def breakpoints(stage: Stage) -> None:
    """Set, switch and remove breakpoints."""
    from tui.dialogs.breakpoints import BreakpointList

    session = stage.session
    check = partial(validated, lane_runs=session.lane_runs)
    points = await ask(BreakpointList(session.breakpoints, _condition_words(session), check))
    if points is not None:
        session.watch_for(points)
        stage.moved()


def _condition_words(session: Session) -> list[str]:
    lanes = [*(lane_run.lane.id for lane_run in session.lane_runs), "any", "all"]
    words = [f"{lane}.{name} " for lane in lanes for name, of in QUANTITIES.items() if of.of_lane]
    return ["step == ", "epoch == ", *words]


async def run_on(stage: Stage) -> None:
    """On to the next breakpoint; without one, to the scenario's last step."""
    watch = stage.session.watch()
    await _run_watched(stage, watch, stage.session.run(_limit(stage.session), watch), "no breakpoint on the way")


async def run_back(stage: Stage) -> None:
    """Back to the last step at which a breakpoint's condition became true."""
    watch = stage.session.watch()
    await _run_watched(stage, watch, stage.session.run_back(watch), "no breakpoint before this step")


async def _run_watched(stage: Stage, watch: Watch, way: Iterator[int], otherwise: str) -> None:
    if watch:
        await run(way)
        stage.tell_hit(otherwise)
    else:
        stage.notify("no breakpoint is on: b sets one", timeout=3)


async def _run_until(stage: Stage, text: str) -> None:
    """On to the first step at which a typed condition becomes true."""
    session = stage.session
    try:
        validated(text, session.lane_runs)
    except ExpressionError as error:
        stage.notify(str(error), severity="error")
        return
    watch, step = Watch(session.lane_runs, [text]), session.cursor.step
    if watch.first_true(step, step) is not None:
        stage.notify(f"true here already, at step {step}: {text}", timeout=4)
        return
    limit = _limit(session)
    await run(session.run(limit, watch))
    stage.tell_hit(f"not true up to step {limit}: {text}", "reached")


def _limit(session: Session) -> int:
    """The last step that is looked at for a condition; from the end of the run as many steps more."""
    end = max(session.scenario.steps, session.reached)
    return end if session.cursor.step < end else end + session.scenario.steps
