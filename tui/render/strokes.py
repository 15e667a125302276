"""Series as strokes through the cells of a plot, and strokes as a picture.

A stroke is all that a rasterizer is told of a series, in whole cells or dots, so that a picture need not be made anew
while its strokes stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rich.style import Style

from tui.render.cells import Canvas, Picture, ink
from tui.render.edges import DOTS
from tui.render.palette import Look
from tui.render.series import Series, dotted, mark_of
from tui.render.thinning import bins, envelope, one_per_cell

BRAILLE = "braille"
BETWEEN_MARKS = 24  # columns


@dataclass(frozen=True)
class Stroke:
    """Points in series `number`, in cells from the lower left or, of braille, in its dots; connected by lines or not.

    places: the bytes of a column and a row of integers, so that strokes of equal points are equal.
    """

    number: int
    marker: str
    connected: bool
    places: bytes

    @property
    def x(self) -> np.ndarray:
        return self._both[0]

    @property
    def y(self) -> np.ndarray:
        return self._both[1]

    @property
    def _both(self) -> np.ndarray:
        return np.frombuffer(self.places, np.int64).reshape(2, -1)

    def grid(self, columns: int, rows: int) -> tuple[int, int]:
        """How many places there are in a plot of so many cells."""
        return (2 * columns, 4 * rows) if self.marker == BRAILLE else (columns, rows)


def strokes(
    one: Series, number: int, x: np.ndarray, y: np.ndarray, columns: int, rows: int, look: Look
) -> Iterator[Stroke]:
    """One series in coordinates from 0 to 1, thinned."""
    area, mark = (columns, rows), mark_of(one, look)
    if one.style == "cloud":
        kept = one_per_cell(x, y, columns, rows)
        yield _stroke(number, x[kept], y[kept], area, mark)
        return
    y = np.clip(y, -1, 2)
    dots = BRAILLE if dotted(one, look) else mark
    for kept in envelope(x, y, columns):
        yield _stroke(number, x[kept], y[kept], area, dots, connected=one.style == "line")


def marks(
    one: Series, number: int, x: np.ndarray, y: np.ndarray, columns: int, rows: int, look: Look
) -> Iterator[Stroke]:
    """The lane's mark here and there along a line that is not muted; lanes have theirs in different places."""
    if one.style == "line" and not one.muted:
        for kept in envelope(x, np.clip(y, -1, 2), columns):
            kept = kept[_spaced(x[kept], columns, one.index)]
            yield _stroke(number, x[kept], np.clip(y[kept], -1, 2), (columns, rows), mark_of(one, look))


def _stroke(
    number: int, x: np.ndarray, y: np.ndarray, area: tuple[int, int], marker: str, connected: bool = False
) -> Stroke:
    across, down = Stroke(number, marker, connected, b"").grid(*area)
    return Stroke(number, marker, connected, np.stack((bins(x, across), bins(y, down))).tobytes())


def _spaced(x: np.ndarray, columns: int, index: int) -> np.ndarray:
    """Which of rising points carry a mark: the first one in every span of `BETWEEN_MARKS` columns."""
    spans = np.floor((x * columns + index * BETWEEN_MARKS / 4) / BETWEEN_MARKS)
    return np.flatnonzero(np.diff(spans) > 0) + 1


def cells(stroke: Stroke, columns: int, rows: int) -> tuple[list[int], list[int], list[str]]:
    """Column, row from the top and character of each cell that a stroke marks; what lies outside is left out."""
    across, down = stroke.grid(columns, rows)
    x, y = _along(stroke.x, stroke.y) if stroke.connected else (stroke.x, stroke.y)
    inside = (x >= 0) & (x < across) & (y >= 0) & (y < down)
    x, y = x[inside], down - 1 - y[inside]
    if stroke.marker != BRAILLE:
        return x.tolist(), y.tolist(), [stroke.marker] * len(x)
    dots = np.zeros((rows, columns), int)
    np.bitwise_or.at(dots, (y // 4, x // 2), DOTS[y % 4, x % 2])
    row, column = np.nonzero(dots)
    return column.tolist(), row.tolist(), [chr(0x2800 + mark) for mark in dots[row, column].tolist()]


def painted(drawn: Sequence[Stroke], columns: int, rows: int, inks: Sequence[Style]) -> Picture:
    """The strokes, each over those before it, in the style of their series."""
    canvas = Canvas(columns, rows, ink())
    for stroke in drawn:
        for column, row, character in zip(*cells(stroke, columns, rows), strict=True):
            canvas.put(column, row, character, inks[stroke.number])
    return canvas.picture()


def _along(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All places on straight lines from each point to the next."""
    if len(x) < 2:
        return x, y
    across, down = np.diff(x), np.diff(y)
    counts = np.maximum(np.maximum(np.abs(across), np.abs(down)), 1)
    start = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(start)) - np.repeat(np.cumsum(counts) - counts, counts)
    return (
        np.append((x[:-1][start] + place * (across / counts)[start]).astype(int), x[-1]),
        np.append((y[:-1][start] + place * (down / counts)[start]).astype(int), y[-1]),
    )
