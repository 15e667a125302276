"""A function in place of a network: the function itself, where θ stands on it, and the step it makes there."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from tui.frame import LaneFrame
from tui.panes.pane import View
from tui.render.axes import GUTTER
from tui.render.cells import Picture
from tui.render.charts import line_chart
from tui.render.decision import decision_map
from tui.render.pixelmap import Marks, grid_points, pixels, square
from tui.render.series import Series

NEAR = 1.5  # times the start's distance from 0: how far the picture reaches
HEADROOM = 0.3  # of the height between the lowest value and the highest that training has been at
LOWER_PART = 0.3
STEEPNESS = 20.0  # how much more of the shades heights near θ's get


def draw_curve(view: View) -> tuple[Picture, str]:
    """f over its one variable, with θ and the step in progress, at rest the one before."""
    lane, palette = view.lane, view.look.palette
    model, side = _function(lane), _side(lane)
    grid = np.linspace(-side, side, 2 * max(view.width - GUTTER, 1) + 1)
    ends = np.sort(np.array([lane.trace.theta[0], lane.trace.after[0]]))
    with np.errstate(all="ignore"):
        series = [
            Series("f", grid, model.value(grid[:, None]), index=lane.number, muted=True),
            Series("step", ends, model.value(ends[:, None]), color=palette.accent),
            Series("θ", lane.theta, model.value(lane.theta[None, :]), "cloud", color=palette.accent),
        ]
    chart = line_chart(
        series,
        view.width,
        view.height,
        view.look,
        x_label=model.names[0],
        x_range=(-side, side),
        y_range=_heights(lane, series[0].y),
    )
    return chart.lines, ""


def _heights(lane: LaneFrame, values: Array) -> tuple[float, float] | None:
    """From the lowest value to above where training has been, so that steep sides do not flatten the rest.

    At least the lower part of the curve is shown, wherever training starts.
    """
    with np.errstate(all="ignore"):
        known = _function(lane).value(np.array([lane.lane.start, lane.theta, lane.trace.after]))
    values, known = values[np.isfinite(values)], known[np.isfinite(known)]
    if not len(values) or not len(known):
        return None
    low, high = float(values.min()), float(max(known.max(), np.quantile(values, LOWER_PART)))
    return low, high + HEADROOM * (high - low)


def draw_surface(view: View) -> tuple[Picture, str]:
    """f around its value at θ: the line through θ is where f is as high, orange is lower."""
    lane, look, size = view.lane, view.look, (view.width, view.height)
    model, side = _function(lane), _side(lane)
    domain = square([(-side, side)] * 2, *size, look)
    rows, columns = pixels(*size, look)
    with np.errstate(all="ignore"):
        values = model.value(grid_points(rows, columns, domain)).reshape(rows, columns)
        here = float(model.value(lane.theta))
        heights = _shaded(values - here)
    others = [end for end in (lane.trace.theta, lane.trace.after) if not np.array_equal(end, lane.theta)]
    points = Marks(np.array([*others, lane.theta]), np.array([0] * len(others) + [1]))
    lines = decision_map(heights, domain, *size, look, level=0.0, reach=1.0, samples=points, names=model.names)
    return lines, "the line is as high as θ"


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


def _shaded(heights: Array) -> Array:
    """Heights on a logarithmic scale from −1, the lowest, over 0 to 1, the highest; 0 if they are no numbers."""
    heights, shades = np.where(np.isfinite(heights), heights, 0.0), np.zeros_like(heights)
    for sign in (-1.0, 1.0):
        above = np.maximum(sign * heights, 0.0)
        share = above / (above.max() or 1.0)
        shades += sign * np.log1p(STEEPNESS * share) / np.log1p(STEEPNESS)
    return shades
