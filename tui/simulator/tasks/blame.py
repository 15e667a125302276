"""Blame: which samples made a weight what it is between two steps, and which weights changed a sample's answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from nncore.blame import Blame
from nncore.blame import blame as split
from nncore.model import NetworkModel
from nncore.parameters import parameter_name
from nncore.slices import Slices
from nncore.timeline import Timeline
from nncore.training import Lane, State
from scenarios.errors import quoted
from scenarios.guide import Target
from tui.dialogs.field import Field
from tui.dialogs.form import Form
from tui.dialogs.pick_row import PickRow
from tui.explain.blame_table import BlameTable, answer_table, blame_table
from tui.explain.why_start import named_value
from tui.explain.why_value import Kind, Value
from tui.panes.layout import PaneId
from tui.render.selection import Sample
from tui.session.frame import LaneFrame
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run
from tui.simulator.tasks.seek import select
from tui.simulator.tasks.why import entry_names, lane_named, way_of

STRETCH = 100
"""How many steps back are looked at unless others are asked for."""
_SAMPLE = re.compile(r"sample\s*(\d+)", re.ASCII)
_NOTE = (
    "A weight or bias (W1[3,1], deep.b2[0]): which samples made it change between two steps. "
    "Or a sample (sample 17, output[17,0]): which weights made its answer change."
)


@dataclass(frozen=True)
class Asked:
    """What is asked about: an entry of θ of a lane, or a sample with one of its outputs; and between which steps."""

    lane: int
    first: int
    last: int
    entry: int | None = None
    sample: int = 0
    output: int | None = None


async def blame(screen: SimulatorScreen) -> None:
    """Ask about what and between which steps, and tell who made it change."""
    asked = await ask(_form(screen))
    if asked is None:
        return
    if asked.entry is None:
        await _tell_answer(screen, asked)
    else:
        await _tell_weight(screen, asked, asked.entry)


async def _tell_weight(screen: SimulatorScreen, asked: Asked, entry: int) -> None:
    """The samples that made a parameter change; one that is picked is selected on the map."""
    lane_run = screen.session.lane_runs[asked.lane]
    lane, found = lane_run.lane, list[Blame]()
    await run(_splitting(lane_run.timeline, asked, entry, found), "splitting the updates over the samples…")
    table = blame_table(lane, entry, found[0])
    keys = {"enter": "selects the sample"} if any(number is not None for number in table.numbers) else {}
    match await ask(_dialog(lane, table, {**keys, "I": "why"})):
        case ("enter", row):
            select(screen, PaneId("function", asked.lane), Sample(table.numbers[row] or 0))
        case ("I", _):
            await way_of(screen, asked.lane, Value(Kind.PARAMETER, found[0].last, entry))


def _dialog(lane: Lane, table: BlameTable, keys: dict[str, str]) -> PickRow:
    can = [number is not None for number in table.numbers]
    return PickRow(f"blame · {lane.label}", table.told, table.rows, can, table.sums, keys)


def _splitting(timeline: Timeline, asked: Asked, entry: int, found: list[Blame]) -> Slices[None]:
    state = yield from timeline.state_slices(asked.first)
    found.append((yield from split.slices(timeline.lane, state, entry, asked.last)))


async def _tell_answer(screen: SimulatorScreen, asked: Asked) -> None:
    """The parameters that made a sample's answer change; from one that is picked its way goes backwards."""
    lane_run = screen.session.lane_runs[asked.lane]
    lane, model, states = lane_run.lane, lane_run.lane.model, list[State]()
    if not isinstance(model, NetworkModel):
        return
    await run(_states(lane_run.timeline, asked, states), f"going to steps {asked.first} and {asked.last}…")
    thetas, steps = (states[0].theta, states[1].theta), (asked.first, asked.last)
    table = answer_table(model, asked.sample, asked.output, steps, thetas)
    match await ask(_dialog(lane, table, {"enter": "why", "g": "selects the sample"})):
        case ("enter", row) if (entry := table.numbers[row]) is not None:
            await way_of(screen, asked.lane, Value(Kind.PARAMETER, asked.last, entry))
        case ("g", _):
            select(screen, PaneId("function", asked.lane), Sample(asked.sample))


def _states(timeline: Timeline, asked: Asked, states: list[State]) -> Slices[None]:
    for step in (asked.first, asked.last):
        states.append((yield from timeline.state_slices(step)))


def _form(screen: SimulatorScreen) -> Form[Asked]:
    """Asks of what and between which steps; what is selected stands there already."""
    session, front, frame = screen.session, screen.panes.front, screen.frame()
    lane, here = frame.lane, frame.lane.step
    largest = int(np.argmax(np.nan_to_num(np.abs(lane.theta - lane.lane.start))))
    widget, subject = screen.panes.focused_widget, screen.panes.selected_subject
    selected = parameter_name(lane.lane.model, subject) if isinstance(subject, int) else ""
    if widget is not None and isinstance(widget.selection, Sample):
        selected = f"sample {widget.selection.number}"
    first = parameter_name(lane.lane.model, largest)

    def accept(values: dict[str, str]) -> Asked:
        text = values["of"] or first
        prefix, _, name = text.rpartition(".")
        number = lane_named(session, prefix, front)
        reached = session.lane_runs[number].timeline.reached
        steps = [_step(values[key] or str(usual), reached) for key, usual in usuals.items()]
        if steps[0] >= steps[1]:
            raise ValueError(f"allowed: a first step before the last one, which is {steps[1]}")
        return _asked(frame.lanes[number], number, name, steps[0], steps[1])

    usuals = {"from step": max(0, here - STRETCH), "to step": here}
    of = Field("of", selected, first, entry_names(session, front))
    return Form("blame", [of, *(Field(key, hint=str(step)) for key, step in usuals.items())], accept, _NOTE)


def _step(text: str, reached: int) -> int:
    """A step of the run so far; raises ValueError for none."""
    if not text.isdecimal() or len(text) > 9 or int(text) > reached:
        raise ValueError(f"found {quoted(text)}; allowed: a step that was made, 0 to {reached}")
    return int(text)


def _asked(lane: LaneFrame, number: int, name: str, first: int, last: int) -> Asked:
    """What a name asks about; raises ValueError where it names neither a parameter nor a sample."""
    model, target = lane.lane.model, Target.of(name)
    of_sample, output = _SAMPLE.fullmatch(name), target is not None and target.name == "output"
    if isinstance(model, NetworkModel) and (of_sample or (output and target and len(target.index) == 2)):
        sample, unit = (int(of_sample[1]), None) if of_sample else target.index if target else (0, None)
        if sample >= model.samples:
            raise ValueError(f"found sample {sample}; allowed: 0 to {model.samples - 1}")
        if unit is not None and unit >= model.network.sizes[-1]:
            raise ValueError(f"found output {unit}; allowed: 0 to {model.network.sizes[-1] - 1}")
        return Asked(number, first, last, sample=sample, output=unit)
    if isinstance(model, NetworkModel) and (target is None or target.name not in ("W", "b")):
        raise ValueError(f"found {quoted(name)}; allowed: a weight, a bias, or a sample (W1[3,1], b2[0], sample 17)")
    return Asked(number, first, last, named_value(lane, target, name).entry)
