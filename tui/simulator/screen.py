"""The simulator's screen, bound to the table of keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from tui.simulator.material import Material
from tui.widgets.keymap import SIMULATOR, bindings

if TYPE_CHECKING:
    from textual.command import Provider


def _key_commands() -> type[Provider]:
    from tui.simulator.command_palette import KeyCommands

    return KeyCommands


class Simulator(Material):
    """Lanes side by side, moved by keys."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SIMULATOR)]
    TITLE = "gradstep"
    COMMANDS: ClassVar[set[Callable[[], type[Provider]]]] = {_key_commands}  # type: ignore[assignment]

    def action_open(self) -> None:
        self.app.action_open()

    def action_seeds(self) -> None:
        from tui.dialogs.seeds import Seeds

        self.pause()
        self.app.push_screen(Seeds(self.session.scenario, self.options, self.look))

    def action_help(self) -> None:
        from tui.dialogs.help import Help

        self.app.push_screen(Help())

    async def action_quit(self) -> None:
        await self.app.action_quit()
