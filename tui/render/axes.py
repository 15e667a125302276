"""The axes of a chart, drawn around a plot area whose place does not depend on the numbers."""

from __future__ import annotations

import numpy as np

from tui.render.cells import Canvas, ink
from tui.render.palette import Look
from tui.render.thinning import bins
from tui.render.ticks import axis_ticks, x_ticks

GUTTER = 8  # seven cells of label and the axis
NARROW = 6  # of a narrow chart, where the labels have room in it
WIDE = 40  # columns of a chart that has the whole gutter
LEAST = 20  # columns of a chart with labels
FEW, MANY = 4, 8  # ticks on the left of a low chart and of a high one, about
BETWEEN_TICKS = 10  # columns, about


def place(share: float, count: int) -> int:
    """Which of `count` cells a share of the way along an axis falls into."""
    return int(bins(np.array(share), count))


Ticks = list[tuple[float, str]]
"""Where they are, and what stands beside them."""


def y_ticks(rows: int, limits: tuple[float, float], log: bool, look: Look) -> Ticks:
    """The ticks beside `rows` lines; with `log`, limits are exponents of ten."""
    most = min(rows // 2 if rows > 2 * FEW else (rows + 1) // 2, MANY)  # two lines apart, where they are few
    ticks = axis_ticks(*limits, min(most, max(rows // 3, FEW)), log, look)
    return ticks if len(ticks) >= FEW else axis_ticks(*limits, most, log, look)


def gutter(width: int, ticks: Ticks) -> int:
    """The columns for labels and axis of a chart that is so wide, 0 where there is no room for them."""
    narrow = width < WIDE and all(len(text) < NARROW for _, text in ticks)
    if narrow:
        return NARROW if width >= LEAST else 0
    return GUTTER if width >= 3 * GUTTER else 0


def draw_y_axis(
    canvas: Canvas, top: int, rows: int, limits: tuple[float, float], ticks: Ticks, look: Look, left: int = GUTTER
) -> None:
    """The axis and its ticks in the `left` columns of `rows` lines."""
    frame, glyphs = ink(look.palette.faint), look.glyphs
    for row in range(rows):
        canvas.put(left - 1, top + row, glyphs.vertical, frame)
    low, high = limits
    for position, text in ticks:
        row = top + rows - 1 - place((position - low) / (high - low), rows)
        canvas.put(0, row, text.rjust(left - 1), ink(look.palette.muted))
        canvas.put(left - 1, row, glyphs.tick, frame)


def draw_x_axis(canvas: Canvas, left: int, columns: int, limits: tuple[float, float], x_label: str, look: Look) -> None:
    """The axis in the last line, its ticks on it, its label at the end."""
    row, (low, high) = canvas.height - 1, limits
    canvas.put(left, row, look.glyphs.horizontal * columns, ink(look.palette.faint))
    if left:
        canvas.put(left - 1, row, look.glyphs.corner, ink(look.palette.faint))
    free, end = left, canvas.width - len(x_label) - 1
    for position, text in x_ticks(low, high, max(columns // BETWEEN_TICKS, 2)):
        text = f" {text}" if look.ascii and text.startswith("-") else text  # the axis is drawn in the same sign
        column = left + place((position - low) / (high - low), columns) - len(text) // 2
        column = max(column, left)
        if free <= column and column + len(text) <= end:
            canvas.put(column, row, text, ink(look.palette.muted))
            free = column + len(text) + 2
    canvas.put(end + 1, row, x_label, ink(look.palette.muted))
