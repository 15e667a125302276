"""Colours and glyphs of a theme; every drawing function takes both together as a `Look`.

Signs are blue and orange, which people with red-green blindness tell apart, and lanes have hues of their
own and a marker each. In monochrome every colour is None and the glyphs alone carry sign and magnitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tui.render.glyphs import ASCII, UNICODE, Glyphs

Theme = Literal["dark", "light", "contrast", "contrast-light"]


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

CONTRAST_LIGHT = Palette(
    background="#ffffff",
    text="#000000",
    muted="#303030",
    faint="#707070",
    accent="#6a3000",
    negative="#b04400",
    neutral="#ececec",
    positive="#0047a8",
    good="#00552f",
    bad="#9c0f0f",
    series=("#005f46", "#8c0f66", "#6b5200", "#1f3fb0"),
    classes=("#b04400", "#0047a8", "#005f46", "#8c0f66", "#6b5200", "#4b2f96", "#702000", "#333333"),
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

THEMES: dict[Theme, Palette] = {
    "dark": DARK,
    "light": LIGHT,
    "contrast": CONTRAST,
    "contrast-light": CONTRAST_LIGHT,
}


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
