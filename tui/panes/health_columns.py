"""The columns of the pane health: histograms, the update/weight ratio on its scale, and counts of idle units."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.segment import Segment

from nncore.arrays import Array
from tui.explain.layer_health import LayerHealth
from tui.panes.pane import View
from tui.render.bars import histogram, histogram_line
from tui.render.cells import Line, ink, runs
from tui.render.palette import Look
from tui.render.ticks import label, power_label, round_step

HISTOGRAM = (5, 24)  # cells, at least and at most
SCALE = (9, 13)
RATIOS = (-6, 0)  # exponents at the ends of the scale; −3 is in its middle
RATIO = "log₁₀ ‖ΔW‖/‖W‖"
TAIL = 2  # powers of ten that are shown below the layer with the smallest entries


@dataclass(frozen=True)
class Column:
    """A column of the table: its least and greatest width, wordings of its head, and a layer's cells."""

    least: int
    most: int
    heads: tuple[str, ...]
    cells: Callable[[LayerHealth, int], Line]


IMPORTANCE = (1, 3, 5, 6, 0, 2, 4)
"""Columns by what is given up last where room is short: gradients, the ratio, idle units, …"""


def columns(view: View, rows: list[LayerHealth]) -> list[Column]:
    """All columns from left to right, the histograms each on a scale common to all layers."""
    look, digits = view.look, len(str(max(view.lane.network.network.sizes)))
    color = look.palette.series[view.lane.number % len(look.palette.series)]
    return [
        _pre_activations({row.number: row.a for row in rows}, color, look),
        _sizes(("|∂L/∂θ|", "|∂|"), {row.number: row.gradient for row in rows}, color, look),
        _sizes(("|Δθ|", "|Δ|"), {row.number: row.update for row in rows}, color, look),
        Column(5, 5, (RATIO, "log₁₀"), lambda row, width: [_number(row.ratio, width, look)]),
        Column(*SCALE, _scale_heads(look), lambda row, width: _scale(row.ratio, width, look)),
        _idle(("dead", look.glyphs.dead), lambda row: row.dead, digits, look),
        _idle(("saturated", "sat.", look.glyphs.saturated), lambda row: row.saturated, digits, look),
    ]


def _pre_activations(values: dict[int, Array | None], color: str | None, look: Look) -> Column:
    """Histograms on both sides of 0, up to a round number."""
    known = [a for a in values.values() if a is not None]
    most = max((_greatest(a) for a in known), default=0.0)
    limit = round_step(most) if most > 0 else 1.0
    heads = (f"a {'+-' if look.ascii else '±'}{label(limit)}", "a") if known else ("a",)
    return _histograms(heads, values, (-limit, limit), color, look)


def _greatest(a: Array) -> float:
    """The greatest finite magnitude."""
    greatest = float(max(a.max(), -a.min()))
    return greatest if math.isfinite(greatest) else float(np.abs(a).max(where=np.isfinite(a), initial=0.0))


def _sizes(names: tuple[str, ...], values: dict[int, Array | None], color: str | None, look: Look) -> Column:
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
) -> Column:
    """A histogram for each layer that has values; where they are all 0 it is said."""

    def cells(row: LayerHealth, width: int) -> Line:
        drawn = values[row.number]
        if drawn is None:
            return []
        if not drawn.size:
            return [Segment("all 0", ink(look.palette.muted))]
        counts = histogram(drawn.ravel(), *limits, width)
        return [Segment(histogram_line(counts, look.glyphs), ink(color))]

    return Column(*HISTOGRAM, heads, cells)


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
    if ratio is None:
        return []
    characters = [look.glyphs.horizontal] * width
    styles = [ink(look.palette.faint)] * width
    characters[width // 2], styles[width // 2] = look.glyphs.vertical, ink(look.palette.muted)
    if ratio > 0:
        share = (math.log10(ratio) - RATIOS[0]) / (RATIOS[1] - RATIOS[0])
        at = min(max(round(share * (width - 1)), 0), width - 1)
        characters[at], styles[at] = look.glyphs.unit, ink(look.palette.accent, bold=True)
    return runs(characters, styles)


def _idle(heads: tuple[str, ...], units: Callable[[LayerHealth], np.ndarray | None], digits: int, look: Look) -> Column:
    """How many units of each layer are idle, in the colour of what is bad if any is."""

    def cells(row: LayerHealth, width: int) -> Line:
        idle = units(row)
        if idle is None:
            return []
        number = int(idle.sum())
        return [Segment(str(number).rjust(width), ink(look.palette.bad if number else look.palette.muted))]

    return Column(digits, max(digits, 4), heads, cells)
