"""Edges between two layers of units, on dots of braille.

An edge's colour tells sign and magnitude, as does its stroke: negative ones are dashed, and where edges meet
in a cell only the strongest is drawn, so that a dense layer does not become a blot.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rich.style import Style

from tui.render.cells import Canvas, ink
from tui.render.palette import Look
from tui.render.shades import STEPS, blend, sign_glyph, steps

FADE = 0.7  # how far edges recede that the operation does not work on
DASH = 3  # dots
DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])  # braille, by row and column


@dataclass(frozen=True)
class Column:
    """A layer of units: the column it stands in, the lines of the units from `first` on that have room."""

    x: int
    lines: tuple[int, ...]
    units: int
    first: int

    @property
    def cut(self) -> bool:
        return len(self.lines) < self.units

    @property
    def shown(self) -> slice:
        return slice(self.first, self.first + len(self.lines))


def strengths_of(weights: np.ndarray, scale: float) -> np.ndarray:
    """Weights as whole steps from −STEPS to STEPS, 0 only for those that are exactly 0 or no numbers."""
    strength = steps(weights, scale)
    return np.where(strength == 0, np.nan_to_num(np.sign(weights)).astype(int), strength)


@lru_cache
def edge_inks(look: Look, dimmed: bool) -> tuple[Style, ...]:
    """The style of every step, from −STEPS to STEPS; weak edges are pale, not dark, so that they are seen."""
    palette, fade = look.palette, FADE if dimmed else 0.0
    inks = []
    for step in range(-STEPS, STEPS + 1):
        strength = abs(step) / STEPS
        shade = blend(palette.faint, palette.negative if step < 0 else palette.positive, strength)
        bold = not look.color and not dimmed and strength > 2 / 3
        dim = not look.color and (dimmed or strength < 1 / 3)
        inks.append(ink(blend(shade, palette.background, fade), bold=bold, dim=dim))
    return tuple(inks)


def draw_edges(
    canvas: Canvas,
    source: Column,
    target: Column,
    strengths: np.ndarray,
    inks: tuple[Style, ...],
    look: Look,
) -> None:
    """Edges from every unit of one column to every unit of the next."""
    start, stop = source.x + 1, target.x
    if stop <= start:
        return
    across, down = (1, 1) if look.ascii else (2, 4)
    strength = strengths[target.shown, source.shown].ravel()
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
