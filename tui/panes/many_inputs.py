"""A network of three or more inputs: what it predicts against what is true, and cuts through it along one input.

Of several classes that is the confusion matrix, else predicted over true values; a second enter cuts along an input.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

import numpy as np

from nncore.arrays import Array, distinct
from nncore.metrics import classifies, threshold
from nncore.model import NetworkModel
from tui.explain.names import output_name
from tui.explain.notation import subscript as sub
from tui.explain.sample import explain_sample, hardest
from tui.panes.confusion import ConfusionPicture
from tui.panes.cut import CutPicture, along_of
from tui.panes.features import drawn
from tui.panes.fit import CROWDED
from tui.panes.marks import pointed_samples
from tui.panes.pane import INSIDE, Drawing, Hint, Pane, View, message
from tui.panes.selectable_plot import PlotPane, SelectablePlot
from tui.render.axes import GUTTER
from tui.render.charts import line_chart
from tui.render.selection import Along, Numbered, Sample
from tui.render.series import Series
from tui.render.ticks import widened

FEW_INPUTS = 2
"""So many can be drawn at every point."""
SPREAD = 0.3
"""How far to each side samples of one label are spread, as a share of the way to the next label."""
GOLDEN = (5**0.5 - 1) / 2
"""Its multiples fill the unit interval evenly, in any order of numbers."""


def picture_of(view: View) -> Pane | None:
    """What draws a network of many inputs, with this selection; None for other lanes."""
    if view.lane.is_function or view.lane.network.network.sizes[0] <= FEW_INPUTS:
        return None
    if along_of(view) is not None:
        return CUT
    return CONFUSION if view.lane.network.loss.output == "softmax" else AGAINST


class AgainstPicture(PlotPane):
    """The first output of every training sample over the value that it should have."""

    title = "function"
    inside: ClassVar[tuple[Hint, ...]] = (INSIDE[0], ("enter", "along an input", "enter"), *INSIDE[1:])

    def draw(self, view: View) -> Drawing:
        scene, model = self.scene(view), view.lane.network
        if not np.isfinite(scene.points[:, 1]).any():
            return message("The outputs are not finite.", view, self.title)
        first = "output 0, " if model.network.sizes[-1] > 1 else ""
        some = f", 1 of {step} samples" if (step := drawn(model).step) > 1 else ""
        z, y = f"z{sub(model.network.depth)}", _wanted(model)
        titles = (
            f"{self.title} · {first}predicted {z} over true {y}{some}",
            f"{self.title} · {first}{z} over {y}{some}",
            f"{self.title} · {z} over {y}",
            self.title,
            "",
        )
        return Drawing(scene.marked(view.selection, view.look, pointed_samples(view)), titles)

    def scene(self, view: View) -> SelectablePlot:
        lane, palette = view.lane, view.look.palette
        model, shown = lane.network, drawn(lane.network)
        with np.errstate(all="ignore"):
            z = model.network.outputs(lane.theta, model.data.x[:: shown.step])[:, 0]
        x, limits, right = _across(model, shown)
        batch = np.flatnonzero(np.isin(shown, lane.trace.indices))
        series = [
            Series(right[0], np.array(limits), right[1], "line", lane.number + 2, True, palette.text, right[2]),
            Series("samples", x, z, "cloud", 0, muted=True, color=palette.text),
        ]
        if len(batch) < len(shown):
            crowded = len(batch) * CROWDED > max(view.width - GUTTER, 1)
            series.append(Series("batch", x[batch], z[batch], "cloud", 1, crowded, palette.accent))
        chart = line_chart(
            series,
            view.width,
            view.height,
            view.look,
            x_label=f"true {_wanted(model)}",
            x_range=limits,
            moving=True,
        )
        points = np.column_stack([x, z])
        return SelectablePlot(chart, points, Numbered(Sample, shown), first=hardest(lane) // shown.step)

    def move(self, view: View, across: int, down: int) -> Hashable:
        """An arrow goes from sample to sample; a second enter cuts through the one that is selected."""
        selected = view.selection
        if not (across or down) and isinstance(selected, Sample) and selected.number < view.lane.network.samples:
            return Along(selected.number, 0)
        return super().move(view, across, down)

    def explain(self, view: View) -> str:
        selected = view.selection
        if isinstance(selected, Sample) and selected.number < view.lane.network.samples:
            return explain_sample(view.lane, selected.number)
        return ""


def _wanted(model: NetworkModel) -> str:
    """What the first output should be."""
    return output_name(model.data) if model.data.names.outputs else "y"


def _across(model: NetworkModel, shown: range) -> tuple[Array, tuple[float, float], tuple[str, Array, str]]:
    """Where samples stand across, the axis, and the line of right answers: its name, heights at both ends, its mark.

    Samples of one label are spread over a strip, so that they can be told apart.
    """
    y = model.data.y[:, 0]
    if not classifies(model):
        limits = widened(float(y.min()), float(y.max()))
        return y[:: shown.step], limits, ("z = y", np.array(limits), "/")
    labels = distinct(y)
    apart = float(np.diff(labels).min()) if len(labels) > 1 else 1.0
    spread = 2 * SPREAD * apart * (np.array(shown) * GOLDEN % 1 - 0.5)
    middle = threshold(model)
    limits = float(labels[0]) - apart / 2, float(labels[-1]) + apart / 2
    return y[:: shown.step] + spread, limits, (f"z = {middle:g}", np.full(2, middle), "-")


AGAINST, CONFUSION, CUT = AgainstPicture(), ConfusionPicture(), CutPicture()
