"""The table of keys as Textual's bindings."""

from __future__ import annotations

from textual.binding import Binding

from tui.keymap.own_keys import defaults, textual_name
from tui.keymap.table import Command

_ARROWS = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}
"""Aliases of n, p, s and a, unless a pane was entered, whose selection they move then."""


def bindings(commands: tuple[Command, ...]) -> list[Binding]:
    """A binding a command, known to Textual's keymap by the command's name, and those of the arrows."""
    return [
        Binding(",".join(map(textual_name, defaults(command))), command.action, command.help, show=False, id=command.id)
        for command in commands
    ] + [Binding(key, f"arrow({across},{down})", show=False) for key, (across, down) in _ARROWS.items()]
