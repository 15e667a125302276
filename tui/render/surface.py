"""A loss over a plane through θ, low to high in shades of one scale, with the path that training took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from rich.segment import Segment

from tui.render.axes import Ticks, draw_x_axis, draw_y_axis, gutter, y_ticks
from tui.render.cells import Canvas, Line, fit_line, ink, longest
from tui.render.numbers import number
from tui.render.palette import Look
from tui.render.pixelmap import Domain, Inks, Marks, map_picture, pixels, resampled, shade_row
from tui.render.plot import Plot
from tui.render.shades import blend, sequential
from tui.render.ticks import span

SHADES = 16
AXES_FROM = 9
"""Lines from which on a map that is wide enough has axes."""
SCALE_FROM = 36
"""Columns from which on a map with axes has its shades in a row below."""
FADE = 0.55  # of the highest shade, so that the path stands out from it
LEVELS = " .:-=+*%"  # by rising value, without colour
PASSED, START, END = range(3)


def surface_map(
    values: np.ndarray,
    domain: Domain,
    width: int,
    height: int,
    look: Look,
    *,
    log: bool = True,
    path: np.ndarray | None = None,
    names: Sequence[str] = (),
    unit: str = "",
    heights: tuple[float, float] | None = None,
    note: str = "",
) -> Plot:
    """Values (rows, columns), the lowest second coordinate first, and a path (k, 2) from start to end.

    Shades go over the `heights`, or the values' own range; what lies outside, is not finite, or with `log` not
    positive, is the highest or the lowest shade. With axes where there is room, with the `names` of the coordinates
    and their `unit`; the line at the foot says what the shades span, and the note.
    """
    names = names or [f"d{look.subscript(number)}" for number in (1, 2)]
    below = int(width >= SCALE_FROM)
    ticks = y_ticks(height - 1 - below, domain[1], False, look) if height >= AXES_FROM else []
    left = gutter(width, ticks) if ticks else 0
    inner = (width - left, height - below) if left else (width, height)
    grid = resampled(values, *pixels(*inner, look))[::-1]
    lowest, highest = heights or value_range(values, log) or (0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        scaled = np.log(grid) if log else grid
        low, high = span([np.log([lowest, highest]) if log else np.array([lowest, highest])])
        share = np.nan_to_num((scaled - low) / (high - low), nan=1.0)
    shades = np.rint(np.clip(share, 0, 1) * (SHADES - 1)).astype(int)
    said = [number(value).strip() for value in (lowest, highest)]
    caption = f"L {said[0]}{look.glyphs.ellipsis}{said[1]}"
    marks = None if path is None else _steps_of(path)
    inks = _inks(look)
    plot = map_picture(shades, shades, inks, domain, *inner, look, marks=marks, names=names, notes=(caption,))
    if not left:
        return plot
    return _with_axes(plot, width, left, ticks, names, unit, (f"L {said[0]} ", f" {said[1]} {note}"), look)


def value_range(values: np.ndarray, log: bool) -> tuple[float, float] | None:
    """The lowest and the highest value that can be shown, None if there is none."""
    shown = values[np.isfinite(values) & (values > 0 if log else True)]
    return (float(shown.min()), float(shown.max())) if shown.size else None


def _with_axes(
    plot: Plot, width: int, left: int, ticks: Ticks, names: Sequence[str], unit: str, ends: tuple[str, str], look: Look
) -> Plot:
    """The map with its axes, and its shades from low to high between what they stand for, where there is room."""
    canvas = Canvas(width, plot.rows + 1, ink(look.palette.muted))
    draw_y_axis(canvas, 0, plot.rows, plot.heights, ticks, look, left)
    canvas.put(0, 0, names[1].rjust(left - 1), ink(look.palette.muted))
    label = longest(width // 2, f"{names[0]}{unit}", names[0])
    draw_x_axis(canvas, left, plot.columns, (plot.low, plot.high), label, look)
    *beside, below = canvas.picture()
    lines = [fit_line(axis, left, ink()) + line for axis, line in zip(beside, plot.lines[: plot.rows], strict=True)]
    scale = [_scale(ends, width, look)] if width >= SCALE_FROM else []
    return replace(plot, lines=[*lines, below, *scale], left=left)


def _scale(ends: tuple[str, str], width: int, look: Look) -> Line:
    """All shades in a row, between what the lowest and the highest stand for."""
    low, high = (Segment(end, ink(look.palette.muted)) for end in ends)
    return fit_line([low, *shade_row(_inks(look), look), high], width, ink())


def _steps_of(path: np.ndarray) -> Marks:
    """Start and end over the points in between."""
    kinds = np.full(len(path), PASSED)
    kinds[:1], kinds[-1:] = START, END
    order = np.argsort(kinds, kind="stable")
    return Marks(path[order], kinds[order])


@lru_cache
def _inks(look: Look) -> Inks:
    palette, glyphs = look.palette, look.glyphs
    return Inks(
        tuple(
            blend(sequential(palette, shade / (SHADES - 1)), palette.background, FADE * shade / (SHADES - 1))
            for shade in range(SHADES)
        ),
        "".join(LEVELS[shade * len(LEVELS) // SHADES] for shade in range(SHADES)),
        (palette.text,) * 3,
        glyphs.points[0] + glyphs.low_class + glyphs.high_class,
        SHADES,
    )
