"""Shades between the colours of a palette, and the glyphs that tell sign and magnitude without colour."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tui.render.glyphs import Glyphs
from tui.render.palette import Palette

STEPS = 12  # shades on each side of a diverging scale's middle


@lru_cache(maxsize=4096)
def blend(color: str | None, other: str | None, share: float) -> str | None:
    """`color` moved by `share` (0 to 1) of the way to `other`."""
    if color is None or other is None:
        return None
    mixed = (round(a + (b - a) * share) for a, b in zip(_rgb(color), _rgb(other), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*mixed)


@lru_cache
def diverging(palette: Palette, fade: float = 0.0) -> tuple[str | None, ...]:
    """The shades from −STEPS to +STEPS, the middle at index STEPS, `fade` of the way to the background."""
    shades = []
    for step in range(-STEPS, STEPS + 1):
        extreme = palette.negative if step < 0 else palette.positive
        shades.append(blend(blend(palette.neutral, extreme, abs(step) / STEPS), palette.background, fade))
    return tuple(shades)


def sequential(palette: Palette, share: float) -> str | None:
    """The colour at `share` (0 to 1) of a scale from low, near the background, to high, the accent."""
    middle = blend(palette.positive, palette.background, 0.35)
    if share < 0.5:
        return blend(blend(palette.background, middle, 0.3), middle, 2 * share)
    return blend(middle, palette.accent, 2 * share - 1)


def steps(values: np.ndarray, scale: float) -> np.ndarray:
    """Values as whole steps from −STEPS to STEPS, saturated at ±scale; NaN is 0."""
    scale = scale if np.isfinite(scale) and scale > 0 else 1.0
    with np.errstate(over="ignore"):
        share = np.clip(np.nan_to_num(values, posinf=np.inf, neginf=-np.inf) / scale, -1.0, 1.0)
    return np.rint(share * STEPS).astype(int)


def sign_glyph(step: int, glyphs: Glyphs) -> str:
    """The character for a step: its family tells the sign, its weight the magnitude."""
    if step == 0:
        return glyphs.zero
    family = glyphs.positive if step > 0 else glyphs.negative
    return family[min(abs(step) * len(family) // (STEPS + 1), len(family) - 1)]


@lru_cache(maxsize=4096)
def on(color: str | None, strength: float) -> str | None:
    """An ink readable on `color`: `strength` of the way from it to black or white, whichever is farther."""
    if color is None:
        return None
    red, green, blue = _rgb(color)
    dark = 0.299 * red + 0.587 * green + 0.114 * blue > 128
    return blend(color, "#000000" if dark else "#ffffff", strength)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
