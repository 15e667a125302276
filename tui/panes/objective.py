"""A function in place of a network: the function itself, where θ stands on it, and the step it makes there.

Lanes of the same function show the same part of it, so that they can be compared.
"""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from tui.panes.pane import View
from tui.panes.selectable_plot import SelectablePlot
from tui.render.axes import GUTTER
from tui.render.charts import line_chart
from tui.render.decision import decision_map
from tui.render.pixelmap import Marks, centred, grid_points, pixels, square
from tui.render.plot import with_path
from tui.render.selection import Step
from tui.render.series import Series
from tui.session.frame import LaneFrame

NEAR = 1.5  # times the start's distance from 0: how far the picture reaches
FAR = 4.0  # times that reach, from where on a lane that flees is shown as far as it is, alone
GROWTH = 1.5  # of that reach, until it holds what has to be seen
HEADROOM = 0.3  # of the height between the lowest value and the highest that has to be seen
LOWER_PART = 0.3
STEEPNESS = 20.0  # how much more of the shades heights near θ's get


def draw_curve(view: View) -> tuple[SelectablePlot, tuple[str, ...]]:
    """f over its one variable, with θ and the step that led to it."""
    lane, palette = view.lane, view.look.palette
    model, side = lane.function, reach(view)
    grid = np.linspace(-side, side, 2 * max(view.width - GUTTER, 1) + 1)
    ends = np.sort(np.array([lane.trace.theta[0], lane.theta[0]]))
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
        y_range=_heights(view, side, series[0].y),
        moving=True,
    )
    steps, thetas = path_of(lane)
    with np.errstate(all="ignore"):
        points = np.column_stack([thetas[:, 0], model.value(thetas)])
    return SelectablePlot(chart, points, steps, first=len(steps) - 1, free=1), ()


def path_of(lane: LaneFrame) -> tuple[tuple[Step, ...], Array]:
    """The steps of the path so far, the present one last, and θ (k, P) at each."""
    if lane.path is None:
        return (Step(lane.step),), lane.theta[None]
    return tuple(Step(step) for step in lane.path.steps), lane.path.thetas


def _heights(view: View, side: float, values: Array) -> tuple[float, float] | None:
    """From the lowest value to above all hills and where training has been, so that steep sides flatten nothing.

    At least the lower part of the curve is shown, wherever training starts.
    """
    places = np.concatenate([_places(lane) for lane in _companions(view)])
    with np.errstate(all="ignore"):
        known = view.lane.function.value(places[np.abs(places[:, 0]) <= side])
        inner, left, right = values[1:-1], values[:-2], values[2:]
        hills = inner[(inner > left) & (inner >= right)]
    values, known = values[np.isfinite(values)], np.concatenate([known, hills])
    known = known[np.isfinite(known)]
    if not len(values) or not len(known):
        return None
    low, high = float(values.min()), float(max(known.max(), np.quantile(values, LOWER_PART)))
    return low, high + HEADROOM * (high - low)


def draw_surface(view: View) -> tuple[SelectablePlot, tuple[str, ...]]:
    """f around its value at θ: the line through θ is where f is as high, orange is lower."""
    lane, look, size = view.lane, view.look, (view.width, view.height)
    model, side = lane.function, reach(view)
    domain = centred(square([(-side, side)] * 2, *size), *size)
    rows, columns = pixels(*size, look)
    with np.errstate(all="ignore"):
        values = model.value(grid_points(rows, columns, domain)).reshape(rows, columns)
        here = float(model.value(lane.theta))
        heights = _shaded(values - here)
    others = [] if np.array_equal(lane.trace.theta, lane.theta) else [lane.trace.theta]
    ends = np.array([*others, lane.theta])
    points = Marks(ends, np.array([0] * len(others) + [1]))
    steps, thetas = path_of(lane)
    plot = decision_map(heights, domain, *size, look, level=0.0, reach=1.0, samples=points, names=model.names)
    plot = with_path(plot, thetas, ends, look)
    return SelectablePlot(plot, thetas, steps, first=len(steps) - 1, free=2), ("the line is as high as θ",)


def _companions(view: View) -> list[LaneFrame]:
    """The lanes of the same function, the view's own among them."""
    own = view.lane.function
    return [lane for lane in view.frame.lanes if lane.is_function and lane.function.text == own.text]


def _places(lane: LaneFrame) -> Array:
    """Where a lane has been, and where the step in view began (k, P)."""
    path = lane.path.thetas if lane.path else np.empty((0, lane.theta.size))
    return np.vstack([lane.lane.start, path, lane.theta, lane.trace.theta])


def reach(view: View) -> float:
    """Half the side of the square around 0 that shows where all lanes of the function have been.

    It grows by large steps; for a lane that has gone too far only in that lane's own picture.
    """
    lanes = _companions(view)
    side = NEAR * max(1.0, *(float(np.abs(lane.lane.start).max()) for lane in lanes))
    farthest = {lane.number: float(_sizes(lane).max(initial=0.0)) for lane in lanes}
    seen = [size for number, size in farthest.items() if size <= FAR * side or number == view.lane.number]
    while side < max(seen):
        side *= GROWTH
    return side


def _sizes(lane: LaneFrame) -> Array:
    sizes = np.abs(_places(lane))
    return sizes[np.isfinite(sizes)]


def _shaded(heights: Array) -> Array:
    """Heights on a logarithmic scale from −1, the lowest, over 0 to 1, the highest; 0 if they are no numbers."""
    heights, shades = np.where(np.isfinite(heights), heights, 0.0), np.zeros_like(heights)
    for sign in (-1.0, 1.0):
        above = np.maximum(sign * heights, 0.0)
        share = above / (above.max() or 1.0)
        shades += sign * np.log1p(STEEPNESS * share) / np.log1p(STEEPNESS)
    return shades
