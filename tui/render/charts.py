"""Charts of series over a common axis: the one file that calls plotext, as a rasterizer of unit coordinates.

Axes, ticks and legend are drawn here, so that the gutter keeps its width and the mapping from columns to x
is known. plotext is imported on first use, since a launch may not need it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from rich.segment import Segment
from rich.style import Style

from tui.render.cells import Canvas, Line, Picture, fit_line, ink
from tui.render.palette import Look, blend
from tui.render.thinning import bins, envelope, one_per_cell
from tui.render.ticks import axis_ticks, span, widened

GUTTER = 8  # seven cells of label and the axis
FIRST_COLOR = 16  # plotext's number for the first series' colour; the palette's own replaces it
PAINTED = ("scatter", "line", "cloud")  # the later over the earlier
BETWEEN_MARKS = 24  # columns
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


@dataclass(frozen=True, eq=False)
class Series:
    """Points (x, y), y possibly not finite: a line, a noisy series' envelope as points, or a cloud of points.

    x rises in lines and scatters. `index` is the lane, which decides marker and colour unless `color` does; a
    `muted` series stays behind its lane's main one.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    style: Literal["line", "scatter", "cloud"] = "line"
    index: int = 0
    muted: bool = False
    color: str | None = None


@dataclass(frozen=True, eq=False)
class Chart:
    """A drawn chart and where its plot area lies: `columns` × `rows` cells from (left, top)."""

    lines: Picture
    left: int
    top: int
    columns: int
    rows: int
    low: float
    high: float

    def column(self, x: float) -> int | None:
        """The picture's column that shows `x`, or None outside the plot."""
        if self.columns < 1 or not self.low <= x <= self.high:
            return None
        return self.left + _bin((x - self.low) / (self.high - self.low), self.columns)

    def x(self, column: int) -> float | None:
        """The x shown in the middle of a column of the picture, or None outside the plot."""
        if not self.left <= column < self.left + self.columns:
            return None
        return self.low + (column - self.left + 0.5) / self.columns * (self.high - self.low)


def line_chart(
    series: Sequence[Series],
    width: int,
    height: int,
    look: Look,
    *,
    log_y: bool = False,
    x_label: str = "",
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
) -> Chart:
    """Series over a common x, with a legend of one line at the top; ranges are the data's unless given.

    With `log_y`, values that are not positive are left out, as are those that are not finite everywhere.
    """
    data = [(np.asarray(one.x, float), _scaled(np.asarray(one.y, float), log_y)) for one in series]
    seen = [np.isfinite(x) & np.isfinite(y) for x, y in data]
    low, high = widened(*x_range) if x_range else span([x[at] for (x, _), at in zip(data, seen, strict=True)])
    bottom, top = span([y[at] for (_, y), at in zip(data, seen, strict=True)])
    if y_range is not None:
        bottom, top = widened(*_scaled(np.array(y_range, float), log_y).tolist())

    legend, axis = int(height > 3), int(height > 2)
    left = GUTTER if width >= 3 * GUTTER else 0
    columns, rows = max(width - left, 0), max(height - legend - axis, 0)
    canvas = Canvas(width, height, ink(look.palette.muted))
    if legend:
        _draw_legend(canvas, series, look)
    if left:
        _draw_y_axis(
            canvas, legend, rows, axis_ticks(bottom, top, (rows + 1) // 2, log_y, look), (bottom, top), look
        )
    if axis:
        _draw_x_axis(canvas, left, columns, (low, high), x_label, look)
    lines = canvas.picture()

    unit = [(_shares(x, low, high), _shares(y, bottom, top)) for x, y in data]
    for row, plotted in enumerate(_rasterize(series, unit, columns, rows, look), start=legend):
        lines[row] = fit_line(lines[row], left, ink()) + plotted
    return Chart(lines, left, legend, columns, rows, low, high)


def with_cursor(chart: Chart, x: float, look: Look) -> Chart:
    """The chart with a vertical mark at `x`, painted on what is drawn already."""
    column = chart.column(x)
    if column is None:
        return chart
    mark = Segment(look.glyphs.vertical, ink(look.palette.accent, bold=True))
    lines = list(chart.lines)
    for row in range(chart.top, chart.top + chart.rows):
        before, _, after = Segment.divide(lines[row], [column, column + 1, _length(lines[row])])
        lines[row] = [*before, mark, *after]
    return replace(chart, lines=lines)


def _length(line: Line) -> int:
    return sum(segment.cell_length for segment in line)


def _scaled(y: np.ndarray, log_y: bool) -> np.ndarray:
    if not log_y:
        return y
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log10(y)


def _shares(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Values as shares of the way from `low` to `high`; beyond the largest numbers they are infinite."""
    with np.errstate(over="ignore"):
        return (values - low) / (high - low)


def _series_ink(one: Series, look: Look) -> Style:
    color = look.palette.series[one.index % len(look.palette.series)]
    if look.color and one.color is not None:
        color = one.color
    if one.muted:
        return ink(blend(color, look.palette.background, 0.45), dim=not look.color)
    return ink(color)


def _mark(one: Series, look: Look) -> str:
    marks = look.glyphs.lines if one.style == "line" else look.glyphs.points
    return marks[one.index % len(marks)]


def _draw_legend(canvas: Canvas, series: Sequence[Series], look: Look) -> None:
    column = GUTTER if canvas.width >= 3 * GUTTER else 0
    for one in series:
        style = _series_ink(one, look)
        entry = f"{_mark(one, look)} {one.name}"
        if column + len(entry) > canvas.width:
            canvas.put(canvas.width - 1, 0, look.glyphs.ellipsis, ink(look.palette.muted))
        canvas.put(column, 0, entry, style)
        column += len(entry) + 2


def _draw_y_axis(
    canvas: Canvas,
    top: int,
    rows: int,
    ticks: list[tuple[float, str]],
    limits: tuple[float, float],
    look: Look,
) -> None:
    frame, glyphs = ink(look.palette.faint), look.glyphs
    for row in range(rows):
        canvas.put(GUTTER - 1, top + row, glyphs.vertical, frame)
    bottom, height = limits[0], limits[1] - limits[0]
    for position, text in ticks:
        row = top + rows - 1 - _bin((position - bottom) / height, rows)
        canvas.put(0, row, text.rjust(GUTTER - 1), ink(look.palette.muted))
        canvas.put(GUTTER - 1, row, glyphs.tick, frame)


def _draw_x_axis(
    canvas: Canvas, left: int, columns: int, limits: tuple[float, float], x_label: str, look: Look
) -> None:
    row, (low, high) = canvas.height - 1, limits
    canvas.put(left, row, look.glyphs.horizontal * columns, ink(look.palette.faint))
    if left:
        canvas.put(left - 1, row, look.glyphs.corner, ink(look.palette.faint))
    free, end = left, canvas.width - len(x_label) - 1
    for position, text in axis_ticks(low, high, columns // 14, False, look):
        column = left + _bin((position - low) / (high - low), columns) - len(text) // 2
        column = max(column, left)
        if free <= column and column + len(text) <= end:
            canvas.put(column, row, text, ink(look.palette.muted))
            free = column + len(text) + 2
    canvas.put(end + 1, row, x_label, ink(look.palette.muted))


def _rasterize(
    series: Sequence[Series],
    unit: Sequence[tuple[np.ndarray, np.ndarray]],
    columns: int,
    rows: int,
    look: Look,
) -> Picture:
    """The plot area: every series in coordinates from 0 to 1, drawn over those before it."""
    import plotext

    if columns < 1 or rows < 1:
        return []
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(columns, rows)
    plotext.theme("clear")
    plotext.xaxes(False, False)
    plotext.yaxes(False, False)
    plotext.xticks([])
    plotext.yticks([])
    plotext.xlim(0, 1)
    plotext.ylim(0, 1)
    for place in sorted(range(len(series)), key=lambda place: PAINTED.index(series[place].style)):
        _plot(series[place], *unit[place], FIRST_COLOR + place, columns, rows, look)
    inks = {f"38;5;{FIRST_COLOR + place}": _series_ink(one, look) for place, one in enumerate(series)}
    return [_segments(line, inks) for line in plotext.build().split("\n")[:rows]]


def _plot(one: Series, x: np.ndarray, y: np.ndarray, color: int, columns: int, rows: int, look: Look) -> None:
    """Hand one series to plotext, thinned; a line carries its lane's mark here and there, unless muted."""
    import plotext

    mark, area = _mark(one, look), (columns, rows)
    if one.style == "cloud":
        kept = one_per_cell(x, y, columns, rows)
        plotext.scatter(*_pixels(x[kept], y[kept], area, mark), marker=mark, color=color)
        return
    y = np.clip(y, -1, 2)
    dots = mark if look.ascii or (one.style == "scatter" and not look.color) else "braille"
    draw = plotext.plot if one.style == "line" else plotext.scatter
    for kept in envelope(x, y, columns):
        draw(*_pixels(x[kept], y[kept], area, dots), marker=dots, color=color)
        if one.style == "line" and not one.muted:
            kept = kept[_spaced(x[kept], columns, one.index)]
            plotext.scatter(*_pixels(x[kept], y[kept], area, mark), marker=mark, color=color)


def _pixels(
    x: np.ndarray, y: np.ndarray, area: tuple[int, int], marker: str
) -> tuple[list[float], list[float]]:
    """Unit coordinates that plotext rounds to the very cell, or dot in it, where the points lie."""
    columns, rows = (area[0] * 2, area[1] * 4) if marker == "braille" else area
    return (
        (bins(x, columns) / max(columns - 1, 1)).tolist(),
        (bins(y, rows) / max(rows - 1, 1)).tolist(),
    )


def _bin(share: float, count: int) -> int:
    return int(bins(np.array(share), count))


def _spaced(x: np.ndarray, columns: int, index: int) -> np.ndarray:
    """Which of rising points carry a mark: the first one in every span of `BETWEEN_MARKS` columns."""
    spans = np.floor((x * columns + index * BETWEEN_MARKS / 4) / BETWEEN_MARKS)
    return np.flatnonzero(np.diff(spans) > 0) + 1


def _segments(line: str, inks: dict[str, Style]) -> Line:
    """A line of plotext's output, whose colours are the series' numbers, as segments."""
    plain = style = ink()
    segments: Line = []
    for part, text in enumerate(ESCAPE.split(line)):
        if part % 2:
            style = inks.get(text, plain)
        elif text:
            segments.append(Segment(text, style))
    return segments
