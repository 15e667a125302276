"""Close looks: at what is selected, and at a lane that diverged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui.keymap.own_keys import keyed
from tui.render.selection import Step
from tui.session.actions import Branch
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask
from tui.simulator.tasks.change import branch_off

if TYPE_CHECKING:  # a launch needs no way backwards
    from tui.explain.why_value import Value


async def inspect(screen: SimulatorScreen) -> None:
    """All about what is selected; else what the pane lists, and about the parameter that this step changes most."""
    from tui.dialogs.table import Table
    from tui.explain.parameter import inspect_parameter

    frame, widget = screen.frame(), screen.panes.focused_widget
    if widget is not None and isinstance(widget.selection, Step):
        await _inspect_step(screen, widget.selection.number)
        return
    lane = frame.lane
    title = f"inspect · {lane.lane.label}"
    listed = widget.overview(frame) if widget else []
    if listed and not await ask(Table(title, listed, {"u": "the parameter that this step changes most"}, head=False)):
        return
    rows, start = widget.inspection(frame) if widget else [], _start_of_why(screen)
    if not rows:
        largest = int(np.argmax(np.nan_to_num(np.abs(lane.trace.change))))
        rows, start = inspect_parameter(lane, largest, screen.look.ascii), _start_of_why(screen, largest)
    answers = {"enter": keyed("why: the way of its numbers backwards, term by term (as {why})")} if start else {}
    answer = await ask(Table(title, rows, answers, head=False))
    for target in screen.panes.selected_targets:
        screen.guide.sees("inspected", target)
    screen.moved()
    if answer and start is not None:
        from tui.simulator.tasks.why import way_of

        await way_of(screen, screen.panes.front, start)


def _start_of_why(screen: SimulatorScreen, entry: int | None = None) -> Value | None:
    """The value that the inspector's numbers are of, that of an entry of θ or what is selected; None without a way."""
    from tui.explain.unit import driving_row
    from tui.explain.why_start import parameter_value
    from tui.simulator.tasks.why import selected_value

    if entry is not None:
        return parameter_value(screen.frame().lane, entry)
    try:
        return selected_value(screen, driving_row)
    except ValueError:
        return None


async def _inspect_step(screen: SimulatorScreen, step: int) -> None:
    """The quantities of all lanes after a step, and a key to go there."""
    from tui.dialogs.table import Table
    from tui.explain.step import inspect_step

    rows = inspect_step(screen.session.lane_runs, step)
    if await ask(Table(f"inspect · after step {step:,}", rows, {"g": "go to this step"})):
        screen.advance_to(step)


async def autopsy(screen: SimulatorScreen) -> None:
    """Why the lane in front stopped; its answers go to the last healthy step."""
    from tui.dialogs.table import Table
    from tui.explain.autopsy import autopsy as found_in

    number = screen.panes.front
    lane_run = screen.session.lane_runs[number]
    found = found_in(lane_run.timeline)
    if found is None:
        screen.say(screen.label + keyed(" is alive; {autopsy} opens the autopsy of a lane that stopped"))
        return
    rows: list[tuple[str, ...]] = [(f"At step {found.step}, {found.cause} was the first to overflow.",), ("",)]
    rows.append(("step", "batch loss", "gradient norm", "norm of θ"))
    rows += [(str(step), *rest) for step, *rest in found.growth]
    rows += [("",), (found.sharpness,)] if found.sharpness else []
    answers = {
        "h": f"go to step {found.healthy}, the last before θ grew to twice its shortest length",
        "f": "branch there with the learning rate halved",
    }
    answer = await ask(Table(f"autopsy of {screen.label}", rows, answers, head=False))
    if answer is None:
        return
    screen.session.go_to(found.healthy)
    if answer == "f":
        rate = lane_run.lane.settings_at(found.healthy).optimizer.learning_rate / 2
        halved = {"optimizer": {"learning_rate": rate}}
        await branch_off(screen, Branch(number, f"{screen.label}, learning rate halved", halved))
    screen.place_panes()
