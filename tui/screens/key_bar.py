"""The footer: the keys that matter most, each a place to click."""

from __future__ import annotations

from textual.widgets import Static

from tui.bars import key_hints
from tui.keymap import Command
from tui.panes.pane import Hint


class KeyBar(Static):
    """Hints from the table of keys, as many as the width takes; those of an entered pane first."""

    ALLOW_SELECT = False

    def __init__(self, commands: tuple[Command, ...], *, id: str) -> None:
        super().__init__(id=id)
        self._commands = commands
        self._inside: tuple[Hint, ...] = ()

    def show(self, inside: tuple[Hint, ...]) -> None:
        """Say first what the keys do inside a pane; nothing of the kind where none was entered."""
        if inside != self._inside:
            self._inside = inside
            self.on_resize()

    def on_resize(self) -> None:
        entries, gap = key_hints(self._commands, self.size.width - 1, self._inside)
        hints = [
            f"[@click=screen.{action}][b $accent]{key}[/] {word}[/]" if action else f"[b $accent]{key}[/] {word}"
            for key, word, action in entries
        ]
        self.update(" " + (" " * gap).join(hints))
