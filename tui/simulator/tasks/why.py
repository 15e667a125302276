"""Why: the way of a value backwards, from what is selected or a name that is typed, and to the places on it."""

from __future__ import annotations

from collections.abc import Callable

from scenarios.guide import NamedOperation, Target
from scenarios.quantities.lane_shape import lane_shape, names_of
from tui.dialogs.field import Field
from tui.dialogs.form import Form
from tui.explain.unit import SHOWN
from tui.explain.why import why as made_by
from tui.explain.why_record import Record
from tui.explain.why_start import (
    gradient_value,
    name_in_equation,
    named_value,
    parameter_value,
    sample_value,
    unit_value,
)
from tui.explain.why_value import OF_SAMPLES, Kind, Value
from tui.lesson.waiting import place_of
from tui.panes.layout import PaneId
from tui.panes.matrices import entry_of
from tui.render.heatmap import Entry
from tui.render.selection import Sample, Unit
from tui.session.cursor import Cursor
from tui.session.frame import LaneFrame
from tui.session.session import Session
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run
from tui.simulator.tasks.seek import select

_NOTE = (
    "The way backwards of a weight, bias, gradient or unit in the step in view (W1[3,1], deep.b2[0], dW1[0,1], z2[3], "
    "delta1[3]), or of one of a sample (z2[17,3]: sample 17, unit 3). As it stands: what the equation line tells."
)


async def why(screen: SimulatorScreen) -> None:
    """The way of the value that is selected, else of one that is asked for by its name."""
    number = screen.panes.front
    try:
        value = selected_value(screen)
    except ValueError as error:
        screen.say(str(error), error=True)
        return
    if value is None:
        answer = await ask(_form(screen))
        if answer is None:
            return
        number, value = answer
    await way_of(screen, number, value)


async def way_of(screen: SimulatorScreen, number: int, value: Value) -> None:
    """The way of a value of a lane, and then to the place that was chosen on it."""
    from tui.dialogs.why import WhyDialog

    lane_run = screen.session.lane_runs[number]
    record = Record(lane_run.timeline)
    dialog = WhyDialog(lane_run.lane.label, lane_run.lane.model, value, lambda *of: made_by.slices(record, *of))
    chosen = await ask(dialog)
    if chosen is not None:
        await _go_to(screen, number, chosen)


def selected_value(screen: SimulatorScreen, row: Callable[[LaneFrame, Unit], int] = lambda *_: SHOWN) -> Value | None:
    """The value that is selected, None where there is none; raises ValueError for one that has no way yet.

    row: which row of the batch a unit's number is of.
    """
    widget, lane = screen.panes.focused_widget, screen.frame().lane
    selection, subject = widget.selection if widget else None, screen.panes.selected_subject
    if isinstance(selection, Sample):
        return sample_value(lane, selection.number)
    if isinstance(subject, Unit):
        return unit_value(lane, subject, row(lane, subject))
    if subject is None or widget is None:
        return None
    return gradient_value(lane, subject) if widget.pane.kind == "gradients" else parameter_value(lane, subject)


def _form(screen: SimulatorScreen) -> Form[tuple[int, Value]]:
    """Asks for a value by its name."""
    session, front, frame = screen.session, screen.panes.front, screen.frame()
    first = name_in_equation(frame.lane)

    def accept(values: dict[str, str]) -> tuple[int, Value]:
        text = values["of"] or first
        lane, _, name = text.rpartition(".")
        number = lane_named(session, lane, front)
        return number, named_value(frame.lanes[number], Target.of(name), name)

    title = f"why, {f'step {frame.lane.trace.step + 1}' if frame.lane.index >= 0 else 'step 0'}"
    return Form(title, [Field("of", hint=first, words=entry_names(session, front))], accept, _NOTE)


def lane_named(session: Session, lane: str, front: int) -> int:
    """The number of a lane by its id, of the one in front where none is named; raises ValueError for none."""
    ids = [lane_run.lane.id for lane_run in session.lane_runs]
    if lane and lane not in ids:
        raise ValueError(f"no lane {lane}; allowed: {', '.join(ids)}")
    return ids.index(lane) if lane else front


def entry_names(session: Session, front: int) -> list[str]:
    """The names of weights, biases, gradients and units, entries with their last index; other lanes' with their id."""
    named = []
    for number, lane_run in enumerate(session.lane_runs):
        shape, lane = lane_shape(lane_run.lane), "" if number == front else f"{lane_run.lane.id}."
        named += [f"{lane}{name}" for name in names_of(shape) if name in shape.variables or Target.of(name)]
    return named


async def _go_to(screen: SimulatorScreen, number: int, value: Value) -> None:
    """To the step and the operation at which a value was made, with it selected."""
    session, lane = screen.session, screen.session.lane_runs[number].lane
    operation = value.operation(lane.model)
    place: Cursor | None = Cursor(value.step)
    if operation is not None:
        place = place_of(NamedOperation.of(operation, lane.id), session, number, value.step)
    if place is None or not session.allows(place):
        screen.say(screen.guide.held_move)
        return
    there = place
    await run(session.moving(lambda *_: there), f"going to {value.named(lane.model)}…")
    select(screen, *_pane_of(screen, number, value))
    if value.kind in OF_SAMPLES:
        samples = screen.panes.widgets.get(PaneId("function", number))
        if samples is not None:
            samples.selection = Sample(value.sample)
            screen.moved()
        screen.say(f"here was made: {value.named(lane.model)}")


def _pane_of(screen: SimulatorScreen, number: int, value: Value) -> tuple[PaneId, Entry | Unit]:
    """The pane that draws a value of a lane, and what is selected in it."""
    model = screen.session.lane_runs[number].lane.model
    if value.kind in OF_SAMPLES:
        return PaneId("network", number), Unit(value.layer, value.unit)
    pane = PaneId("gradients" if value.kind is Kind.GRADIENT else "weights", number)
    if not model.layers:
        return pane, Entry(value.entry, 0, 0)
    layer = next(one for one in model.layers if value.entry < one.stop)
    row, column = layer.entry(value.entry)
    target = Target("b", layer=layer.number, index=(row,))
    if column is not None:
        target = Target("W", layer=layer.number, index=(row, column))
    return pane, entry_of(screen.frame().lanes[number].network.network, target)
