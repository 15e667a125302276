"""The pane landscape: the loss on the plane of the path with the path on it, and along the chord from the start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nncore.arrays import Array
from nncore.landscape import Plane, chord_violations, loss_at, loss_on_line, loss_on_plane, path_plane, random_plane
from tui.panes.landscape_picture import Heights, Landscape, common_heights, heights_in, names_of, scene_of
from tui.panes.objective import path_of
from tui.panes.pane import Drawing, Options, Study, View, message
from tui.panes.selectable_plot import ANYWHERE, PlotPane, SelectablePlot
from tui.render.numbers import num
from tui.render.selection import Point
from tui.render.surface import SCALE_FROM
from tui.render.ticks import roughly
from tui.session.frame import LaneFrame

ROWS, COLUMNS = 24, 40
LINE_POINTS = 65
BEYOND = 0.35  # how much farther than the path the pictures reach, as a share of it
TOO_FAR = "θ is too far out for a picture of the plane."


class LandscapePane(PlotPane):
    kind = "landscape"
    title = "landscape"
    purpose = "the loss on the plane of the path, and on its chord"
    legend = (
        ("○ • ●", "the path, from its start over its steps to θ at the cursor, seen on the plane"),
        ("bent chords", "chords below the loss at their middle; random ones through θ, a convex loss has none"),
        (
            "d₁ d₂",
            "the directions in which the path spreads most, in distances in θ; of a random plane in lengths of θ",
        ),
        ("L", "the loss from low to high in shades; in one range for all lanes, and so the line's heights below"),
    )
    inside = ANYWHERE
    studies = True

    def depends(self, view: View) -> tuple[object, ...]:
        return (view.study, view.lane.step, view.options.log)

    def study(self, lane: LaneFrame, before: Study | None) -> Iterator[object]:
        model, settings = lane.lane.model, lane.lane.settings_at(lane.step)
        steps, thetas = path_of(lane)
        plane = _plane(lane, thetas)
        path = plane.coordinates(thetas)
        domain = _domain(path)
        if not np.isfinite(domain).all():
            yield TOO_FAR
            return
        shares = np.linspace(-BEYOND, 1 + BEYOND, LINE_POINTS)
        line = yield from loss_on_line.slices(model, settings, lane.lane.start, lane.theta, shares)
        heights = yield from loss_at.slices(model, settings, thetas)
        seed = lane.lane.seeds[0]
        violations = []
        for last_only in (False, True):
            bent = yield from chord_violations.slices(model, settings, lane.theta, seed, last_only)
            violations.append(bent)
        (left, right), (bottom, top) = domain
        across = left + (np.arange(COLUMNS) + 0.5) / COLUMNS * (right - left)
        up = bottom + (np.arange(ROWS) + 0.5) / ROWS * (top - bottom)
        values = yield from loss_on_plane.slices(model, settings, plane, across, up)
        share = float(np.nansum(plane.explained)) if np.isfinite(plane.explained).any() else np.nan
        yield Landscape(
            values, plane, domain, path, steps, heights, share, shares, line, (violations[0], violations[1])
        )

    def scale(self, found: Sequence[object], options: Options) -> Heights | None:
        return common_heights([one for one in found if isinstance(one, Landscape)], options.log)

    def draw(self, view: View) -> Drawing:
        study, known = view.study, view.found(Landscape)
        if study is None or known is None:
            return message(view.found(str) or "working…", view, self.title)
        lines = scene_of(view, known).marked(view.selection, view.look)
        bent, last = (f"{share:.0%}" for share in known.violations)
        chords = (f"bent chords {bent}, of the last layer {last}", f"bent chords {bent}, last layer {last}")
        named = f"{self.title} · {_held(view.lane, known)}"
        spans = () if view.width >= SCALE_FROM else _spans(view, known)
        titles = (*(f"{name} · {spans[0]}" for name in (named, self.title)), *spans) if spans else (named, self.title)
        return Drawing(lines, titles, study.aged(view, *chords, f"bent chords {bent}"))

    def scene(self, view: View) -> SelectablePlot | None:
        known = view.found(Landscape)
        return scene_of(view, known) if known else None

    def explain(self, view: View) -> str:
        known, selected = view.found(Landscape), view.selection
        if known is None:
            return ""
        names = names_of(view) or ("d₁", "d₂")
        whole = view.lane.theta.size == 2
        if isinstance(selected, Point):
            return f"{_point(names, selected.at)}: L = {num(_height(view.lane, known, selected.at))}"
        if selected not in known.steps:
            return ""
        place = known.steps.index(selected)
        beside = _point(names, tuple(known.path[place].tolist()))
        where = beside if whole else f"beside {beside} on this plane"
        return f"θ after {selected.number} steps, {where}: L = {num(float(known.heights[place]))}"


def _point(names: Sequence[str], at: tuple[float, ...]) -> str:
    return ", ".join(f"{name} = {num(value)}" for name, value in zip(names, at, strict=True))


def _spans(view: View, known: Landscape) -> tuple[str, ...]:
    """The range of losses, with four digits and with two, if there is one."""
    heights = heights_in(view, known)
    return tuple("L " + "…".join(map(say, heights.plane)) for say in (num, roughly)) if heights else ()


def _height(lane: LaneFrame, known: Landscape, at: tuple[float, ...]) -> float:
    """The loss at a point of the plane."""
    settings = lane.lane.settings_at(lane.step)
    return float(loss_at(lane.lane.model, settings, known.plane.points(np.array([at])))[0])


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
