"""The footer: the keys that matter most, each a place to click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.text import Text
from textual.content import Content
from textual.widgets import Static

from tui.keymap.own_keys import keys_of
from tui.keymap.table import FOOTER, GUIDED, Command
from tui.panes.pane import Hint
from tui.render.cells import Line

Guided = Literal["asks", "tells"]
SPACIOUS = 100  # columns, from which on hints stand farther apart


class KeyBar(Static):
    """Hints from the table of keys, as many as the width takes; those of an entered pane first."""

    ALLOW_SELECT = False

    def __init__(self, commands: tuple[Command, ...], *, id: str) -> None:
        super().__init__(id=id)
        self._commands = commands
        self._shown: tuple[tuple[Hint, ...], Guided | None, Line | None] = (), None, None

    def show(self, inside: tuple[Hint, ...], guided: Guided | None, message: Line | None = None) -> None:
        """Say first what the keys do inside a pane that was entered; or a message in place of all keys."""
        if (inside, guided, message) != self._shown:
            self._shown = inside, guided, message
            self.on_resize()

    def on_resize(self) -> None:
        inside, guided, message = self._shown
        if message is not None:
            self.update(Text.assemble(*((segment.text, segment.style or "") for segment in message)))
            return
        entries, gap = key_hints(self._commands, self.size.width - 1, inside, guided)
        hints = [_hint(key, word, action) for key, word, action in entries]
        self.update(Content.assemble(" ", Content(" " * gap).join(hints)))


def _hint(key: str, word: str, action: str) -> Content:
    """A key, which may be a bracket, and its word, to be clicked if they do something."""
    hint = "[b $accent]$key[/] $word"
    return Content.from_markup(f"[@click={_namespaced(action)}]{hint}[/]" if action else hint, key=key, word=word)


def _namespaced(action: str) -> str:
    """An action as a click names it: of the screen, unless it says otherwise."""
    return action if "." in action.partition("(")[0] else f"screen.{action}"


def key_hints(
    commands: tuple[Command, ...], width: int, first: Sequence[Hint] = (), guided: Guided | None = None
) -> tuple[list[Hint], int]:
    """As many hints as fit, as (key, word, action), the last two always; and how many spaces go between them.

    `first` are those of the pane that was entered, in place of the keys that step. guided: whether the guide, where it
    is followed, asks or tells; it has hints of its own then.
    """
    by_action = {command.action: command for command in commands}
    words = {action: by_action[action].hint for action in FOOTER if action in by_action}
    if guided is not None:
        words = {action: word for action, word in GUIDED.items() if action != "predict" or guided == "asks"}
    entries = [(keys_of(by_action[action])[0], word, action) for action, word in words.items()]
    head, tail, gap = entries[:-2], entries[-2:], 2 if width >= SPACIOUS else 1
    if first:
        first = [
            (keys_of(by_action[action])[0] if action in by_action else key, word, action) for key, word, action in first
        ]
        taken = {key for keys, *_ in first for key in keys.split(" ")}
        head = [*first, *(entry for entry in head if entry[0] not in taken)]
    while head and sum(len(key) + len(word) + 1 + gap for key, word, _ in head + tail) - gap > width:
        head.pop()
    return head + tail, gap
