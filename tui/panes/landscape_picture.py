"""The picture of the pane landscape: the plane in shades of the loss, and the loss along the line below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nncore.arrays import Array
from nncore.landscape import Plane
from tui.panes.pane import View
from tui.panes.selectable_plot import SelectablePlot
from tui.render.cells import Picture
from tui.render.charts import line_chart
from tui.render.plain import spelled
from tui.render.plot import Plot
from tui.render.selection import Step
from tui.render.series import Series
from tui.render.surface import surface_map, value_range

ABOVE = 2.0  # how far the line is shown above its higher end, as a multiple of the loss there
HIGHER = 1e4  # times the heights of the lowest lane, from where on a lane's are beyond the shades
LOW_ENOUGH = 14  # from this height on, the plane and the line are shown together


@dataclass(frozen=True, eq=False)
class Landscape:
    """The loss (rows, columns) on a plane, and along the line from start to here.

    domain: the coordinates of `plane` that are shown. path: the path's (k, 2), at `steps` with the losses `heights`.
    explained: share of the path's spread in the plane.
    violations: share of chords with a midpoint above, moving all of θ and the last layer only.
    """

    values: Array
    plane: Plane
    domain: tuple[tuple[float, float], tuple[float, float]]
    path: Array
    steps: tuple[Step, ...]
    heights: Array
    explained: float
    shares: Array
    line: Array
    violations: tuple[float, float]


@dataclass(frozen=True)
class Heights:
    """The range of losses that the planes of all lanes are drawn in, and that of their lines; and of how many lanes."""

    plane: tuple[float, float]
    line: tuple[float, float]
    lanes: int


def scene_of(view: View, known: Landscape) -> SelectablePlot:
    """The plane, above the line where there is room for both."""
    below = 0 if view.height < LOW_ENOUGH else max(view.height // 3, 6)
    plot = _surface(view, known, view.height - below)
    if below:
        plot = replace(plot, lines=plot.lines + _line(view, known, below))
    return SelectablePlot(plot, known.path, known.steps, first=len(known.steps) - 1, free=2)


def names_of(view: View) -> tuple[str, ...]:
    """What the plane's coordinates are called, where they are a function's own two variables."""
    names = view.lane.function.names if view.lane.is_function else ()
    return names if len(names) == 2 else ()


def _surface(view: View, known: Landscape, height: int) -> Plot:
    heights = heights_in(view, known)
    return surface_map(
        known.values,
        known.domain,
        view.width,
        height,
        view.look,
        log=view.options.log,
        path=known.path,
        names=names_of(view),
        unit="" if names_of(view) else f", {_unit(view, known)}",
        heights=heights.plane if heights else None,
        note="in all lanes" if heights and heights.lanes > 1 else "",
    )


def _unit(view: View, known: Landscape) -> str:
    """What the numbers of both axes count."""
    unit = "distance in θ" if np.isfinite(known.explained) or view.lane.theta.size == 2 else "lengths of θ"
    return spelled(unit) if view.look.ascii else unit


def heights_in(view: View, known: Landscape) -> Heights | None:
    """Those that all lanes share, or the lane's own."""
    return view.scale if isinstance(view.scale, Heights) else common_heights([known], view.options.log)


def common_heights(lanes: Sequence[Landscape], log: bool) -> Heights | None:
    """The heights that hold those of all these lanes; None where nothing can be drawn."""
    planes = [heights for one in lanes if (heights := value_range(one.values, log))]
    return Heights(_joined(planes), _joined([_line_heights(one) for one in lanes]), len(lanes)) if planes else None


def _joined(ranges: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The range that holds all of these, though none that is so much higher that nothing of the others is seen."""
    lows, highs = zip(*ranges, strict=True)
    return min(lows), min(max(highs), HIGHER * min(highs)) if min(highs) > 0 else max(highs)


def _line(view: View, known: Landscape, height: int) -> Picture:
    """The loss along the line, and the chord from the start to here."""
    start, here = np.interp((0.0, 1.0), known.shares, known.line)
    series = [
        Series("loss from start (0) to here (1)", known.shares, known.line, index=view.lane.number),
        Series("chord", np.array([0.0, 1.0]), np.array([start, here]), muted=True),
    ]
    heights = heights_in(view, known)
    return line_chart(
        series,
        view.width,
        height,
        view.look,
        y_range=heights.line if heights else _line_heights(known),
    ).lines


def _line_heights(known: Landscape) -> tuple[float, float]:
    """From the lowest loss of the line to not much more than that of its ends."""
    start, here = np.interp((0.0, 1.0), known.shares, known.line)
    finite = known.line[np.isfinite(known.line)]
    bottom = float(finite.min(initial=0.0))
    top = float(min(ABOVE * max(float(start), float(here), 1e-12), finite.max(initial=0.0)))
    return bottom, max(top, bottom + _gap(bottom))


def _gap(value: float) -> float:
    """A range that is not empty above a value."""
    return 1e-9 * max(abs(value), 1.0)
