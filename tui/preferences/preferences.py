"""What the user wants now: chosen since the start, else as the configuration says, else as remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from tui.preferences.config import Config, Glyphs
from tui.preferences.remembered import Change, recall, remember
from tui.render.palette import Theme


class Preferences:
    """Choices for the whole app and for single lessons, named by their keys.

    Each choice counts from then on, and is remembered where the configuration is silent about it. Each method that
    takes one returns why it cannot be remembered, or "". problem: what was wrong with what was remembered, or "".
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        remembered, self.problem = recall()
        self._now = replace(
            remembered, theme=config.theme or remembered.theme, glyphs=config.glyphs or remembered.glyphs
        )
        if config.guide is not None:
            self._now = self._now.with_guide(None, config.guide)

    @property
    def theme(self) -> Theme:
        """How everything is coloured."""
        return next((theme for theme in get_args(Theme) if theme == self._now.theme), "dark")

    @property
    def ascii(self) -> bool:
        """Whether only ASCII characters are drawn."""
        return self._now.glyphs == "ascii"

    def guide(self, lesson: str) -> bool:
        """Whether a lesson's guide is followed."""
        return self._now.guides.get(lesson, self._now.guide)

    def panes(self, lesson: str) -> tuple[str, ...] | None:
        """The panes of a lesson while no guide chooses them; None for its own."""
        return self._now.panes.get(lesson)

    def choose_theme(self, theme: Theme) -> str:
        """Another theme."""
        return self._choose(lambda choices: replace(choices, theme=theme), self._config.theme is None)

    def choose_glyphs(self, glyphs: Glyphs) -> str:
        """Other characters to draw with."""
        return self._choose(lambda choices: replace(choices, glyphs=glyphs), self._config.glyphs is None)

    def choose_guide(self, lesson: str | None, on: bool) -> str:
        """The guide on or off in a lesson, or in all."""
        return self._choose(lambda choices: choices.with_guide(lesson, on), self._config.guide is None)

    def choose_panes(self, lesson: str, panes: tuple[str, ...]) -> str:
        """Other panes of a lesson; none for its own."""
        return self._choose(lambda choices: choices.with_panes(lesson, panes), True)

    def _choose(self, change: Change, remembered: bool) -> str:
        self._now = change(self._now)
        return remember(change) if remembered else ""
