"""The footer: the keys that matter most, each a place to click."""

from __future__ import annotations

from textual.events import Resize
from textual.widgets import Static

from tui.bars import key_hints
from tui.keymap import Command


class KeyBar(Static):
    """Hints from the table of keys, as many as the width takes."""

    ALLOW_SELECT = False

    def __init__(self, commands: tuple[Command, ...], *, id: str) -> None:
        super().__init__(id=id)
        self._commands = commands

    def on_resize(self, event: Resize) -> None:
        entries, gap = key_hints(self._commands, event.size.width - 1)
        hints = [f"[@click=screen.{action}][b $accent]{key}[/] {word}[/]" for key, word, action in entries]
        self.update(" " + (" " * gap).join(hints))
