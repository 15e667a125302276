"""A function in place of a network: the function itself, where θ stands on it, and the step it makes there."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from tui.equation import num
from tui.frame import LaneFrame
from tui.panes.pane import View
from tui.render.axes import GUTTER
from tui.render.cells import Picture
from tui.render.charts import line_chart
from tui.render.decision import decision_map
from tui.render.pixelmap import Marks, grid_points, pixels, square
from tui.render.series import Series

NEAR = 1.5  # times the start's distance from 0: how far the picture reaches


def draw_curve(view: View) -> tuple[Picture, str]:
    """f over its one variable, with θ and the step in progress, at rest the one before."""
    lane, palette = view.lane, view.look.palette
    model, side = _function(lane), _side(lane)
    grid = np.linspace(-side, side, 2 * max(view.width - GUTTER, 1) + 1)
    ends = np.sort(np.array([lane.trace.theta[0], lane.trace.after[0]]))
    series = [
        Series("f", grid, model.value(grid[:, None]), index=lane.number, muted=True),
        Series("step", ends, model.value(ends[:, None]), color=palette.accent),
        Series("θ", lane.theta, model.value(lane.theta[None, :]), "cloud", color=palette.accent),
    ]
    chart = line_chart(series, view.width, view.height, view.look, x_label=model.names[0], x_range=(-side, side))
    return chart.lines, f"f({model.names[0]})"


def draw_surface(view: View) -> tuple[Picture, str]:
    """f around its value at θ: the line through θ is where f is as high, orange is lower."""
    lane, look, size = view.lane, view.look, (view.width, view.height)
    model, side = _function(lane), _side(lane)
    domain = square([(-side, side)] * 2, *size, look)
    rows, columns = pixels(*size, look)
    with np.errstate(all="ignore"):
        values = model.value(grid_points(rows, columns, domain)).reshape(rows, columns)
        here = float(model.value(lane.theta))
        heights = _compressed(values - here)
    others = [end for end in (lane.trace.theta, lane.trace.after) if not np.array_equal(end, lane.theta)]
    points = Marks(np.array([*others, lane.theta]), np.array([0] * len(others) + [1]))
    reach = float(np.nanmax(np.abs(heights)))
    lines = decision_map(heights, domain, *size, look, level=0.0, reach=reach, samples=points)
    return lines, f"line where f({', '.join(model.names)}) = {num(here)}"


def _function(lane: LaneFrame) -> FunctionModel:
    assert isinstance(lane.lane.model, FunctionModel)
    return lane.lane.model


def _side(lane: LaneFrame) -> float:
    """Half the side of the square around 0 that shows the start and the step, doubled until it does."""
    side = NEAR * max(1.0, float(np.abs(lane.lane.start).max()))
    seen = np.abs(np.concatenate([lane.theta, lane.trace.theta, lane.trace.after]))
    farthest = seen.max(where=np.isfinite(seen), initial=0.0)
    while side < farthest:
        side *= 2.0
    return side


def _compressed(heights: Array) -> Array:
    """Heights above and below 0 on a logarithmic scale that keeps their sign."""
    sizes = np.abs(heights)
    middle = float(np.nanmedian(sizes)) or 1.0
    return np.sign(heights) * np.log1p(4.0 * sizes / middle)
