"""The pane health: a row a layer, with what the step in view makes of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
from rich.segment import Segment

from nncore.arrays import Array
from tui.explain.layer_health import LayerHealth, explain_layer, inspect_layer, layer_health
from tui.panes.pane import NOTHING, Drawing, Pane, View, message
from tui.render.bars import histogram, histogram_line
from tui.render.cells import Line, fit, fit_line, ink, longest, runs
from tui.render.palette import Look
from tui.render.selection import LayerNumber
from tui.render.thinning import every_so_many
from tui.render.ticks import label, power_label, round_step

HISTOGRAM = (5, 24)  # cells, at least and at most
SCALE = (9, 13)
RATIOS = (-6, 0)  # exponents at the ends of the scale; −3 is in its middle
TAIL = 2  # powers of ten that are shown below the layer with the smallest entries


@dataclass(frozen=True)
class _Column:
    """A column of the table: its least and greatest width, wordings of its head, and a layer's cells."""

    least: int
    most: int
    heads: tuple[str, ...]
    cells: Callable[[LayerHealth, int], Line]


class HealthPane(Pane):
    kind = "health"
    title = "health"
    purpose = "each layer's a, gradients, updates; idle units"

    def draw(self, view: View) -> Drawing:
        lane = view.lane
        if lane.is_function:
            return message("A function has no layers.", view, self.title)
        if lane.operation is None:
            return message(NOTHING, view, self.title)
        layers, head = lane.network.network.depth, int(view.height > 1)
        shown = _shown(view)
        with np.errstate(all="ignore"):
            lines = _table(view, [layer_health(lane, number) for number in shown], bool(head))
        batch = f"dead, saturated: of {len(lane.trace.indices)} samples"
        some = f"{len(shown)} of {layers} layers" if len(shown) < layers else ""
        subtitles = (" · ".join(filter(None, (some, batch))), some)
        return Drawing(lines, (f"{self.title} · step {lane.trace.step + 1}", self.title), subtitles)

    def move(self, view: View, across: int, down: int) -> Hashable:
        lane, selected = view.lane, view.selection
        if lane.is_function:
            return None
        if not isinstance(selected, LayerNumber):
            return LayerNumber(max(lane.operation.layer, 1) if lane.operation else 1)
        return LayerNumber(min(max(selected.number + across + down, 1), lane.network.network.depth))

    def pick(self, view: View, x: int, y: int) -> Hashable:
        if view.lane.is_function or view.lane.operation is None:
            return None
        shown, row = _shown(view), y - int(view.height > 1)
        return LayerNumber(shown[row]) if 0 <= row < len(shown) else None

    def explain(self, view: View) -> str:
        number = _selected(view)
        return explain_layer(view.lane, number) if number else ""

    def inspect(self, view: View) -> list[tuple[str, ...]]:
        number = _selected(view)
        return inspect_layer(view.lane, number) if number else super().inspect(view)


def _selected(view: View) -> int:
    """The selected layer, 0 if this lane has none such."""
    selected = view.selection
    if view.lane.is_function or not isinstance(selected, LayerNumber):
        return 0
    return selected.number if selected.number <= view.lane.network.network.depth else 0


def _shown(view: View) -> list[int]:
    """The layers that have a row: all, or every so many, the last, and in place of its neighbour the selected one."""
    room = max(view.height - (view.height > 1), 1)
    shown = [layer + 1 for layer in every_so_many(view.lane.network.network.depth, room)][-room:]
    selected = _selected(view)
    if selected and selected not in shown:
        nearest = min(range(len(shown)), key=lambda at: abs(shown[at] - selected))
        shown[nearest] = selected
    return sorted(shown)


def _table(view: View, rows: list[LayerHealth], head: bool) -> list[Line]:
    """The columns that there is room for, below their heads."""
    look, selected = view.look, _selected(view)
    first = len(str(view.lane.network.network.depth)) + 1
    columns = _columns(view, rows)
    widths = _widths(columns, view.width - first)
    lines: list[Line] = []
    if head:
        line = [Segment(" " * first)]
        for column, width in zip(columns, widths, strict=True):
            words = fit(longest(width, *column.heads), width, look.glyphs.ellipsis)
            line += [Segment(words, ink(look.palette.muted)), Segment(" ")] if width else []
        lines.append(line)
    for health in rows:
        marked = health.number == selected
        style = ink(look.palette.accent, bold=True) if marked else ink(look.palette.muted)
        line = [Segment(str(health.number).rjust(first - 1) + (look.glyphs.selected if marked else " "), style)]
        for column, width in zip(columns, widths, strict=True):
            line += [*fit_line(column.cells(health, width), width, ink()), Segment(" ")] if width else []
        lines.append(line)
    lines += [[] for _ in range(view.height - len(lines))]
    return [fit_line(line, view.width, ink()) for line in lines[: view.height]]


def _columns(view: View, rows: list[LayerHealth]) -> list[_Column]:
    """All columns from left to right, the histograms each on a scale common to all layers."""
    look, digits = view.look, len(str(max(view.lane.network.network.sizes)))
    color = look.palette.series[view.lane.number % len(look.palette.series)]
    return [
        _pre_activations({row.number: row.a for row in rows}, color, look),
        _sizes(("|∂L/∂θ|", "|∂|"), {row.number: row.gradient for row in rows}, color, look),
        _sizes(("|Δθ|", "|Δ|"), {row.number: row.update for row in rows}, color, look),
        _Column(5, 5, ("log₁₀", "lg"), lambda row, width: [_number(row.ratio, width, look)]),
        _Column(*SCALE, _scale_heads(look), lambda row, width: _scale(row.ratio, width, look)),
        _idle(("dead", look.glyphs.dead), lambda row: row.dead, digits, look),
        _idle(("sat.", look.glyphs.saturated), lambda row: row.saturated, digits, look),
    ]


IMPORTANCE = (1, 3, 5, 6, 0, 2, 4)
"""Columns by what is given up last where room is short: gradients, the ratio, idle units, …"""


def _widths(columns: list[_Column], room: int) -> list[int]:
    """How wide each column is, 0 where there is no room for it; a cell is left free after each."""
    widths = [0] * len(columns)
    for at in IMPORTANCE:
        if columns[at].least + 1 <= room:
            widths[at] = columns[at].least
            room -= columns[at].least + 1
    growing = [at for at in range(len(columns)) if widths[at]]
    while room > 0 and growing:
        for at in growing:
            if room > 0 and widths[at] < columns[at].most:
                widths[at], room = widths[at] + 1, room - 1
        growing = [at for at in growing if widths[at] < columns[at].most]
    return widths


def _pre_activations(values: dict[int, Array | None], color: str | None, look: Look) -> _Column:
    """Histograms on both sides of 0, up to a round number."""
    most = max(
        (float(np.abs(a).max(where=np.isfinite(a), initial=0.0)) for a in values.values() if a is not None), default=0.0
    )
    limit = round_step(most) if most > 0 else 1.0
    heads = (f"a ±{label(limit)}", "a") if any(a is not None for a in values.values()) else ("a",)
    return _histograms(heads, values, (-limit, limit), color, look)


def _sizes(names: tuple[str, ...], values: dict[int, Array | None], color: str | None, look: Look) -> _Column:
    """Histograms of the exponents of ten of what is not 0."""
    logs = {number: None if one is None else np.log10(np.abs(one[one != 0])) for number, one in values.items()}
    finite = [one[np.isfinite(one)] for one in logs.values() if one is not None]
    finite = [one for one in finite if one.size]
    if not finite:
        return _histograms(names, logs, (-1, 0), color, look)
    lowest = min(max(one.min(), one.mean() - TAIL) for one in finite)
    low, high = math.floor(lowest), math.ceil(max(one.max() for one in finite))
    high = max(high, low + 1)
    span = f"{power_label(low, look)}{look.glyphs.ellipsis}{power_label(high, look)}"
    return _histograms((*(f"{name} {span}" for name in names), span, names[-1]), logs, (low, high), color, look)


def _histograms(
    heads: tuple[str, ...],
    values: dict[int, Array | None],
    limits: tuple[float, float],
    color: str | None,
    look: Look,
) -> _Column:
    """A histogram for each layer that has values; where they are all 0 it is said."""

    def cells(row: LayerHealth, width: int) -> Line:
        drawn = values[row.number]
        if drawn is None:
            return []
        if not drawn.size:
            return [Segment("all 0", ink(look.palette.muted))]
        counts = histogram(drawn.ravel(), *limits, width)
        return [Segment(histogram_line(counts, look.glyphs), ink(color))]

    return _Column(*HISTOGRAM, heads, cells)


def _number(ratio: float | None, width: int, look: Look) -> Segment:
    """The exponent of ten of a ratio."""
    if ratio is None:
        return Segment("")
    if not ratio > 0:
        text = "0" if ratio == 0 else look.glyphs.missing
    else:
        text = f"{math.log10(ratio):.1f}"
    return Segment(text.rjust(width), ink(look.palette.text))


def _scale_heads(look: Look) -> tuple[str, ...]:
    """What the middle of the scale is, over it."""
    middle = power_label(sum(RATIOS) // 2, look)
    return tuple(middle.center(width) for width in range(SCALE[1], SCALE[0] - 1, -1))


def _scale(ratio: float | None, width: int, look: Look) -> Line:
    """The ratio as a mark on a scale whose middle is marked; beyond its ends the mark stands at them."""
    characters = [look.glyphs.horizontal] * width
    styles = [ink(look.palette.faint)] * width
    characters[width // 2], styles[width // 2] = look.glyphs.vertical, ink(look.palette.muted)
    if ratio is not None and ratio > 0:
        share = (math.log10(ratio) - RATIOS[0]) / (RATIOS[1] - RATIOS[0])
        at = min(max(round(share * (width - 1)), 0), width - 1)
        characters[at], styles[at] = look.glyphs.unit, ink(look.palette.accent, bold=True)
    return runs(characters, styles)


def _idle(
    heads: tuple[str, ...], units: Callable[[LayerHealth], np.ndarray | None], digits: int, look: Look
) -> _Column:
    """How many units of each layer are idle, in the colour of what is bad if any is."""

    def cells(row: LayerHealth, width: int) -> Line:
        idle = units(row)
        if idle is None:
            return []
        number = int(idle.sum())
        return [Segment(str(number).rjust(width), ink(look.palette.bad if number else look.palette.muted))]

    return _Column(digits, max(digits, 4), heads, cells)
