"""The pane norms: the size of each layer's gradient over the run, so that vanishing and exploding show."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from nncore.function import FunctionModel
from nncore.operations import Phase
from nncore.training import Lane
from tui.equation import num
from tui.frame import Curves, LaneFrame
from tui.panes.costs import LABELS, cost, countable, reach, smoothed
from tui.panes.pane import Axis, Drawing, Pane, View, message
from tui.render.axes import GUTTER
from tui.render.charts import Chart, line_chart, with_cursor
from tui.render.palette import Look
from tui.render.series import Series
from tui.render.shades import blend

NAMED = 5  # layers that the legend names, at most


class NormsPane(Pane):
    kind = "norms"
    title = "gradient norm"
    purpose = "the size of each layer's gradient: layers far below the others learn slowly"
    shared = True
    slow = True

    def depends(self, view: View) -> tuple[object, ...]:
        lane = view.lane
        return (lane.curves, lane.trace, view.frame.cursor.step, lane.done(Phase.BACKWARD, 1))

    def draw(self, view: View) -> Drawing:
        lane, step = view.lane, view.frame.cursor.step
        if not len(lane.curves.steps):
            return message("No gradient yet: n makes a step.", view, self.title)
        axis = countable(view.options.axis, [lane])
        goal = view.frame.scenario.steps
        chart = _chart(lane.lane, lane.curves, goal, view.width, view.height, axis, view.look)
        here = float(cost(lane.lane, lane.curves, axis, np.array(float(step))))
        titles = (
            f"{self.title} · {lane.lane.label} · log · over {LABELS[axis]}",
            f"{self.title} · {lane.lane.label} · log",
            f"{self.title} · {lane.lane.id}",
        )
        return Drawing(with_cursor(chart, here, view.look).lines, titles, _now(lane))


def _now(lane: LaneFrame) -> tuple[str, ...]:
    """The first and the last layer's norm in the step that is shown, once its backward pass is done."""
    blocks = lane.lane.model.blocks
    first_layer = 0 if isinstance(lane.lane.model, FunctionModel) else 1
    if not lane.done(Phase.BACKWARD, first_layer):
        return ("",)
    norms = [num(float(np.linalg.norm(lane.trace.gradient[block]))) for block in blocks]
    if len(norms) == 1:
        return (norms[0],)
    return f"layer 1 {norms[0]} · layer {len(norms)} {norms[-1]}", f"layer 1 {norms[0]}"


@lru_cache(maxsize=4)
def _chart(lane: Lane, curves: Curves, goal: int, width: int, height: int, axis: Axis, look: Look) -> Chart:
    """Drawn anew only when what it shows changes; curves compare by identity."""
    layers, columns = len(curves.layer_norms), max(width - GUTTER, 1)
    x = cost(lane, curves, axis, curves.steps - 1)
    end = reach(float(cost(lane, curves, axis, curves.evaluated[-1:])[0]), goal if axis == "steps" else None)
    names = _names(layers)
    series = [
        Series(
            names[layer],
            *smoothed(x, np.sqrt(low * high), end, columns, log=True),
            index=layer,
            color=_color(layer, layers, look),
        )
        for layer, (low, high) in enumerate(curves.layer_norms)
    ]
    if layers > 1:
        whole = curves.norm.T.ravel()
        series.append(Series("all", np.repeat(x, 2), whole, "scatter", muted=True, color=look.palette.text))
    return line_chart(series, width, height, look, log_y=True, x_label=LABELS[axis], x_range=(0.0, end))


def _names(layers: int) -> list[str]:
    """Layers by number, only the first, the last and one between them where there are many."""
    if layers == 1:
        return ["all"]
    named = range(layers) if layers <= NAMED else (0, layers // 2, layers - 1)
    return [("layer " if layer == 0 else "") + str(layer + 1) if layer in named else "" for layer in range(layers)]


def _color(layer: int, layers: int, look: Look) -> str | None:
    """From the colour of positive weights for the first layer over green to the accent for the last."""
    palette, share = look.palette, layer / max(layers - 1, 1)
    if share < 0.5:
        return blend(palette.positive, palette.good, 2 * share)
    return blend(palette.good, palette.accent, 2 * share - 1)
