"""Colours and glyphs of a theme; every drawing function takes both together as a `Look`.

Signs are blue and orange, which people with red-green blindness tell apart, and lanes have hues of their
own and a marker each. In monochrome every colour is None and the glyphs alone carry sign and magnitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

Theme = Literal["dark", "light", "contrast"]
STEPS = 12  # shades on each side of a diverging scale's middle


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as "#rrggbb" or None."""

    background: str | None
    text: str | None
    muted: str | None
    faint: str | None
    accent: str | None
    negative: str | None
    neutral: str | None
    positive: str | None
    good: str | None
    bad: str | None
    series: tuple[str | None, ...]
    classes: tuple[str | None, ...]


@dataclass(frozen=True)
class Glyphs:
    """The characters pictures are made of, each one cell wide."""

    positive: str  # by rising magnitude
    negative: str
    zero: str
    missing: str
    times: str
    ellipsis: str
    continues: str
    unit: str
    dead: str
    saturated: str
    forward: str
    backward: str
    upper_half: str
    vertical: str
    horizontal: str
    corner: str
    tick: str
    high_class: str
    low_class: str
    lines: str  # marks along the lines of four lanes
    points: str  # the points of four lanes
    digits: str  # as subscripts
    exponents: str  # as superscripts, the last one a minus


UNICODE = Glyphs(
    positive="+*#",
    negative="−=≡",
    zero="·",
    missing="—",
    times="×",
    ellipsis="…",
    continues="┆",
    unit="●",
    dead="×",
    saturated="■",
    forward="→",
    backward="←",
    upper_half="▀",
    vertical="│",
    horizontal="─",
    corner="└",
    tick="┤",
    high_class="●",
    low_class="○",
    lines="●▲■◆",
    points="•×+°",
    digits="₀₁₂₃₄₅₆₇₈₉",
    exponents="⁰¹²³⁴⁵⁶⁷⁸⁹⁻",
)

ASCII = Glyphs(
    positive="+*#",
    negative="-~=",
    zero=".",
    missing="--",
    times="x",
    ellipsis="~",
    continues=":",
    unit="o",
    dead="x",
    saturated="#",
    forward=">",
    backward="<",
    upper_half="^",
    vertical="|",
    horizontal="-",
    corner="+",
    tick="+",
    high_class="o",
    low_class="x",
    lines="oxs^",
    points=".:+'",
    digits="0123456789",
    exponents="0123456789-",
)

DARK = Palette(
    background="#121212",
    text="#e4e4e4",
    muted="#8f8f98",
    faint="#4b4b54",
    accent="#ffd75f",
    negative="#ff9a3c",
    neutral="#26262b",
    positive="#4aa8ff",
    good="#3ddc97",
    bad="#ff6b6b",
    series=("#2fd6a3", "#ee8fd0", "#f0e442", "#8fb4ff"),
    classes=("#ff9a3c", "#4aa8ff", "#2fd6a3", "#ee8fd0", "#f0e442", "#b39ddb", "#d55e00", "#c8c8c8"),
)

LIGHT = Palette(
    background="#f7f7f5",
    text="#1c1c1c",
    muted="#62626b",
    faint="#b4b4bc",
    accent="#8a4b00",
    negative="#c65d00",
    neutral="#e6e6e4",
    positive="#0b62c4",
    good="#0a7a4b",
    bad="#b3261e",
    series=("#00795a", "#a8327f", "#8a6d00", "#3556c8"),
    classes=("#c65d00", "#0b62c4", "#00795a", "#a8327f", "#8a6d00", "#5e3fb0", "#8c2d04", "#4d4d4d"),
)

CONTRAST = Palette(
    background="#000000",
    text="#ffffff",
    muted="#d0d0d0",
    faint="#8a8a8a",
    accent="#ffff00",
    negative="#ffae42",
    neutral="#1c1c1c",
    positive="#5fc3ff",
    good="#00ff9c",
    bad="#ff8080",
    series=("#00ffb7", "#ff9be8", "#ffff00", "#a8c5ff"),
    classes=("#ffae42", "#5fc3ff", "#00ffb7", "#ff9be8", "#ffff00", "#cbb8ff", "#ff7a33", "#ffffff"),
)

MONOCHROME = Palette(
    background=None,
    text=None,
    muted=None,
    faint=None,
    accent=None,
    negative=None,
    neutral=None,
    positive=None,
    good=None,
    bad=None,
    series=(None,) * 4,
    classes=(None,) * 8,
)

THEMES: dict[str, Palette] = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}


@dataclass(frozen=True)
class Look:
    """How everything is drawn: one palette, one set of glyphs."""

    palette: Palette
    glyphs: Glyphs

    @property
    def color(self) -> bool:
        """Whether there are colours at all."""
        return self.palette is not MONOCHROME

    @property
    def ascii(self) -> bool:
        """Whether only ASCII characters may be drawn."""
        return self.glyphs is ASCII

    def subscript(self, value: int) -> str:
        """A layer's number as it stands beside its letter: ₁₂."""
        return "".join(self.glyphs.digits[int(digit)] for digit in str(value))


@lru_cache
def look(theme: Theme = "dark", ascii: bool = False, color: bool = True) -> Look:
    """The look of a theme; `color` is False where NO_COLOR asks for it."""
    return Look(THEMES[theme] if color else MONOCHROME, ASCII if ascii else UNICODE)


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
