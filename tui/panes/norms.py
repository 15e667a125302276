"""The pane norms: how much gradient arrives at each layer, now and over the run: does it vanish or explode?"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from nncore.arrays import Array
from nncore.training import Lane
from tui.keymap.own_keys import keyed
from tui.panes.costs import LABELS, cost, countable, reach, smoothed
from tui.panes.norm_bars import computed, layer_norms, norm_bars
from tui.panes.pane import Axis, Drawing, View, message
from tui.panes.selectable_plot import PlotPane, SelectablePlot
from tui.render.axes import GUTTER
from tui.render.cells import Picture
from tui.render.charts import line_chart
from tui.render.numbers import num
from tui.render.palette import Look
from tui.render.plot import Plot, with_cursor
from tui.render.selection import Step
from tui.render.series import Series
from tui.render.shades import blend
from tui.session.frame import Curves, LaneFrame

NAMED = 5  # layers that the legend names, at most
BOTH = 13  # lines, from which on curves and bars stand one above the other
BARS_SHARE, MOST_BARS = 0.45, 12  # of these for the bars, and lines at most


class NormsPane(PlotPane):
    kind = "norms"
    title = "gradient norm"
    purpose = "each layer's gradient: bars now, curves over the steps"
    shared = True
    legend = (
        ("● ▲ ■ ◆", "lanes 1 to 4 over the bars; along the curves layers of the lane in front"),
        ("bars", "the norm of each layer's gradient in the step in view, on one logarithmic scale for all lanes"),
        ("g₁:g₇", "the norm of the first layer's gradient as a multiple of that of the last"),
        ("0 —", "a gradient that is exactly 0; one that is not finite"),
    )

    def depends(self, view: View) -> tuple[object, ...]:
        lanes = tuple((lane.trace, lane.index) for lane in view.frame.lanes)
        return (view.lane.curves, view.frame.cursor.step, *lanes)

    def draw(self, view: View) -> Drawing:
        """Bars over all lanes' layers below the curves of the lane in front, or what there is room for."""
        lane, (above, below) = view.lane, _heights(view)
        if not above + below:
            return message(keyed("No gradient yet: {next} makes a step."), view, self.title)
        lines: Picture = []
        titles = (f"{self.title} · log · {keyed('{enter}')}: over steps", f"{self.title} · log", self.title)
        if above:
            titles = (
                f"{self.title} · {lane.lane.label} · log · over {LABELS[countable(view.options.axis, [lane])]}",
                f"{self.title} · {lane.lane.label} · log",
                f"{self.title} · {lane.lane.id}",
            )
            scene = self.scene(view)
            lines += scene.marked(view.selection, view.look) if scene else []
        if below:
            lines += norm_bars(view.frame.lanes, lane.number, view.width, below, view.look)
        return Drawing(lines, titles, _now(lane))

    def pick(self, view: View, x: int, y: int) -> Hashable:
        """A step of the curves, where they are seen."""
        above, _ = _heights(view)
        return super().pick(view, x, y) if y < above else None

    def scene(self, view: View) -> SelectablePlot | None:
        """The stretches of steps that the log keeps, each by its first step."""
        lane, curves, step = view.lane, view.lane.curves, view.frame.cursor.step
        if not len(curves.steps):
            return None
        axis = countable(view.options.axis, [lane])
        goal, height = view.frame.scenario.steps, _heights(view)[0] or view.height
        chart = view.base.drawn(_chart, lane.lane, curves, goal, view.width, height, axis, view.look)
        here = float(cost(lane.lane, curves, axis, np.array(float(step))))
        firsts = _firsts(curves)
        return SelectablePlot(
            plot=with_cursor(chart, here, view.look),
            points=np.column_stack([cost(lane.lane, curves, axis, curves.steps - 1), curves.norm[1]]),
            things=tuple(Step(int(first)) for first in firsts),
            first=int(np.searchsorted(firsts, max(step, 1), side="right") - 1),
            curve=True,
        )

    def explain(self, view: View) -> str:
        """The selected stretch's least and greatest norm of each layer."""
        curves, selected = view.lane.curves, view.selection
        firsts = _firsts(curves)
        if not isinstance(selected, Step) or selected.number not in firsts:
            return ""
        at = int(np.flatnonzero(firsts == selected.number)[0])
        last = round(2 * curves.steps[at] - selected.number)
        when = f"step {selected.number}" if last == selected.number else f"steps {selected.number} to {last}"
        norms = [_span(*norm[:, at]) for norm in curves.layer_norms]
        if len(norms) == 1:
            return f"{when}: {norms[0]}"
        return f"{when}: {' · '.join(f'layer {number} {norm}' for number, norm in enumerate(norms, 1))}"


def _heights(view: View) -> tuple[int, int]:
    """Lines of the curves and of the bars below them, 0 where they are not drawn.

    In little room the bars come first: the curves stand there once a step on them is selected, or before there are
    bars.
    """
    curves, bars = bool(len(view.lane.curves.steps)), any(computed(lane) for lane in view.frame.lanes)
    if curves and view.height >= BOTH:
        below = min(round(view.height * BARS_SHARE), MOST_BARS)
        return view.height - below, below
    if not (curves and bars):
        return view.height * curves, view.height * (bars and not curves)
    return (view.height, 0) if isinstance(view.selection, Step) else (0, view.height)


def _firsts(curves: Curves) -> Array:
    """The first step of each stretch: all have the width of the first one, which begins at step 1."""
    return 1 + np.arange(len(curves.steps)) * (2 * curves.steps[:1] - 1)


def _span(low: float, high: float) -> str:
    return num(low) if low == high else f"{num(low)}…{num(high)}"


def _now(lane: LaneFrame) -> tuple[str, ...]:
    """The first and the last layer's norm in the step that is shown, once its backward pass is done."""
    norms = layer_norms(lane)
    first, last = num(norms[0]), num(norms[-1])
    if np.isnan(norms[0]):
        return ("",)
    if len(norms) == 1:
        return (first,)
    return f"layer 1 {first} · layer {len(norms)} {last}", f"layer 1 {first}"


def _chart(lane: Lane, curves: Curves, goal: int, width: int, height: int, axis: Axis, look: Look) -> Plot:
    """The chart without the cursor; curves compare by identity."""
    layers, columns = len(curves.layer_norms), max(width - GUTTER, 1)
    x = cost(lane, curves, axis, curves.steps - 1)
    end = reach(float(cost(lane, curves, axis, curves.evaluated[-1:])[0]), goal if axis == "steps" else None)
    names = _names(layers)
    series = [
        Series(
            names[layer],
            *smoothed(x, np.sqrt(low * high), 0.0, end, columns, log=True),
            index=layer,
            color=_color(layer, layers, look),
        )
        for layer, (low, high) in enumerate(curves.layer_norms)
    ]
    if layers > 1:
        whole = curves.norm.T.ravel()
        series.append(Series("all", np.repeat(x, 2), whole, "scatter", muted=True, color=look.palette.text))
    return line_chart(series, width, height, look, log_y=True, x_label=LABELS[axis], x_range=(0.0, end), moving=True)


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
