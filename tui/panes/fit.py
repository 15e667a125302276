"""A network of one input: its curve, the function it should be, and the samples it learns from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nncore.arrays import Array
from tui.explain.names import input_name
from tui.explain.sample import hardest, samples_of
from tui.panes.pane import View
from tui.panes.plane import shown_output
from tui.panes.selectable_plot import SelectablePlot
from tui.render.axes import GUTTER
from tui.render.charts import line_chart
from tui.render.series import Series

MARGIN = 0.15  # of the height that the data take, above and below them
CROWDED = 4  # columns for each sample of a batch that leaves the fit visible


def draw_fit(view: View) -> tuple[SelectablePlot, tuple[str, ...]]:
    """The fit over the domain; its height follows data and target, so that it stands still while fits move."""
    lane, palette = view.lane, view.look.palette
    model = lane.network
    data, ((low, high),) = model.data, model.data.domain
    columns = max(view.width - GUTTER, 1)
    grid = np.linspace(low, high, 2 * columns + 1)
    with np.errstate(all="ignore"):
        fit = shown_output(model, model.network.outputs(lane.theta, grid[:, None]))
    target = data.target(grid[:, None])[:, 0] if data.target else np.empty(0)
    x, y, batch = data.x[:, 0], data.y[:, 0], lane.trace.indices
    series = [
        Series("fit", grid, fit, index=lane.number),
        Series("samples", x, y, "cloud", 0, muted=len(x) > columns, color=palette.text),
    ]
    if len(batch) < len(x):
        crowded = len(batch) * CROWDED > columns
        series.append(Series("batch", x[batch], y[batch], "cloud", 1, crowded, palette.accent))
    if data.target:
        series.append(Series("target", grid, target, index=lane.number + 2, muted=True, color=palette.muted))
    room = view.width
    for at, one in enumerate(series):
        room -= len(one.name) + len("o  ")
        series[at] = one if room >= -1 else replace(one, name="")  # no room for it in the legend
    chart = line_chart(
        series,
        view.width,
        view.height,
        view.look,
        x_label=input_name(data, 0) if data.names.inputs else "x",
        x_range=(low, high),
        y_range=_around(y, target),
        moving=True,
    )
    points = np.column_stack([x, y])
    return SelectablePlot(chart, points, samples_of(model), first=hardest(lane), free=1), ()


def _around(y: Array, target: Array) -> tuple[float, float]:
    values = np.concatenate([y, target])
    values = values[np.isfinite(values)]
    margin = MARGIN * (values.max() - values.min())
    return float(values.min() - margin), float(values.max() + margin)
