"""A drawn picture of a part of the plane, and which of its cells shows which point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from rich.segment import Segment

from tui.render.axes import place
from tui.render.cells import Picture, ink
from tui.render.palette import Look


@dataclass(frozen=True, eq=False)
class Plot:
    """A picture whose plot area has `columns` × `rows` cells from (left, top).

    low, high: the range of x. heights: that of y, with `log` in exponents of ten.
    """

    lines: Picture
    left: int
    top: int
    columns: int
    rows: int
    low: float
    high: float
    heights: tuple[float, float]
    log: bool = False

    def column(self, x: float) -> int | None:
        """The picture's column that shows `x`, or None outside the plot."""
        if self.columns < 1 or not self.low <= x <= self.high:
            return None
        return self.left + place((x - self.low) / (self.high - self.low), self.columns)

    def x(self, column: int) -> float | None:
        """The x shown in the middle of a column of the picture, or None outside the plot."""
        if not self.left <= column < self.left + self.columns:
            return None
        return self.low + (column - self.left + 0.5) / self.columns * (self.high - self.low)

    def row(self, y: float) -> int | None:
        """The picture's line that shows `y`, or None outside the plot."""
        bottom, top = self.heights
        height = float(scaled(np.array(y, float), self.log))
        if self.rows < 1 or not bottom <= height <= top:
            return None
        return self.top + self.rows - 1 - place((height - bottom) / (top - bottom), self.rows)

    def y(self, row: int) -> float | None:
        """The y shown in the middle of a line of the picture, or None outside the plot."""
        if not self.top <= row < self.top + self.rows:
            return None
        bottom, top = self.heights
        height = bottom + (self.top + self.rows - row - 0.5) / self.rows * (top - bottom)
        return float(10.0**height) if self.log else height

    def cells(self, points: np.ndarray) -> np.ndarray:
        """Points (n, 2) in columns and lines of the picture, with fractions; NaN where they cannot be drawn."""
        bottom, top = self.heights
        with np.errstate(all="ignore"):
            across = (points[:, 0] - self.low) / (self.high - self.low)
            down = (top - scaled(points[:, 1], self.log)) / (top - bottom)
        share = np.stack([across, down], axis=-1)
        inside = np.all((share >= 0) & (share <= 1), axis=1, keepdims=True)
        cells = np.minimum(share, np.nextafter(1, 0)) * (self.columns, self.rows) + (self.left, self.top)
        return np.where(inside, cells, np.nan)


def scaled(y: np.ndarray, log: bool) -> np.ndarray:
    """y, with `log` as exponents of ten: NaN or −inf where it is not positive."""
    if not log:
        return y
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log10(y)


class Standing(NamedTuple):
    """Where a lane stands at the cursor, and its mark there, that of its line unless given."""

    x: float
    y: float
    lane: int
    mark: str = ""


def with_cursor(plot: Plot, x: float, look: Look, now: Sequence[Standing] = ()) -> Plot:
    """The plot with a vertical line at `x`, and the marks of lanes where they stand, the first over the others.

    They are painted on what is drawn already.
    """
    column, bar = plot.column(x), Segment(look.glyphs.vertical, ink(look.palette.accent, bold=True))
    rows = range(plot.top, plot.top + plot.rows)
    cells = {} if column is None else {(column, row): bar for row in rows}
    for across, value, lane, mark in reversed(now):
        place, row = plot.column(across), plot.row(value)
        if place is not None and row is not None:
            color = look.palette.series[lane % len(look.palette.series)]
            mark = mark or look.glyphs.lines[lane % len(look.glyphs.lines)]
            cells[place, row] = Segment(mark, ink(color, bold=True))
    return _painted(plot, cells)


def with_selected(plot: Plot, x: float, y: float | None, look: Look) -> Plot:
    """The plot with the cell of a point marked as selected, or with a line where only `x` is given."""
    column = plot.column(x)
    if column is None:
        return plot
    if y is None:
        bar = Segment(look.glyphs.selected_line, ink(look.palette.text, bold=True))
        return _painted(plot, {(column, row): bar for row in range(plot.top, plot.top + plot.rows)})
    row, style = plot.row(y), ink(look.palette.background, look.palette.accent, bold=True, reverse=not look.color)
    return plot if row is None else _painted(plot, {(column, row): Segment(look.glyphs.selected, style)})


def with_path(plot: Plot, points: np.ndarray, ends: np.ndarray, look: Look) -> Plot:
    """The plot with a small mark in each cell that holds a point (n, 2) and none of the `ends`, on its colour."""
    style = ink(look.palette.text, bold=not look.color)
    been = _cells_of(plot, points) - _cells_of(plot, ends)
    return _painted(plot, {cell: Segment(look.glyphs.step, style) for cell in been}, keep=True)


def _cells_of(plot: Plot, points: np.ndarray) -> set[tuple[int, int]]:
    places = plot.cells(points)
    return {(int(x), int(y)) for x, y in places[np.isfinite(places).all(axis=1)].tolist()}


def with_pointed(plot: Plot, points: Sequence[Sequence[float]], look: Look) -> Plot:
    """The plot with the cells of points marked as what the guide speaks of."""
    style = ink(look.palette.background, look.palette.accent, bold=True, reverse=not look.color)
    cells: dict[tuple[int, int], Segment] = {}
    for x, y in points:
        column, row = plot.column(x), plot.row(y)
        if column is not None and row is not None:
            cells |= {(column - 1, row): Segment(look.glyphs.pointing, style)} if column > plot.left else {}
            cells[column, row] = Segment(look.glyphs.selected, style)
    return _painted(plot, cells)


def _painted(plot: Plot, cells: dict[tuple[int, int], Segment], keep: bool = False) -> Plot:
    """The plot with these cells in place of its own; keep: on the background that they have."""
    lines = list(plot.lines)
    for (column, row), segment in cells.items():
        before, old, after = Segment.divide(lines[row], [column, column + 1, Segment.get_line_length(lines[row])])
        under = next((one.style for one in old), None)
        if keep and under is not None and under.bgcolor is not None and segment.style is not None:
            segment = Segment(segment.text, segment.style + ink(None, under.bgcolor.name))
        lines[row] = [*before, segment, *after]
    return replace(plot, lines=lines)
