"""The app: its themes, its screens, and how it starts and ends."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from textual.app import App
from textual.theme import Theme

from tui.render.palette import THEMES, Look, look

if TYPE_CHECKING:
    from scenarios.scenario import Scenario

NAMES = {"dark": "gradstep-dark", "light": "gradstep-light", "contrast": "gradstep-contrast"}


def _theme(name: str) -> Theme:
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
        dark=name != "light",
        variables={"faint": palette.faint or "", "muted": palette.muted or ""},
    )


def _collect_again() -> None:
    """What the launch loaded stays for good; only what comes later is worth collecting."""
    gc.freeze()
    gc.enable()


class GradstepApp(App[int]):
    """gradstep in the terminal, on the picker or on one scenario."""

    CSS_PATH = "styles/gradstep.tcss"
    TITLE = "gradstep"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, scenario: Scenario | None = None, ascii: bool = False) -> None:
        super().__init__()
        self._scenario, self._ascii = scenario, ascii
        for name in NAMES:
            self.register_theme(_theme(name))
        self.theme = NAMES["dark"]

    @property
    def look(self) -> Look:
        """How panes draw: the theme's palette, and the glyphs asked for."""
        name = next((name for name, full in NAMES.items() if full == self.theme), "dark")
        return look(name, self._ascii, "NO_COLOR" not in os.environ)  # type: ignore[arg-type]

    def on_mount(self) -> None:
        self.set_class(self._ascii, "ascii")
        self.call_after_refresh(_collect_again)
        if self._scenario is None:
            self.action_open()
        else:
            self.open_scenario(self._scenario)

    def open_scenario(self, scenario: Scenario) -> None:
        """Show a scenario in place of the one before."""
        from tui.screens.simulator import Simulator

        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(Simulator(scenario))

    def action_open(self) -> None:
        from tui.screens.picker import Picker

        self.push_screen(Picker())

    def leave_picker(self) -> None:
        """Back to the simulator, or out of the program where none is open."""
        if len(self.screen_stack) > 2:
            self.pop_screen()
        else:
            self.exit()

    def action_next_theme(self) -> None:
        names = list(NAMES.values())
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]
