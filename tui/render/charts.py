"""Charts of series over a common axis: the one file that calls plotext, as a rasterizer of strokes.

Axes, ticks and legend are drawn here, so that the gutter keeps its width and the mapping from columns to x
is known. plotext is imported on first use, since a launch may not need it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from rich.segment import Segment
from rich.style import Style

from tui.render.axes import GUTTER, draw_x_axis, draw_y_axis, gutter, y_ticks
from tui.render.cells import Canvas, Line, Picture, fit_line, ink
from tui.render.palette import Look
from tui.render.plot import Plot, scaled
from tui.render.series import Series, legend_of, marked, series_ink
from tui.render.strokes import Stroke, cells, marks, painted, strokes
from tui.render.ticks import in_jumps, span, widened

FIRST_COLOR = 16  # plotext's number for the first series' colour; the palette's own replaces it
PAINTED = ("scatter", "line", "cloud")  # the later over the earlier, all over what is muted
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


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
    moving: bool = False,
    equal: bool = False,
) -> Plot:
    """Series over a common x, with a legend of one line at the top; ranges are the data's unless given.

    equal: both axes count the same, so that a unit is as long across as up, a cell being twice as high as wide.
    moving: every step changes the picture, so that it is painted without plotext, to look the same.

    With `log_y`, values that are not positive are left out, as are those that are not finite everywhere.
    """
    data = [(np.asarray(one.x, float), scaled(np.asarray(one.y, float), log_y)) for one in series]
    seen = [np.isfinite(x) & np.isfinite(y) for x, y in data]
    low, high = widened(*x_range) if x_range else span([x[at] for (x, _), at in zip(data, seen, strict=True)])
    bottom, top = span([y[at] for (_, y), at in zip(data, seen, strict=True)])
    if y_range is not None:
        bottom, top = widened(*scaled(np.array(y_range, float), log_y).tolist())
    legend, axis = int(height > 3), int(height > 2)
    rows = max(height - legend - axis, 0)
    if equal:
        left = GUTTER if width >= 3 * GUTTER else 0
        (low, high), (bottom, top) = _equal((low, high), (bottom, top), max(width - left, 0), rows)
        ticks = y_ticks(rows, (bottom, top), log_y, look)
    else:
        bottom, top = in_jumps(bottom, top)
        ticks = y_ticks(rows, (bottom, top), log_y, look)
        left = gutter(width, ticks)
    columns = max(width - left, 0)
    canvas = Canvas(width, height, ink(look.palette.muted))
    if left:
        draw_y_axis(canvas, legend, rows, (bottom, top), ticks, look, left)
    if axis:
        draw_x_axis(canvas, left, columns, (low, high), x_label, look)
    lines = canvas.picture()
    if legend:
        entries = legend_of(series, width, look)
        indent = min(left, max(width - Segment.get_line_length(entries), 0))
        lines[0] = fit_line([Segment(" " * indent), *entries], width, ink())

    unit = [(_shares(x, low, high), _shares(y, bottom, top)) for x, y in data]
    for row, plotted in enumerate(_rasterize(series, unit, columns, rows, look, moving), start=legend):
        lines[row] = fit_line(lines[row], left, ink()) + plotted
    return Plot(lines, left, legend, columns, rows, low, high, (bottom, top), log_y)


Range = tuple[float, float]


def _equal(across: Range, up: Range, columns: int, rows: int) -> tuple[Range, Range]:
    """Both ranges, one of them widened around its middle until a unit is as long on the screen."""
    halves = max(columns, 1), max(2 * rows, 1)  # in half the height of a cell
    unit = max((high - low) / half for (low, high), half in zip((across, up), halves, strict=True))
    widened = [
        (min(low, (low + high) / 2 - unit * half / 2), max(high, (low + high) / 2 + unit * half / 2))  # not rounded off
        for (low, high), half in zip((across, up), halves, strict=True)
    ]
    return widened[0], widened[1]


def _shares(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Values as shares of the way from `low` to `high`; beyond the largest numbers they are infinite."""
    with np.errstate(over="ignore"):
        return (values - low) / (high - low)


def _rasterize(
    series: Sequence[Series],
    unit: Sequence[tuple[np.ndarray, np.ndarray]],
    columns: int,
    rows: int,
    look: Look,
    moving: bool,
) -> Picture:
    """The plot area: every series in coordinates from 0 to 1, drawn over those before it."""
    if columns < 1 or rows < 1:
        return []
    ranks = [(not one.muted, PAINTED.index(one.style), number) for number, one in enumerate(series)]
    drawn = tuple(
        stroke
        for told in (
            (strokes, marks) if marked(series, look) else (strokes,)
        )  # all marks over all lines, so that a line under another can be seen
        for _, _, number in sorted(ranks)
        for stroke in told(series[number], number, *unit[number], columns, rows, look)
    )
    inks = tuple(series_ink(one, look) for one in series)
    return painted(drawn, columns, rows, inks) if moving else list(_built(drawn, columns, rows, inks))


@lru_cache(maxsize=32)
def _built(drawn: tuple[Stroke, ...], columns: int, rows: int, inks: tuple[Style, ...]) -> tuple[Line, ...]:
    """The plot area by plotext, which takes milliseconds; most steps move no stroke of it."""
    import plotext

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
    for stroke in drawn:
        x, y, characters = cells(stroke, columns, rows)
        if x:
            centres = _centres(x, columns), _centres([rows - 1 - row for row in y], rows)
            plotext.scatter(*centres, marker=characters, color=FIRST_COLOR + stroke.number)
    numbered = {f"38;5;{FIRST_COLOR + number}": style for number, style in enumerate(inks)}
    return tuple(_segments(line, numbered) for line in plotext.build().split("\n")[:rows])


def _centres(places: list[int], count: int) -> list[float]:
    """Unit coordinates that plotext rounds to the very cell of each place."""
    return [place / max(count - 1, 1) for place in places]


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
