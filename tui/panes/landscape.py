"""The pane landscape: the loss on the plane of the path with the path on it, and along the chord from the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.landscape import Plane, chord_violations, loss_at, loss_on_line, path_plane, random_plane
from tui.frame import LaneFrame
from tui.panes.pane import Drawing, Pane, Study, View, message
from tui.render.cells import Picture
from tui.render.charts import line_chart
from tui.render.series import Series
from tui.render.surface import surface_map

ROWS, COLUMNS = 24, 40
LINE_POINTS = 65
BEYOND = 0.35  # how much farther than the path the pictures reach, as a share of it
LOW_ENOUGH = 14  # from this height on, the plane and the line are shown together


@dataclass(frozen=True, eq=False)
class Landscape:
    """The loss (rows, columns) on a plane, NaN where not yet known, and along the line from start to here.

    domain: the plane's coordinates. path: the path's (k, 2). explained: share of the path's spread in the plane.
    violations: share of chords with a midpoint above, moving all of θ and the last layer only.
    """

    values: Array
    domain: tuple[tuple[float, float], tuple[float, float]]
    path: Array
    explained: float
    shares: Array
    line: Array
    violations: tuple[float, float]


class LandscapePane(Pane):
    kind = "landscape"
    title = "landscape"
    purpose = "the training loss on the plane of the path, and along the chord from its start"
    studies = True

    def depends(self, view: View) -> tuple[object, ...]:
        return (view.study, view.lane.step, view.options.log)

    def study(self, lane: LaneFrame, before: Study | None) -> Iterator[object]:
        model, settings = lane.lane.model, lane.lane.settings_at(lane.step)
        thetas = lane.path.thetas if lane.path is not None else lane.theta[None]
        thetas = thetas[np.isfinite(thetas).all(axis=1)]
        plane = _plane(lane, thetas)
        path = plane.coordinates(thetas)
        domain = _domain(path)
        shares = np.linspace(-BEYOND, 1 + BEYOND, LINE_POINTS)
        line = loss_on_line(model, settings, lane.lane.start, lane.theta, shares)
        yield None
        seed = lane.lane.seeds[0]
        violations = []
        for last_only in (False, True):
            violations.append(chord_violations(model, settings, lane.theta, seed, last_only))
            yield None
        values = np.full((ROWS, COLUMNS), np.nan)
        (left, right), (bottom, top) = domain
        across = left + (np.arange(COLUMNS) + 0.5) / COLUMNS * (right - left)
        up = bottom + (np.arange(ROWS) + 0.5) / ROWS * (top - bottom)
        for row in range(ROWS):
            grid = np.column_stack([across, np.full(COLUMNS, up[row])])
            values[row] = loss_at(model, settings, plane.points(grid))
            yield None
        share = float(np.nansum(plane.explained)) if np.isfinite(plane.explained).any() else np.nan
        yield Landscape(values, domain, path, share, shares, line, (violations[0], violations[1]))

    def draw(self, view: View) -> Drawing:
        study = view.study
        if study is None or not isinstance(study.result, Landscape):
            return message("working…", view, self.title)
        known = study.result
        low = view.height < LOW_ENOUGH
        below = 0 if low else max(view.height // 3, 6)
        lines = _surface(view, known, view.height - below)
        if below:
            lines = lines + _line(view, known, below)
        bent, last = (f"{share:.0%}" for share in known.violations)
        chords = (f"bent chords {bent}, of the last layer {last}", f"bent chords {bent}, last layer {last}")
        titles = (f"{self.title} · {_held(view.lane, known)}", self.title)
        return Drawing(lines, titles, study.aged(view, *chords, f"bent chords {bent}"))


def _held(lane: LaneFrame, known: Landscape) -> str:
    """Which plane it is."""
    if lane.theta.size == 2:
        return "all of θ"
    if np.isfinite(known.explained):
        return f"{known.explained:.0%} of the path"
    return "a random plane"


def _plane(lane: LaneFrame, thetas: Array) -> Plane:
    """The plane of θ itself for two parameters, else of the path; a random one where there is no path yet."""
    if lane.theta.size == 2:
        return Plane(np.zeros(2), np.eye(2))
    if len(thetas) < 3 or not np.ptp(thetas, axis=0).any():
        return random_plane(lane.lane.model, lane.theta, lane.lane.seeds[0])
    return path_plane(thetas)


def _domain(path: Array) -> tuple[tuple[float, float], tuple[float, float]]:
    """The path's box with room around it, no side shorter than a third of the other."""
    low, high = path.min(0), path.max(0)
    middle, half = (low + high) / 2, (high - low) / 2
    half = np.maximum(half, 0.3 * half.max()) * (1 + BEYOND)
    half = np.where(half > 0, half, 1.0)
    (left, bottom), (right, top) = middle - half, middle + half
    return (float(left), float(right)), (float(bottom), float(top))


def _surface(view: View, known: Landscape, height: int) -> Picture:
    model = view.lane.lane.model
    names = model.names if isinstance(model, FunctionModel) and len(model.names) == 2 else ()
    size = (view.width, height)
    return surface_map(known.values, known.domain, *size, view.look, log=view.options.log, path=known.path, names=names)


def _line(view: View, known: Landscape, height: int) -> Picture:
    """The loss along the line, and the chord from the start to here."""
    start, here = np.interp((0.0, 1.0), known.shares, known.line)
    series = [
        Series("loss from start (0) to here (1)", known.shares, known.line, index=view.lane.number),
        Series("chord", np.array([0.0, 1.0]), np.array([start, here]), muted=True),
    ]
    high = 2.0 * max(float(start), float(here), 1e-12)
    finite = known.line[np.isfinite(known.line)]
    top = min(high, float(finite.max(initial=high))) if len(finite) else high
    bottom = float(finite.min(initial=0.0)) if len(finite) else 0.0
    return line_chart(series, view.width, height, view.look, y_range=(bottom, max(top, bottom + _gap(bottom)))).lines


def _gap(value: float) -> float:
    """A range that is not empty above a value."""
    return 1e-9 * max(abs(value), 1.0)
