"""The pane curvature: the extreme Hessian eigenvalues over the steps, and 2/α beside the largest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nncore.curvature import extremes
from nncore.optimizers import Sgd
from tui.explain.notation import subscript
from tui.panes.pane import Drawing, Study, View, message
from tui.panes.selectable_plot import PlotPane, SelectablePlot
from tui.render.charts import line_chart
from tui.render.numbers import num
from tui.render.plot import Standing, with_cursor
from tui.render.selection import Step
from tui.render.series import Series
from tui.session.frame import LaneFrame

NOTABLE = 0.1
"""How negative the lowest eigenvalue is, as a share of the largest, where the title keeps it."""


@dataclass(frozen=True)
class Spectrum:
    """Smallest and largest eigenvalue at each step known; of each layer's block at the step in view."""

    extremes: dict[int, tuple[float, float]]
    blocks: tuple[tuple[float, float], ...] = ()


class CurvaturePane(PlotPane):
    kind = "curvature"
    title = "curvature"
    purpose = "the extreme Hessian eigenvalues, and 2/α"
    legend = (
        ("λ max", "the largest eigenvalue of the Hessian: how strongly the loss bends upwards, along the steepest way"),
        ("λ min", "the smallest: below 0, there is a way along which the loss bends downwards"),
        ("● •", "both at the cursor, in the mark of the lane; their numbers stand in the border"),
        ("2/α", "plain descent is stable on a bowl where λ max lies below it"),
    )
    studies = True

    def depends(self, view: View) -> tuple[object, ...]:
        return (view.study, view.lane.step)

    def study(self, lane: LaneFrame, before: Study | None) -> Iterator[object]:
        """The steps of the path, the last and the coarsest first; what was known of this lane is kept."""
        known: dict[int, tuple[float, float]] = {}
        if before is not None and before.lane is lane.lane and isinstance(before.result, Spectrum):
            known = dict(before.result.extremes)
        model, settings = lane.lane.model, lane.lane.settings_at(lane.step)
        known[lane.step] = _pair((yield from extremes.slices(model, settings, lane.theta)))
        blocks: list[tuple[float, float]] = []
        yield Spectrum(dict(known))
        for number in range(1, len(model.blocks) + 1 if len(model.blocks) > 1 else 1):
            blocks.append(_pair((yield from extremes.slices(model, settings, lane.theta, number))))
            yield Spectrum(dict(known), tuple(blocks))
        steps = lane.path.steps if lane.path else ()
        for place in _coarse_first(len(steps)):
            if steps[place] not in known and lane.path is not None:
                at = lane.lane.settings_at(steps[place])
                known[steps[place]] = _pair((yield from extremes.slices(model, at, lane.path.thetas[place])))
                yield Spectrum(dict(known), tuple(blocks))

    def draw(self, view: View) -> Drawing:
        study, spectrum = view.study, view.found(Spectrum)
        if study is None or spectrum is None:
            return message("working…", view, self.title)
        lines = _scene(view, spectrum).marked(view.selection, view.look)
        now = spectrum.extremes.get(study.step, (np.nan, np.nan))
        bound = "" if _plain(view.lane, study.step) else ", for plain descent"
        ways = _titles(*now, f"2/α {num(_edge(view.lane, study.step))}{bound}")
        names = [f"W{subscript(n)} b{subscript(n)}" for n in range(1, len(spectrum.blocks) + 1)]
        blocks = [(name, num(low), num(high)) for name, (low, high) in zip(names, spectrum.blocks, strict=True)]
        ranges = " · ".join(f"{name} {low}…{high}" for name, low, high in blocks)
        tops = " · ".join(f"{name} {high}" for name, _, high in blocks)
        return Drawing(lines, (f"{self.title} · {ways[0]}", *ways), study.aged(view, ranges, tops))

    def scene(self, view: View) -> SelectablePlot | None:
        known = view.found(Spectrum)
        return _scene(view, known) if known else None

    def explain(self, view: View) -> str:
        known, selected = view.found(Spectrum), view.selection
        if known is None or not isinstance(selected, Step) or selected.number not in known.extremes:
            return ""
        low, high = known.extremes[selected.number]
        edge = _edge(view.lane, selected.number)
        if np.isnan(edge):
            beside = ""
        elif _plain(view.lane, selected.number):
            beside = f", {'above' if high > edge else 'below'} 2/α = {num(edge)}"
        else:
            beside = f"; 2/α = {num(edge)} bounds plain descent only"
        return f"step {selected.number}: λ min {num(low)}, λ max {num(high)}{beside}"


def _titles(low: float, high: float, edge: str) -> tuple[str, ...]:
    """The eigenvalues and 2/α, from long to short: where there is a way down the lowest one stays, else 2/α does."""
    whole = f"λ min {num(low)} · max {num(high)} · {edge}"
    if -low > high * NOTABLE:
        return whole, f"λ min {num(low)} · max {num(high)}", f"λ {num(low)}…{num(high)}"
    return whole, f"λ max {num(high)} · {edge}", f"λ max {num(high)}"


def _scene(view: View, spectrum: Spectrum) -> SelectablePlot:
    steps = np.array(sorted(spectrum.extremes), dtype=float)
    low, high = np.array([spectrum.extremes[int(step)] for step in steps]).T
    edge = np.array([_edge(view.lane, int(step)) for step in steps])
    room = 1.3 * max(float(np.nanmax(np.abs(high), initial=0.0)), 1e-12)
    top = room if not np.isfinite(edge).any() else max(room, min(float(np.nanmin(edge)) * 1.15, 3 * room))
    bottom = min(0.0, float(np.nanmin(low, initial=0.0)))
    series = [
        Series("2/α", steps, edge, "line", muted=True, color=view.look.palette.text),
        Series("λ max", steps, high, "line", index=view.lane.number),
        Series("λ min", steps, low, "scatter", index=view.lane.number, muted=True),
    ]
    if not (edge <= top).any():  # it lies outside the picture
        del series[0]
    chart = line_chart(series, view.width, view.height, view.look, x_label="steps", y_range=(bottom, top), moving=True)
    things = tuple(Step(int(step)) for step in steps)
    now = []
    if view.lane.step in spectrum.extremes:
        lowest, highest = spectrum.extremes[view.lane.step]
        step, number, points = float(view.lane.step), view.lane.number, view.look.glyphs.points
        now = [Standing(step, highest, number), Standing(step, lowest, number, points[number % len(points)])]
    chart = with_cursor(chart, float(view.lane.step), view.look, now)
    return SelectablePlot(chart, np.column_stack([steps, high]), things, first=len(things) - 1, curve=True)


def _pair(values: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _plain(lane: LaneFrame, step: int) -> bool:
    """Whether the update after `step` earlier ones is plain gradient descent, which 2/α is about."""
    optimizer = lane.lane.settings_at(step).optimizer
    return isinstance(optimizer, Sgd) and not optimizer.momentum


def _edge(lane: LaneFrame, step: int) -> float:
    """2/α of the update after `step` earlier ones; NaN where the rate is 0."""
    rate = lane.lane.settings_at(step).learning_rate(step)
    return 2 / rate if rate > 0 else np.nan


def _coarse_first(count: int) -> Iterator[int]:
    """0 … count − 1 so that every beginning is spread over the whole."""
    seen: set[int] = set()
    stride = 1 << max(count - 1, 0).bit_length()
    while stride:
        for place in range(0, count, stride):
            if place not in seen:
                seen.add(place)
                yield place
        stride //= 2
