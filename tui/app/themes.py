"""The palettes as Textual's themes."""

from __future__ import annotations

from textual.theme import Theme

from tui.render.palette import THEMES
from tui.render.palette import Theme as ThemeName

NAMES: dict[ThemeName, str] = {name: f"gradstep-{name}" for name in THEMES}
"""What Textual calls them."""


def theme_called(full: str) -> ThemeName:
    """The theme that Textual calls so; the dark one for one that is not ours."""
    return next((name for name in NAMES if NAMES[name] == full), "dark")


def following(name: ThemeName, names: list[ThemeName]) -> ThemeName:
    """The theme after one of them, the first after the last."""
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]


def textual_theme(name: ThemeName) -> Theme:
    """A palette in the roles that Textual has for colours."""
    palette = THEMES[name]
    return Theme(
        name=NAMES[name],
        primary=palette.positive or "",
        secondary=palette.muted,
        accent=palette.accent,
        warning=palette.negative,
        error=palette.bad,
        success=palette.good,
        foreground=palette.text,
        background=palette.background,
        surface=palette.background,
        panel=palette.neutral,
        dark="light" not in name,
        variables={"faint": palette.faint or "", "muted": palette.muted or ""},
    )
