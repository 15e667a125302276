"""The network as columns of units and edges between them, on dots of braille.

An edge's colour tells sign and magnitude, as does its stroke: negative ones are dashed, and where edges meet
in a cell only the strongest is drawn, so that a dense layer does not become a blot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from rich.style import Style

from tui.render.cells import Canvas, Picture, ink
from tui.render.layout import around
from tui.render.palette import Look
from tui.render.shades import STEPS, diverging, sign_glyph, steps

APART = 5  # columns from one layer to the next, at least
TALLEST = 3  # lines from one unit to the next, at most
FADE = 0.7  # how far layers recede that the operation does not work on
DASH = 3  # dots
DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])  # braille, by row and column


@dataclass(frozen=True, eq=False)
class Layer:
    """The weights or gradients (out, in) of a layer; which of its units (out,) are dead or saturated."""

    weights: np.ndarray
    dead: np.ndarray | None = None
    saturated: np.ndarray | None = None


@dataclass(frozen=True)
class _Column:
    """A layer of units: the column it stands in, the lines of the units that have room."""

    x: int
    lines: tuple[int, ...]
    units: int

    @property
    def cut(self) -> bool:
        return len(self.lines) < self.units


def network(
    layers: Sequence[Layer],
    width: int,
    height: int,
    scale: float,
    look: Look,
    *,
    current: int | None = None,
    direction: Literal["forward", "backward"] = "forward",
) -> Picture:
    """All layers from the inputs on, edges saturated at ±`scale`, units without room left out.

    `current` counts layers from 1, the inputs being 0: that layer and its edges are lit, with an arrow in the
    pass's direction, and all others dimmed. Without room for all layers, those around it are shown.
    """
    canvas = Canvas(width, height, ink(look.palette.muted))
    if not layers or width < 1 or height < 1:
        return canvas.picture()
    sizes = [layers[0].weights.shape[1], *(len(layer.weights) for layer in layers)]
    shown = around(len(sizes), max((width + APART - 1) // APART, 1), current or 0)
    header = int(height > 3)
    places = np.linspace(1, max(width - 2, 1), len(shown)).round().astype(int).tolist()
    columns = {
        number: _Column(x, _lines(sizes[number], header, height - 2 * header), sizes[number])
        for number, x in zip(shown, places, strict=True)
    }
    for number in shown[1:]:
        inks = _edge_inks(look, dimmed=current is not None and number != current)
        weights = layers[number - 1].weights
        _draw_edges(canvas, columns[number - 1], columns[number], _strengths(weights, scale), inks, look)
    for number, column in columns.items():
        lit = current is None or number == current
        _draw_units(canvas, column, layers[number - 1] if number else None, lit, look)
        if header:
            _draw_labels(canvas, number, column, current, look)
    if header and current is not None and current in shown[1:]:
        arrow = look.glyphs.forward if direction == "forward" else look.glyphs.backward
        middle = (columns[current - 1].x + columns[current].x) // 2
        canvas.put(middle, 0, arrow, ink(look.palette.accent, bold=True))
    return canvas.picture()


def _lines(units: int, top: int, room: int) -> tuple[int, ...]:
    """The lines of the first units of a layer, around the middle of the room; the last one is kept for ⋮."""
    cut = units > room
    count = max(room - 1, 1) if cut else units
    apart = max(min((room - 1 - cut) // max(count - 1, 1), TALLEST), 1)
    first = top + (room - ((count - 1) * apart + 1 + cut)) // 2
    return tuple(max(first, top) + number * apart for number in range(count))


def _strengths(weights: np.ndarray, scale: float) -> np.ndarray:
    """Weights as whole steps from −STEPS to STEPS, 0 only for those that are exactly 0 or no numbers."""
    strength = steps(weights, scale)
    return np.where(strength == 0, np.nan_to_num(np.sign(weights)).astype(int), strength)


@lru_cache
def _edge_inks(look: Look, dimmed: bool) -> tuple[Style, ...]:
    """The style of every step, from −STEPS to STEPS."""
    return tuple(
        ink(
            shade,
            bold=not look.color and not dimmed and abs(step - STEPS) > STEPS * 2 // 3,
            dim=not look.color and (dimmed or abs(step - STEPS) < STEPS // 3),
        )
        for step, shade in enumerate(diverging(look.palette, FADE if dimmed else 0.0))
    )


def _draw_edges(
    canvas: Canvas,
    source: _Column,
    target: _Column,
    strengths: np.ndarray,
    inks: tuple[Style, ...],
    look: Look,
) -> None:
    """Edges from every unit of one column to every unit of the next."""
    start, stop = source.x + 1, target.x
    if stop <= start:
        return
    across, down = (1, 1) if look.ascii else (2, 4)
    strength = strengths[: len(target.lines), : len(source.lines)].ravel()
    ends, begins = np.meshgrid(np.array(target.lines), np.array(source.lines), indexing="ij")
    dots = (stop - start) * across
    share = (np.arange(dots) + 0.5) / dots
    height = begins.ravel()[:, None] + np.outer((ends - begins).ravel(), share) + 0.5
    dot = (height * down).astype(int)
    column = np.broadcast_to(np.arange(dots), dot.shape)
    cell = dot // down, column // across
    size = np.abs(strength)[:, None]
    drawn = np.broadcast_to(size > 0, dot.shape)
    if not look.ascii:
        drawn = drawn & ((strength[:, None] > 0) | (column // DASH % 2 == 0))

    strongest = np.zeros((canvas.height, stop - start), int)
    np.maximum.at(strongest, cell, np.broadcast_to(size, dot.shape))
    kept = drawn & (size == strongest[cell])
    row, place = cell[0][kept], cell[1][kept]
    marks, signs = np.zeros_like(strongest), np.zeros_like(strongest)
    np.bitwise_or.at(marks, (row, place), DOTS[dot[kept] % 4, column[kept] % 2])
    signs[row, place] = np.broadcast_to(strength[:, None], dot.shape)[kept]
    for y, x in np.argwhere(marks).tolist():
        step = int(signs[y, x])
        text = sign_glyph(step, look.glyphs) if look.ascii else chr(0x2800 + int(marks[y, x]))
        canvas.put(start + x, y, text, inks[step + STEPS])


def _draw_units(canvas: Canvas, column: _Column, layer: Layer | None, lit: bool, look: Look) -> None:
    palette, glyphs = look.palette, look.glyphs
    plain = ink(palette.text, bold=True) if lit else ink(palette.muted, dim=not look.color)
    for unit, line in enumerate(column.lines):
        if layer and layer.dead is not None and layer.dead[unit]:
            canvas.put(column.x, line, glyphs.dead, ink(palette.bad, bold=True))
        elif layer and layer.saturated is not None and layer.saturated[unit]:
            canvas.put(column.x, line, glyphs.saturated, ink(palette.bad))
        else:
            canvas.put(column.x, line, glyphs.unit, plain)
    if column.cut:
        canvas.put(column.x, column.lines[-1] + 1, glyphs.continues, plain)


def _draw_labels(canvas: Canvas, number: int, column: _Column, current: int | None, look: Look) -> None:
    """The layer's letter above it, the number of its units below."""
    lit = number == current
    style = ink(look.palette.accent if lit else look.palette.muted, bold=lit)
    for line, text in (
        (0, "x" if number == 0 else f"z{look.subscript(number)}"),
        (canvas.height - 1, str(column.units)),
    ):
        left = min(max(column.x - (len(text) - 1) // 2, 0), max(canvas.width - len(text), 0))
        canvas.put(left, line, text, style)
