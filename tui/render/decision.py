"""What a network makes of the plane: a map in half-block pixels with the samples painted on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from rich.segment import Segment
from rich.style import Style

from tui.render.cells import Picture, fit, ink, runs
from tui.render.numbers import count
from tui.render.palette import Look
from tui.render.shades import STEPS, blend, diverging, on, sign_glyph, steps
from tui.render.thinning import bins, one_per_cell
from tui.render.ticks import label

FADE = 0.35  # of the map behind the samples
APART = 3  # columns of a line that share one sample, so that the map stays visible
DIGITS = "01234567"
CLASSES = len(DIGITS)

Domain = Sequence[tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Samples:
    """Points `x` (n, 2) and for each its class, 0, 1, … (n,); on a map of two classes 1 is the upper one."""

    x: np.ndarray
    classes: np.ndarray


def pixels(width: int, height: int, look: Look) -> tuple[int, int]:
    """Rows and columns of the grid of values that fills a map of that size without resampling."""
    return max(height - 1, 1) * (1 if _whole_cells(look) else 2), max(width, 1)


def grid_points(rows: int, columns: int, domain: Domain) -> np.ndarray:
    """The centres of the pixels (rows·columns, 2): the lowest x₂ first, x₁ running fastest."""
    (left, right), (bottom, top) = domain
    x = left + (np.arange(columns) + 0.5) / columns * (right - left)
    y = bottom + (np.arange(rows) + 0.5) / rows * (top - bottom)
    return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), -1).reshape(-1, 2)


def square(domain: Domain, width: int, height: int, look: Look) -> Domain:
    """The domain widened around its middle until one unit is as long across as it is up on the screen."""
    rows, columns = pixels(width, height, look)
    lengths = np.diff(np.array(domain, float))[:, 0]
    units = np.array((columns, rows * (2 if _whole_cells(look) else 1)))
    wanted = units * (lengths / units).max()
    return [
        (low - more / 2, high + more / 2) for (low, high), more in zip(domain, wanted - lengths, strict=True)
    ]


def decision_map(
    values: np.ndarray,
    domain: Domain,
    width: int,
    height: int,
    look: Look,
    *,
    level: float,
    reach: float,
    samples: Samples | None = None,
) -> Picture:
    """Values (rows, columns), the lowest x₂ first: blue above `level`, orange below, saturated at ± `reach`.

    The contour at `level` is drawn as a line; the line below the map says what it spans.
    """
    rows, columns = pixels(width, height, look)
    grid = _resampled(values, rows, columns)[::-1] - level
    shades = steps(grid, reach) + STEPS
    drawn = np.where(_contour(grid), 2 * STEPS + 1, shades)
    return _picture(drawn, shades, _two_classes(look), domain, width, height, look, samples)


def class_map(
    classes: np.ndarray,
    domain: Domain,
    width: int,
    height: int,
    look: Look,
    *,
    samples: Samples | None = None,
) -> Picture:
    """The most likely class (rows, columns) of every point, the lowest x₂ first, by colour and digit."""
    rows, columns = pixels(width, height, look)
    shades = _resampled(classes, rows, columns)[::-1].astype(int) % CLASSES
    return _picture(shades, shades, _many_classes(look), domain, width, height, look, samples)


class _Inks(NamedTuple):
    """A colour and a character for every shade of a map, a colour and a mark for its samples' classes."""

    shades: tuple[str | None, ...]
    glyphs: str
    classes: tuple[str | None, ...]
    marks: str


@lru_cache
def _two_classes(look: Look) -> _Inks:
    """The diverging shades and, last, the contour."""
    palette, glyphs = look.palette, look.glyphs
    return _Inks(
        (*diverging(palette, FADE), palette.background if look.ascii else palette.text),
        "".join(sign_glyph(step, glyphs) for step in range(-STEPS, STEPS + 1)) + " ",
        tuple(blend(color, palette.text, 0.5) for color in (palette.negative, palette.positive)),
        glyphs.low_class + glyphs.high_class,
    )


@lru_cache
def _many_classes(look: Look) -> _Inks:
    palette = look.palette
    return _Inks(
        tuple(blend(color, palette.background, 2 * FADE) for color in palette.classes),
        DIGITS,
        tuple(blend(color, palette.text, 0.5) for color in palette.classes),
        DIGITS,
    )


def _whole_cells(look: Look) -> bool:
    """Whether a cell is one pixel, because it needs its character to tell its level."""
    return look.ascii or not look.color


def _resampled(values: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The nearest of `values` for every pixel."""
    height, width = values.shape
    down = ((np.arange(rows) + 0.5) * height / rows).astype(int)
    across = ((np.arange(columns) + 0.5) * width / columns).astype(int)
    return values[down[:, None], across]


def _contour(grid: np.ndarray) -> np.ndarray:
    """Of any two neighbours on different sides of 0, the one that is nearer to it."""
    above, distance, contour = grid >= 0, np.abs(grid), np.zeros(grid.shape, bool)
    for first, second in (
        ((slice(None), slice(None, -1)), (slice(None), slice(1, None))),
        ((slice(None, -1), slice(None)), (slice(1, None), slice(None))),
    ):
        crossed = above[first] != above[second]
        nearer = distance[first] <= distance[second]
        contour[first] |= crossed & nearer
        contour[second] |= crossed & ~nearer
    return contour


def _picture(
    drawn: np.ndarray,
    shades: np.ndarray,
    inks: _Inks,
    domain: Domain,
    width: int,
    height: int,
    look: Look,
    samples: Samples | None,
) -> Picture:
    """The map as `drawn`, samples on the `shades` they lie on, and the line that says what it spans."""
    if width < 1 or height < 1:
        return [[] for _ in range(height)]
    cells = _cells(drawn, inks, look)
    note = "" if samples is None else _paint_samples(cells, shades, samples, inks, domain, look)
    picture = [runs(characters, styles) for characters, styles in cells]
    if height > 1:
        caption = fit(_extents(domain, look) + note, width, look.glyphs.ellipsis)
        picture.append([Segment(caption, ink(look.palette.muted))])
    return picture


def _cells(drawn: np.ndarray, inks: _Inks, look: Look) -> list[tuple[list[str], list[Style]]]:
    """Characters and styles of every line: two pixels a cell, or one with the character of its shade."""
    colors, rows = inks.shades, drawn.tolist()
    if _whole_cells(look):
        return [
            (
                [inks.glyphs[shade] if look.color or (x + y) % 2 else " " for x, shade in enumerate(row)],
                [ink(on(colors[shade], 0.4), colors[shade], dim=not look.color) for shade in row],
            )
            for y, row in enumerate(rows)
        ]
    return [
        (
            [look.glyphs.upper_half] * len(upper),
            [ink(colors[over], colors[under]) for over, under in zip(upper, lower, strict=True)],
        )
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]


def _paint_samples(
    cells: list[tuple[list[str], list[Style]]],
    shades: np.ndarray,
    samples: Samples,
    inks: _Inks,
    domain: Domain,
    look: Look,
) -> str:
    """Put samples on the map, the first one of neighbours, and say how many if some are left out."""
    rows, columns = shades.shape
    low, high = np.array(domain, float).T
    x, y = ((samples.x - low) / (high - low)).T
    shown = one_per_cell(x, y, -(-columns // APART), len(cells))
    places = np.stack((rows - 1 - bins(y[shown], rows), bins(x[shown], columns)), -1)
    for (row, column), number in zip(
        places.tolist(), samples.classes[shown].astype(int).tolist(), strict=True
    ):
        characters, styles = cells[row * len(cells) // rows]
        characters[column] = inks.marks[number % len(inks.marks)]
        styles[column] = ink(
            inks.classes[number % len(inks.classes)],
            inks.shades[shades[row, column]],
            bold=True,
            reverse=not look.color and inks.marks is inks.glyphs,
        )
    return "" if len(shown) == len(x) else f"  {count(len(shown))} of {count(len(x))} samples"


def _extents(domain: Domain, look: Look) -> str:
    return "  ".join(
        f"x{look.subscript(number)} {label(low)}{look.glyphs.ellipsis}{label(high)}"
        for number, (low, high) in enumerate(domain, start=1)
    )
