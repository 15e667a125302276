"""The commented configuration to start from, made from the table of keys."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tui.keymap.own_keys import defaults
from tui.keymap.table import SIMULATOR, Command

_HEAD = """\
# The configuration of gradstep's app. All of it is optional: take away a # to set something.
# It counts before what was chosen in the app earlier; docs/config.md says more.

# theme = "dark"                 # or "light", "contrast", "contrast-light"
# glyphs = "unicode"             # or "ascii"
# guide = true                   # false: lessons are opened without their guide

[keys]                           # a key, or several: play = ["space", "f6"]
"""
_AT = 33
"""The column at which comments begin."""


def config_template() -> str:
    """A file of comments alone that names every setting and every command whose keys can be set."""
    return _HEAD + "\n".join(_keys()) + "\n"


def _keys() -> Iterator[str]:
    free = [command for command in SIMULATOR if not command.fixed]
    for group, commands in groupby(free, key=lambda command: command.group):
        yield f"\n# {group}"
        yield from map(_line, commands)


def _line(command: Command) -> str:
    keys = [f'"{key}"' for key in defaults(command)]
    value = keys[0] if len(keys) == 1 else f"[{', '.join(keys)}]"
    return f"{f'# {command.id} = {value}'.ljust(_AT - 1)} # {command.help}"
