"""The keys of the configuration: read, and refused where no key of a terminal could do what they say."""

from __future__ import annotations

from scenarios.errors import nearest, quoted
from scenarios.file.document import Document
from scenarios.file.refusals import show, unknown_key
from tui.keymap.own_keys import Keys, defaults
from tui.keymap.table import SIMULATOR, Command

STAY = ("esc", "up", "down", "left", "right", *"0123456789", "ctrl+c", "ctrl+p", "ctrl+q")
"""Keys that no command may take: they mean the same everywhere."""
SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace"}
"""Keys for which terminals send what they send for another."""
NAMED = (
    *("space", "tab", "shift+tab", "enter", "backspace", "delete", "insert", "home", "end", "pgup", "pgdn"),
    *(f"f{number}" for number in range(1, 13)),
    *(key for letter in "abcdefghijklmnopqrstuvwxyz" if (key := f"ctrl+{letter}") not in (*STAY, *SAME)),
)
"""Keys with names that every terminal sends."""
ALLOWED = 'a character, or a key as "space", "pgdn", "f5", "ctrl+k"'
MOST = 4
"""How many keys a command may have."""


def chosen_keys(document: Document) -> Keys:
    """The keys of a configuration by the names of commands; raises ScenarioError for what cannot be."""
    commands = {command.id: command for command in SIMULATOR}
    chosen: dict[str, tuple[str, ...]] = {}
    for name, value in document.table.get("keys", {}).items():
        if name not in commands:
            raise document.error(("keys", name), unknown_command(name, commands))
        if commands[name].fixed:
            raise document.error(("keys", name), f"it stays on {quoted(commands[name].keys)}")
        chosen[name] = _keys(document, name, value)
    _refuse_conflicts(document, chosen)
    return chosen


def unknown_command(name: str, commands: dict[str, Command]) -> str:
    """The message for a command that there is not; the nearest is found by its name, or by a key that it has."""
    by_key = next((one for one in commands.values() if name in defaults(one)), None)
    if by_key is not None:
        return f"found a key; allowed: the command's name = its key, as {by_key.id} = {quoted(name)}"
    return unknown_key(name, [one.id for one in commands.values() if not one.fixed])


def _keys(document: Document, name: str, value: object) -> tuple[str, ...]:
    """The keys of one command."""
    keys = value if isinstance(value, list) else [value]
    if not 1 <= len(keys) <= MOST:
        raise document.error(("keys", name), f"found {show(value)}; allowed: a key, or an array of 1 to {MOST}")
    for key in keys:
        if problem := _problem(key):
            raise document.error(("keys", name), problem)
    return tuple(dict.fromkeys(keys))


def _problem(key: object) -> str:
    """Why a key cannot be one, or ""."""
    if not isinstance(key, str):
        return f"found {show(key)}; allowed: {ALLOWED}, in quotation marks"
    if key in STAY:
        return f"found {quoted(key)}, which means the same everywhere and stays; allowed: {ALLOWED}"
    if key in NAMED or (len(key) == 1 and key.isprintable() and key != " "):
        return ""
    found = f"found {quoted(key)}; allowed: {ALLOWED}"
    if key == " ":
        return f'{found}; did you mean "space"?'
    if key in SAME:
        return f"found {quoted(key)}, for which terminals send the same as for {quoted(SAME[key])}; allowed: {ALLOWED}"
    modifier, _, letter = key.rpartition("+")
    if modifier in ("shift", "alt", "ctrl+shift", "ctrl+alt") and len(letter) == 1:
        hint = f"; did you mean {quoted(letter.upper())}?" if modifier == "shift" and letter.isalpha() else ""
        return f"found {quoted(key)}, which no terminal sends as a key of its own; allowed: {ALLOWED}{hint}"
    return found + nearest(key, NAMED)


def _refuse_conflicts(document: Document, chosen: Keys) -> None:
    """Raise ScenarioError where a key would do two things."""
    taken = {key: command for command in SIMULATOR if command.id not in chosen for key in defaults(command)}
    commands = {command.id: command for command in SIMULATOR}
    for name, keys in chosen.items():
        for key in keys:
            if key in taken:
                other = taken[key]
                rest = "" if other.id in chosen else f", which needs another key then: {other.id} = …"
                raise document.error(("keys", name), f"{quoted(key)} is the key of {quoted(other.id)} too{rest}")
            taken[key] = commands[name]
