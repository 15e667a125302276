"""The pane loss: train, test and batch loss of all lanes over what they cost."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.training import Lane
from tui.panes.costs import LABELS, cost, countable, extent, smoothed, within
from tui.panes.pane import INSIDE, Axis, Drawing, Options, View, Window, short_name
from tui.panes.selectable_plot import PlotPane, SelectablePlot
from tui.render.axes import GUTTER
from tui.render.charts import line_chart
from tui.render.numbers import count, num
from tui.render.palette import Look
from tui.render.plot import Plot, Standing, with_cursor
from tui.render.selection import Step
from tui.render.series import Series
from tui.render.ticks import short
from tui.session.frame import Curves, Frame, LaneFrame

APART = 6  # columns between two points of a test loss
UNSHOWN = {True: (0.2, 1.0), False: (0.0, 0.95)}  # quantiles of batch losses that a logarithmic axis shows, a linear


class LossPane(PlotPane):
    kind = "loss"
    title = "loss"
    purpose = "train loss a line, test loss points, batch loss haze"
    legend = (
        ("● ▲ ■ ◆", "train loss of lanes 1 to 4, a line with marks, and where each stands at the cursor"),
        ("○ △ □ ◇", "test loss of lanes 1 to 4"),
        ("fine dots", "loss of single batches"),
        ("→", "at the right edge: the lane goes on beyond it"),
        ("│", "the cursor"),
    )
    inside = (
        ("← →", "select", ""),
        ("+ -", "zoom", ""),
        (", .", "pan", ""),
        ("0", "all", "whole"),
        *INSIDE[1:],
    )
    shared = True
    zooms = True

    def depends(self, view: View) -> tuple[object, ...]:
        frame = view.frame
        return (*(lane.curves for lane in frame.lanes), frame.front, frame.cursor.step, view.lane.evaluation)

    def draw(self, view: View) -> Drawing:
        frame, options = view.frame, view.options
        axis = countable(options.axis, frame.lanes)
        name = f"{self.title} · {'log' if options.log else 'linear'}"
        title = f"{name} · {_in_view(view, axis)}"
        if axis != options.axis:
            title += " (f has no multiply-adds)"
        if options.log and any((lane.curves.train_loss <= 0.0).any() for lane in frame.lanes):
            title += " (if > 0)"
        shown = tuple((lane.lane, lane.curves) for lane in frame.lanes)
        floor = _floor(shown, view.height, options.log)
        if any(((curves.train_loss > 0) & (curves.train_loss < floor)).any() for _, curves in shown):
            title += f" · below {num(floor)}: at the foot"
        return Drawing(self.scene(view).marked(view.selection, view.look), (title, name), _now(view.lane))

    def scene(self, view: View) -> SelectablePlot:
        """The measured steps of the lane in front, on its train loss."""
        frame, options, lane = view.frame, view.options, view.lane
        axis = countable(options.axis, frame.lanes)
        shown = _lanes(frame)
        drawn = Options(options.log, axis)
        parted = tuple((number, lane.origin.step) for number, lane in enumerate(frame.lanes) if lane.origin)
        seen = extent(shown, axis, frame.scenario.steps).seen(view.window)
        chart = view.base.drawn(_chart, shown, parted, seen, view.width, view.height, drawn, view.look)
        step = np.array(float(frame.cursor.step))
        spent = [float(cost(one.lane, one.curves, axis, step)) for one in frame.lanes]
        now = [
            Standing(x, float(one.evaluation.train_loss), one.number) for x, one in zip(spent, frame.lanes, strict=True)
        ]
        taken = lane.curves.evaluated
        return SelectablePlot(
            plot=with_cursor(chart, spent[frame.front], view.look, now),
            points=np.column_stack([cost(lane.lane, lane.curves, axis, taken), lane.curves.train_loss]),
            things=tuple(Step(int(step)) for step in taken),
            first=int(np.searchsorted(taken, frame.cursor.step).clip(max=len(taken) - 1)),
            curve=True,
        )

    def looked(self, view: View, along: int, closer: int) -> Window | None:
        frame, axis = view.frame, countable(view.options.axis, view.frame.lanes)
        whole, lane = extent(_lanes(frame), axis, frame.scenario.steps), view.lane
        step = view.selection.number if isinstance(view.selection, Step) else frame.cursor.step
        x = float(cost(lane.lane, lane.curves, axis, np.array(float(step))))
        if closer:
            return whole.zoomed(view.window, closer, x)
        return whole.moved(view.window, along) if along else whole.following(view.window, x)

    def explain(self, view: View) -> str:
        """The losses of every lane at the selected step."""
        selected = view.selection
        if not isinstance(selected, Step):
            return ""
        losses = [f"{lane.lane.id} {_measured(lane.curves, selected.number)}" for lane in view.frame.lanes]
        return f"after step {selected.number}, train (test): {' · '.join(losses)}"


def _lanes(frame: Frame) -> tuple[tuple[Lane, Curves], ...]:
    return tuple((lane.lane, lane.curves) for lane in frame.lanes)


def _in_view(view: View, axis: Axis) -> str:
    """What the chart is over, and which part of it is in view where that is not all."""
    whole = extent(_lanes(view.frame), axis, view.frame.scenario.steps)
    low, high = whole.seen(view.window)
    if (low, high) == (0.0, whole.end):
        return f"over {LABELS[axis]}"
    return f"{LABELS[axis]} {_told(low, axis)}…{_told(high, axis)} of {_told(whole.end, axis)}"


def _told(spent: float, axis: Axis) -> str:
    """A place of the axis: an exact step, else four digits."""
    return count(round(spent)) if axis == "steps" else short(float(f"{spent:.4g}"), spent)


def _measured(curves: Curves, step: int) -> str:
    """Train and test loss at a step, a dash where they were not taken."""
    at = np.flatnonzero(curves.evaluated == step)
    if not len(at):
        return num(np.nan)
    train, test = (float(losses[at[0]]) for losses in (curves.train_loss, curves.test_loss))
    return f"{num(train)} ({num(test)})" if np.isfinite(test) else num(train)


def _now(lane: LaneFrame) -> tuple[str, ...]:
    values = lane.evaluation
    test = f" · test {num(float(values.test_loss))}" if np.isfinite(values.test_loss) else ""
    losses = f"train {num(float(values.train_loss))}{test}"
    return f"{lane.lane.label}: {losses}", f"{lane.lane.id}: {losses}", losses


def _chart(
    lanes: tuple[tuple[Lane, Curves], ...],
    parted: tuple[tuple[int, int], ...],
    seen: tuple[float, float],
    width: int,
    height: int,
    options: Options,
    look: Look,
) -> Plot:
    """The chart without the cursor, from one place of the axis to another; curves compare by identity.

    parted: branches by number, with the step at which each left its lane, which is marked.
    """
    axis, log, columns = options.axis, options.log, max(width - GUTTER, 1)
    floor, begins = _floor(lanes, height, log), dict(parted)
    train, test, batch, beyond, noise = [], [], [], [], []
    for number, (name, (lane, curves)) in enumerate(zip(_names(lanes, width), lanes, strict=True)):
        first = min(begins.get(number, 0), curves.evaluated[-1])  # of a branch not what it shares with the lane it left
        own = curves.evaluated >= first
        x = cost(lane, curves, axis, curves.evaluated)[own]
        line = smoothed(*within(x, curves.train_loss[own], *seen), *seen, columns, log)
        points = smoothed(x, curves.test_loss[own], *seen, max(columns // APART, 1), log)
        measured_at = cost(lane, curves, axis, curves.steps - 1)
        inside = (measured_at >= max(seen[0], x[0])) & (measured_at <= seen[1])
        noise.append(curves.batch_loss[:, inside])
        train.append(Series(name, line[0], np.maximum(line[1], floor), index=number))
        if len(points[0]):
            tested = np.maximum(points[1], floor)
            test.append(Series("test", points[0], tested, "cloud", number, mark=look.glyphs.hollow[number]))
        if _has_batches(lane):
            batches = np.repeat(measured_at[inside], 2), noise[-1].T.ravel()
            batch.append(Series("batch", *batches, "scatter", number, muted=True))
        if x[-1] > seen[1]:
            at, losses = within(x, curves.train_loss[own], seen[1], seen[1])
            beyond.append(Series("", at, np.maximum(losses, floor), "cloud", number, mark=look.glyphs.forward))
    partings = [_parting(number, *lanes[number], step, axis, look) for number, step in parted]
    lines = np.concatenate([one.y for one in train + test])
    stopped = any(curves.diverged_at for _, curves in lanes)
    shown = _range(lines, np.concatenate(noise, axis=1), stopped, log)
    return line_chart(
        train + test + batch + partings + beyond,
        width,
        height,
        look,
        log_y=log,
        x_label=LABELS[axis],
        x_range=seen,
        y_range=shown,
    )


def _floor(lanes: tuple[tuple[Lane, Curves], ...], height: int, log: bool) -> float:
    """The least loss of a chart's axis: so many powers of ten below the largest that others can be told apart."""
    losses = np.concatenate([curves.train_loss for _, curves in lanes if not curves.diverged_at] or [np.empty(0)])
    largest = float(losses[np.isfinite(losses)].max(initial=0.0))
    return largest / 10 ** (DECADES * max(height - BESIDE, 1)) if log and largest > 0 else -np.inf


def _parting(number: int, lane: Lane, curves: Curves, step: int, axis: Axis, look: Look) -> Series:
    """The point at which a branch left the lane that it is a copy of."""
    x = cost(lane, curves, axis, np.array([float(step)]))
    y = np.interp([float(step)], curves.evaluated, curves.train_loss)
    return Series("branch", x, y, "cloud", number, color=look.palette.accent, mark="f")


def _names(lanes: tuple[tuple[Lane, Curves], ...], width: int) -> list[str]:
    """What the lines are called: as long as leaves room for what else is in the legend."""
    ways = [
        [f"{lane.label} train" for lane, _ in lanes],
        [lane.label for lane, _ in lanes],
        [short_name(lane) for lane, _ in lanes],
        [str(number) for number in range(1, len(lanes) + 1)],
    ]
    others = ["test"] * any(np.isfinite(curves.test_loss).any() for _, curves in lanes)
    others += ["batch"] * any(_has_batches(lane) for lane, _ in lanes)
    room = width - sum(len(lanes) + len(f" {name} ") for name in others)
    least = width - len(" …")  # of the legend names alone
    lengths = [sum(len(f"o {name} ") for name in way) - 1 for way in ways]
    fitting = [way for way, length in zip(ways, lengths, strict=True) if length <= room]
    return next(iter(fitting[:-1]), ways[2] if lengths[2] <= least else ways[3])


def _has_batches(lane: Lane) -> bool:
    """Whether a step is made on samples: not on a function's minimum."""
    return not isinstance(lane.model, FunctionModel)


DECADES = 3
"""How many powers of ten a line of the chart takes at most."""
BESIDE = 3
"""The lines of the chart for its legend and its axis."""
DIVERGED = 1e4
"""How many times the median loss is still shown of a lane that stopped being finite, so that others can be seen."""


def _range(lines: Array, noise: Array, stopped: bool, log: bool) -> tuple[float, float] | None:
    """The losses to make room for: the lines, and most of the batches' noise (2, n); None without any lines.

    stopped: whether a lane diverged.
    """
    if not len(lines):
        return None
    lowest, highest = (_drawable(batches, log) for batches in noise)
    low, high = float(lines.min()), float(lines.max())
    if log and stopped:
        high = min(high, float(np.median(lines)) * DIVERGED)
    elif len(highest):
        low = min(low, float(np.quantile(lowest, UNSHOWN[log][0])))
        high = max(high, float(np.quantile(highest, UNSHOWN[log][1])))
    return low, high


def _drawable(values: Array, log: bool) -> Array:
    return values[np.isfinite(values) & (values > 0.0 if log else True)]
