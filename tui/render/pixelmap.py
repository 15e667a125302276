"""Maps of the plane in quarters of cells, each cell in two shades; without colour, one character a cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rich.segment import Segment
from rich.style import Style

from tui.render.cells import Line, fit, ink, longest, runs
from tui.render.palette import Look
from tui.render.plot import Plot
from tui.render.shades import on
from tui.render.thinning import bins
from tui.render.ticks import label

Domain = Sequence[tuple[float, float]]

WIDEST = 1.5
UPPER_HALF = 8 + 4
"""The number of its glyph among those that fill quarters."""


class Inks(NamedTuple):
    """A colour and a character for every shade of a map, a colour and a character for every kind of mark.

    scale: how many shades, the first ones, are steps of one scale, so that there is a mean of them; of classes none.
    lines: the shades that are lines, which stand out where characters alone are drawn.
    """

    shades: tuple[str | None, ...]
    glyphs: str
    colors: tuple[str | None, ...]
    marks: str
    scale: int = 0
    lines: frozenset[int] = frozenset()


class Marks(NamedTuple):
    """Points (n, 2) to mark on a map, of some kind (n,) each; the later ones cover the earlier."""

    points: np.ndarray
    kinds: np.ndarray


def pixels(width: int, height: int, look: Look) -> tuple[int, int]:
    """Rows and columns of the grid of values that fills a map of that size without resampling."""
    parts = 1 if _whole_cells(look) else 2
    return max(height - 1, 1) * parts, max(width, 1) * parts


def grid_points(rows: int, columns: int, domain: Domain) -> np.ndarray:
    """The centres of the pixels (rows·columns, 2): the lowest x₂ first, x₁ running fastest."""
    (left, right), (bottom, top) = domain
    x = left + (np.arange(columns) + 0.5) / columns * (right - left)
    y = bottom + (np.arange(rows) + 0.5) / rows * (top - bottom)
    return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), -1).reshape(-1, 2)


def square(domain: Domain, width: int, height: int) -> Domain:
    """The domain widened around its middle until one unit is as long across as it is up on the screen.

    At most by half, so that a flat picture is not mostly empty: there a circle is drawn as an ellipse.
    """
    lengths = np.diff(np.array(domain, float))[:, 0]
    units = np.array((max(width, 1), 2 * max(height - 1, 1)))
    wanted = np.minimum(units * (lengths / units).max(), WIDEST * lengths)
    return [(low - more / 2, high + more / 2) for (low, high), more in zip(domain, wanted - lengths, strict=True)]


def centred(domain: Domain, width: int, height: int) -> Domain:
    """The domain moved by at most half a cell, so that a 0 in it is in the middle of a row or a column."""
    moved = []
    for (low, high), cells in zip(domain, (width, height - 1), strict=True):
        cell = (high - low) / max(cells, 1)
        by = (math.floor(-low / cell) + 0.5) * cell + low if low <= 0 < high else 0.0
        moved.append((low - by, high - by))
    return moved


def _whole_cells(look: Look) -> bool:
    """Whether a cell is one pixel, because it needs its character to tell its level."""
    return look.ascii or not look.color


def resampled(values: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The nearest of `values`, the lowest x₂ first, for every pixel."""
    height, width = values.shape
    down = ((np.arange(rows) + 0.5) * height / rows).astype(int)
    across = ((np.arange(columns) + 0.5) * width / columns).astype(int)
    return values[down[:, None], across]


def interpolated(values: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Values for every pixel, between those of another grid linear in both directions."""
    for axis, count in enumerate((rows, columns)):
        size = values.shape[axis]
        if size != count:
            at = np.clip((np.arange(count) + 0.5) * size / count - 0.5, 0, size - 1)
            before = at.astype(int)
            after, share = np.minimum(before + 1, size - 1), np.expand_dims(at - before, 1 - axis)
            with np.errstate(invalid="ignore"):
                values = (1 - share) * values.take(before, axis) + share * values.take(after, axis)
    return values


def unit(points: np.ndarray, domain: Domain) -> np.ndarray:
    """Points (n, 2) as shares of the way through the domain."""
    low, high = np.array(domain, float).T
    return (points - low) / (high - low)


def map_picture(
    drawn: np.ndarray,
    shades: np.ndarray,
    inks: Inks,
    domain: Domain,
    width: int,
    height: int,
    look: Look,
    *,
    marks: Marks | None = None,
    names: Sequence[str] = (),
    notes: Sequence[str] = (),
    halves: bool = False,
) -> Plot:
    """The map as `drawn`, marks on the `shades` they lie on, and a line with what it spans and a note.

    notes: wordings of it, the first that fits is taken.
    names: of the coordinates, x₁ and x₂ unless given. halves: two shades a cell exactly, not four roughly.
    """
    (left, right), heights = domain
    if width < 1 or height < 1:
        return Plot([[] for _ in range(height)], 0, 0, 0, 0, left, right, heights)
    cells = _cells(drawn, inks, halves, look)
    if marks is not None:
        _paint(cells, shades, marks, inks, domain, look)
    picture = [runs(characters, styles) for characters, styles in cells]
    if height > 1:
        caption = fit(_caption(domain, names, notes, (width, height), look), width, look.glyphs.ellipsis)
        picture.append([Segment(caption, ink(look.palette.muted))])
    return Plot(picture, 0, 0, width, len(cells), left, right, heights)


def _caption(domain: Domain, names: Sequence[str], notes: Sequence[str], size: tuple[int, int], look: Look) -> str:
    """What the map spans, and a note: names go, and then spaces, before numbers are cut."""
    ranges = [_spanned(ends, cells, look) for ends, cells in zip(domain, (size[0], size[1] - 1), strict=True)]
    spans = "  ".join(map(" ".join, zip(names or [f"x{look.subscript(n)}" for n in (1, 2)], ranges, strict=True)))
    bare = f" {look.glyphs.times} ".join(ranges)
    return longest(size[0], *(f"{spans}  {note}" for note in notes if note), spans, bare, bare.replace(" ", ""), spans)


def _spanned(ends: tuple[float, float], cells: int, look: Look) -> str:
    """A range as exact as a tenth to a hundredth of it; around 0, where that is its middle to within a cell."""
    low, high = ends
    if abs(low + high) <= (high - low) / max(cells, 1) * 1.01:
        low, high = (low - high) / 2, (high - low) / 2
    digits = 1 - math.floor(math.log10(high - low))
    return look.glyphs.ellipsis.join(label(round(end, digits) + 0.0) for end in (low, high))


def _cells(drawn: np.ndarray, inks: Inks, halves: bool, look: Look) -> list[tuple[list[str], list[Style]]]:
    """Characters and styles of every line: four pixels a cell, or one with the character of its shade."""
    colors = inks.shades
    if _whole_cells(look):
        return [
            (
                [
                    inks.glyphs[shade] if look.color or (x + y) % 2 or shade in inks.lines else " "
                    for x, shade in enumerate(row)
                ],
                [_cell_ink(colors[shade], shade in inks.lines, look) for shade in row],
            )
            for y, row in enumerate(drawn.tolist())
        ]
    parted = _in_halves if halves else _in_two_shades
    filled, above, below = (part.tolist() for part in parted(drawn, inks.scale))
    return [
        (
            [look.glyphs.quadrants[quarters] for quarters in row],
            [ink(colors[first], colors[second]) for first, second in zip(*shades, strict=True)],
        )
        for row, *shades in zip(filled, above, below, strict=True)
    ]


def _in_two_shades(drawn: np.ndarray, scale: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For every cell of four pixels (2·rows, 2·columns) the number of its glyph, and its two shades (rows, columns).

    The shades of a scale are parted in the middle between the highest and the lowest, each part drawn in its mean. Of
    others, lines and classes, the highest one is one part and the rest the other.
    """
    quarters = np.stack([drawn[down::2, across::2] for down in (0, 1) for across in (0, 1)])
    highest, lowest = quarters.max(0), quarters.min(0)
    upper = np.where(highest < scale, 2 * quarters > highest + lowest, quarters == highest)
    scaled = quarters < scale
    above, below = _mean(quarters, upper & scaled, highest), _mean(quarters, ~upper & scaled, lowest)
    return np.tensordot((8, 4, 2, 1), upper, 1), above, below


def _in_halves(drawn: np.ndarray, scale: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For every cell the number of the upper half's glyph, and the shades of both halves (rows, columns).

    Of a scale each is in the mean of its two pixels, else in the higher one's.
    """
    left, right = drawn[:, ::2], drawn[:, 1::2]
    highest = np.maximum(left, right)
    shades = np.where(highest < scale, (left + right + 1) // 2, highest)
    above, below = shades[::2], shades[1::2]
    return np.full(above.shape, UPPER_HALF), above, below


def _mean(quarters: np.ndarray, part: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """The mean shade of a part of each cell, where there is such a part."""
    count = part.sum(0)
    mean = (quarters * part).sum(0) / np.maximum(count, 1)
    return np.where(count > 0, np.rint(mean).astype(int), otherwise)


def shade_row(inks: Inks, look: Look) -> Line:
    """All shades of a map in a row, a cell each."""
    shades = zip(inks.glyphs, inks.shades, strict=True)
    if _whole_cells(look):
        return [Segment(glyph, _cell_ink(color, False, look)) for glyph, color in shades]
    return [Segment(" ", ink(None, color)) for _, color in shades]


def _cell_ink(color: str | None, line: bool, look: Look) -> Style:
    return ink(on(color, 0.4), color, bold=line and not look.color, dim=not line and not look.color)


def _paint(
    cells: list[tuple[list[str], list[Style]]],
    shades: np.ndarray,
    marks: Marks,
    inks: Inks,
    domain: Domain,
    look: Look,
) -> None:
    """Put the marks that lie in the domain on the map."""
    rows, columns = shades.shape
    share = unit(marks.points, domain)
    inside = ((share >= 0) & (share <= 1)).all(-1)
    places = np.stack((rows - 1 - bins(share[inside, 1], rows), bins(share[inside, 0], columns)), -1)
    for (row, column), kind in zip(places.tolist(), marks.kinds[inside].astype(int).tolist(), strict=True):
        characters, styles = cells[row * len(cells) // rows]
        cell = column * len(characters) // columns
        characters[cell] = inks.marks[kind % len(inks.marks)]
        styles[cell] = ink(
            inks.colors[kind % len(inks.colors)],
            inks.shades[shades[row, column]],
            bold=True,
            reverse=not look.color and not inks.scale,
        )
