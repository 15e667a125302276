"""Lessons in front of a class: afresh, large, in high contrast, over what is open; nothing of them is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from tui.app.themes import NAMES, following, theme_called
from tui.app.type_ahead import TypeAhead
from tui.render.palette import Look, Theme

if TYPE_CHECKING:
    from scenarios.scenario import Scenario
    from tui.lesson.lesson_progress import LessonProgress, Score
    from tui.session.seen import Forgetful
    from tui.session.snapshot import SavedRun
    from tui.simulator.keys import Simulator

IN_CONTRAST: list[Theme] = ["contrast", "contrast-light"]
"""The themes of a presentation."""


class Presentation:
    """The screen before a class, and its host, which forgets: no run is kept, and no lesson counts as visited.

    on: whether there is one; its screen may not have been chosen yet.
    """

    def __init__(self, app: TypeAhead, looked: Callable[[], Look]) -> None:
        self._app, self._looked = app, looked
        self._theme_before = app.theme
        self.on = False
        self.learner = ""
        self._screen: Simulator | None = None

    @cached_property
    def memory(self) -> Forgetful:
        """Nothing of a rehearsal is known here, and nothing of the talk afterwards."""
        from tui.session.seen import Forgetful

        return Forgetful()

    def begin(self) -> None:
        """A class is there: in high contrast from now on."""
        if not self.on:
            self.on, self._theme_before = True, self._app.theme
            before = theme_called(self._theme_before)
            self._app.theme = NAMES["contrast-light" if "light" in before else "contrast"]

    def next_theme(self) -> None:
        """Dark instead of light, or light instead of dark."""
        self._app.theme = NAMES[following(theme_called(self._app.theme), IN_CONTRAST)]

    def show(self, scenario: Scenario) -> None:
        """Show a scenario from its beginning, in place of the one that was shown before."""
        from tui.lesson.talk import talk
        from tui.session.session import Session
        from tui.simulator.arrangement import BEFORE_A_CLASS
        from tui.simulator.keys import Simulator

        if self._screen is not None and self._screen.is_open:
            self._app.pop_screen()
        self.begin()
        self._screen = Simulator(Session.begin(talk(scenario)), self, BEFORE_A_CLASS)
        self._app.push_screen(self._screen)

    def leave(self) -> None:
        """Back to what was open before."""
        self.on, self._screen = False, None
        self._app.theme = self._theme_before
        self._app.pop_screen()

    @property
    def look(self) -> Look:
        """How panes draw now."""
        return self._looked()

    @property
    def handled_all(self) -> bool:
        """Whether all input that came was handled."""
        return self._app.handled_all

    def follows_guide(self, scenario: Scenario) -> bool:
        """It is what a class is led by."""
        return True

    def chosen_panes(self, scenario: Scenario) -> tuple[str, ...] | None:
        """A class sees the scenario's own."""
        return None

    def choose_guide(self, scenario: Scenario | None, on: bool) -> None:
        """Remember nothing."""

    def choose_panes(self, scenario: Scenario, panes: tuple[str, ...]) -> None:
        """Remember nothing."""

    def keep(self, run: SavedRun) -> None:
        """Keep nothing."""

    def keeping(self) -> bool:
        """Whether that works: there is nothing that could fail."""
        return True

    def remember(self, run: SavedRun, result: str, score: Score, visit: LessonProgress) -> None:
        """Remember nothing."""
