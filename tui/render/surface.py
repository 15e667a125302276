"""A loss over a plane through θ, low to high in shades of one scale, with the path that training took."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from tui.render.numbers import number
from tui.render.palette import Look
from tui.render.pixelmap import Domain, Inks, Marks, map_picture, pixels, resampled
from tui.render.plot import Plot
from tui.render.shades import blend, sequential
from tui.render.ticks import span

SHADES = 16
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
) -> Plot:
    """Values (rows, columns), the lowest second coordinate first, and a path (k, 2) from start to end.

    What is not finite, or with `log` not positive, is the highest or the lowest shade. The line below the map
    says what it spans, in coordinates and in values.
    """
    rows, columns = pixels(width, height, look)
    grid = resampled(values, rows, columns)[::-1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        scaled = np.log(grid) if log else grid
        low, high = span([scaled[np.isfinite(scaled)]])
        share = np.nan_to_num((scaled - low) / (high - low), nan=1.0)
    shades = np.rint(np.clip(share, 0, 1) * (SHADES - 1)).astype(int)
    finite = grid[np.isfinite(grid)]
    note = ""
    if finite.size:
        note = f"{number(finite.min()).strip()}{look.glyphs.ellipsis}{number(finite.max()).strip()}"
    return map_picture(
        shades,
        shades,
        _inks(look),
        domain,
        width,
        height,
        look,
        marks=None if path is None else _steps_of(path),
        names=names or [f"d{look.subscript(number)}" for number in (1, 2)],
        note=note,
    )


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
