"""The pane loss: train, test and batch loss of all lanes over what they cost."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from nncore.arrays import Array
from nncore.training import Lane
from tui.equation import num
from tui.frame import Curves, LaneFrame
from tui.panes.costs import LABELS, cost, countable, reach
from tui.panes.pane import Drawing, Options, Pane, View
from tui.render.axes import GUTTER
from tui.render.charts import Chart, line_chart, with_cursor
from tui.render.palette import Look
from tui.render.series import Series

MARKS_APART = 3  # columns between two points of a test loss
UNSHOWN_NOISE = 0.2  # share of the lowest batch losses for which a logarithmic axis makes no room


class LossPane(Pane):
    kind = "loss"
    title = "loss"
    purpose = "train loss as a line, test loss as points, each batch's loss as haze; l and c change the axes"
    shared = True

    def depends(self, view: View) -> tuple[object, ...]:
        frame = view.frame
        return (*(lane.curves for lane in frame.lanes), frame.front, frame.cursor.step, view.lane.evaluation)

    def draw(self, view: View) -> Drawing:
        frame, options = view.frame, view.options
        axis = countable(options.axis, frame.lanes)
        shown = tuple((lane.lane, lane.curves) for lane in frame.lanes)
        drawn = Options(options.log, axis)
        chart = _chart(shown, frame.scenario.steps, view.width, view.height, drawn, view.look)
        here = cost(view.lane.lane, view.lane.curves, axis, np.array(float(frame.cursor.step)))
        title = f"{self.title} · {'log' if options.log else 'linear'} · over {LABELS[axis]}"
        if axis != options.axis:
            title += " (a function has no multiply-adds)"
        return Drawing(with_cursor(chart, float(here), view.look).lines, title, _now(view.lane))


def _now(lane: LaneFrame) -> str:
    values = lane.evaluation
    test = f" · test {num(float(values.test_loss))}" if np.isfinite(values.test_loss) else ""
    return f"{lane.lane.id}: train {num(float(values.train_loss))}{test}"


@lru_cache(maxsize=4)
def _chart(
    lanes: tuple[tuple[Lane, Curves], ...], steps: int, width: int, height: int, options: Options, look: Look
) -> Chart:
    """Drawn anew only when what it shows changes; curves compare by identity."""
    axis, columns = options.axis, max(width - GUTTER, 1)
    spent = max(float(cost(lane, curves, axis, curves.evaluated[-1:])[0]) for lane, curves in lanes)
    end = reach(spent, steps if axis == "steps" else None)
    return line_chart(
        [
            *_train(lanes, options, columns),
            *(_test(lane, curves, number, options, end, columns) for number, (lane, curves) in enumerate(lanes)),
            *(_batch(lane, curves, number, options) for number, (lane, curves) in enumerate(lanes)),
        ],
        width,
        height,
        look,
        log_y=options.log,
        x_label=LABELS[axis],
        x_range=(0.0, end),
        y_range=_range([curves for _, curves in lanes], options.log),
    )


def _train(lanes: tuple[tuple[Lane, Curves], ...], options: Options, columns: int) -> list[Series]:
    """The lines, by the longest names for which the legend has room beside "test"."""
    ways = [
        [f"{lane.label} train" for lane, _ in lanes],
        [f"{lane.id} train" for lane, _ in lanes],
        [lane.id for lane, _ in lanes],
    ]
    room = columns - len(lanes) - len(" test")
    names = next((way for way in ways if sum(len(name) + 4 for name in way) <= room), ways[-1])
    return [
        Series(name, cost(lane, curves, options.axis, curves.evaluated), curves.train_loss, index=number)
        for number, (name, (lane, curves)) in enumerate(zip(names, lanes, strict=True))
    ]


def _test(lane: Lane, curves: Curves, number: int, options: Options, end: float, columns: int) -> Series:
    x = cost(lane, curves, options.axis, curves.evaluated)
    nearest = np.searchsorted(x, np.linspace(0.0, end, max(columns // MARKS_APART, 2)))
    kept = np.unique(nearest[nearest < len(x)])
    return Series("test", x[kept], curves.test_loss[kept], "cloud", number)


def _batch(lane: Lane, curves: Curves, number: int, options: Options) -> Series:
    """The least and the greatest of each stretch of steps, at the θ they were measured at."""
    x = np.repeat(cost(lane, curves, options.axis, curves.steps - 1), 2)
    return Series("batch", x, curves.batch_loss.T.ravel(), "scatter", number, muted=True)


def _range(curves: list[Curves], log: bool) -> tuple[float, float] | None:
    """The losses to make room for: all but the lowest of single batches; None without any."""
    lines = _drawable(np.concatenate([part for one in curves for part in (one.train_loss, one.test_loss)]), log)
    lowest, highest = (_drawable(np.concatenate([one.batch_loss[row] for one in curves]), log) for row in (0, 1))
    if not len(lines):
        return None
    floor = [np.quantile(lowest, UNSHOWN_NOISE)] if len(lowest) else []
    return float(min([lines.min(), *floor])), float(np.max(np.append(highest, lines.max())))


def _drawable(values: Array, log: bool) -> Array:
    return values[np.isfinite(values) & (values > 0.0 if log else True)]
