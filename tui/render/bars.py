"""Bars of block characters, and histograms of one line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncore.arrays import Array
from tui.render.glyphs import Glyphs


def upright(share: float, rows: int, glyphs: Glyphs) -> str:
    """A bar in a column of `rows` cells from the top down; whatever `share` (0 to 1) is, something of it is seen."""
    steps = len(glyphs.levels)
    filled, rest = divmod(max(round(min(max(share, 0.0), 1.0) * rows * steps), 1), steps)
    top = glyphs.levels[rest - 1] if rest else ""
    return (top + glyphs.levels[-1] * filled).rjust(rows)


def histogram(values: Array, low: float, high: float, columns: int) -> np.ndarray:
    """How many finite values lie in each of `columns` equal parts of low…high; those beyond in the outer ones."""
    if columns < 1:
        return np.zeros(0, dtype=int)
    finite = np.isfinite(values)
    kept = values if finite.all() else values[finite]
    part = kept * (columns / 2 / (high / 2 - low / 2))  # halves, whose difference cannot overflow
    part -= low / 2 * (columns / (high / 2 - low / 2))
    np.clip(part, 0, columns - 1, out=part)
    return np.bincount(part.astype(np.intp), minlength=columns)


def histogram_line(counts: Sequence[int] | np.ndarray, glyphs: Glyphs) -> str:
    """A character a part, by height beside the fullest; a space where nothing is."""
    most = max(counts, default=0)
    return "".join(upright(count / most, 1, glyphs) if count else " " for count in counts)
