"""The last key in words, so that those who watch can follow."""

from __future__ import annotations

from collections.abc import Set

from rich.segment import Segment

from tui.keymap.own_keys import command_of, keys_of
from tui.keymap.table import Command
from tui.render.cells import Line, fit_line, ink, longest
from tui.render.palette import Look
from tui.render.plain import spelled


class KeyEcho:
    """Which key was pressed last, how often in a row, and what it does."""

    def __init__(self) -> None:
        self._last: Command | None = None
        self._times = 0

    def press(self, pressed: Set[str | None]) -> bool:
        """Take a key, by its names; whether it does anything."""
        command = command_of(pressed)
        if command is None:
            return False
        self._times = self._times + 1 if command is self._last else 1
        self._last = command
        return True

    def line(self, width: int, look: Look) -> Line | None:
        """The key and what it does, as much of it as fits; None before the first one."""
        command = self._last
        if command is None:
            return None
        times = f" {'x' if look.ascii else '×'}{self._times}" if self._times > 1 else ""
        key = f" {keys_of(command)[0]} "
        help = spelled(command.help) if look.ascii else command.help
        first = help.split(";")[0]
        words = longest(width - len(key) - len(times) - 3, help, first, first.split(":")[0])
        palette = look.palette
        parts = [
            Segment(" ", ink()),
            Segment(key, ink(palette.accent, bold=True, reverse=True)),
            Segment(f"{times}  {words}", ink(palette.text, bold=True)),
        ]
        return fit_line(parts, width, ink())
