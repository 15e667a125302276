"""The keys of this program: those of the table, or those that its user has set in their place."""

from __future__ import annotations

from collections.abc import Mapping, Set

from tui.keymap.table import SIMULATOR, Command

Keys = Mapping[str, tuple[str, ...]]
"""Keys as people write them, by the names of commands."""

_TEXTUAL = {"esc": "escape", "pgup": "pageup", "pgdn": "pagedown", ",": "comma"}
"""Keys that Textual calls otherwise; single characters it takes as they are."""
_ARROWS = {"→": "right", "←": "left", "↓": "down", "↑": "up"}
_COMMANDS = {command.id: command for command in SIMULATOR}
_own: dict[str, tuple[str, ...]] = {}


def use(own: Keys) -> None:
    """Take these keys in place of the table's, for the whole program."""
    _own.clear()
    _own.update({name: keys for name, keys in own.items() if keys != defaults(_COMMANDS[name])})


def defaults(command: Command) -> tuple[str, ...]:
    """A command's keys in the table."""
    return tuple(command.keys.split(" "))


def keys_of(command: Command) -> tuple[str, ...]:
    """A command's keys as they are set."""
    return _own.get(command.id, defaults(command))


def label(command: Command) -> str:
    """All that does it, as people read it: "n →"."""
    return " ".join((*keys_of(command), *([command.arrow] if command.arrow else [])))


def keyed(text: str) -> str:
    """A text with the keys as they are set in the place of commands: "{next} makes a step"."""
    return text.format_map(_FIRST)


class _First(dict[str, str]):
    """The first key of a command by its name."""

    def __missing__(self, name: str) -> str:
        return keys_of(_COMMANDS[name])[0]


_FIRST = _First()


def moved() -> dict[Command, tuple[str, ...]]:
    """The commands whose keys their user has set, and those that they had."""
    return {command: defaults(command) for command in SIMULATOR if command.id in _own}


def moved_from(pressed: Set[str | None]) -> Command | None:
    """The command that a key, by either of its names, had before its user moved it; None where it does something."""
    taken = {name for command in SIMULATOR for key in keys_of(command) for name in (key, textual_name(key))}
    freed = (one for one, keys in moved().items() for key in keys if {key, textual_name(key)} & pressed - taken)
    return next(freed, None)


def command_of(pressed: Set[str | None]) -> Command | None:
    """What a key does, by either of its names; None where it does nothing."""
    return next((one for one in SIMULATOR if pressed & _names(one)), None)


def _names(command: Command) -> set[str]:
    """The names of the keys of a command, the arrow among them."""
    arrow = {_ARROWS[command.arrow]} if command.arrow else set()
    return arrow | {name for key in keys_of(command) for name in (key, textual_name(key))}


def textual_name(key: str) -> str:
    """What Textual calls a key: of a single character itself, a comma aside."""
    return _TEXTUAL.get(key, key)


def textual_keymap() -> dict[str, str]:
    """The keys that were set, as Textual's keymap has them."""
    return {name: ",".join(map(textual_name, keys)) for name, keys in _own.items()}
