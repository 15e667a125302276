"""The help screen: the marks of the pane in focus, every key, all panes, made from the tables they are bound by."""

from __future__ import annotations

from itertools import groupby
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.dialogs.dialog import ReadingDialog
from tui.keymap.own_keys import keys_of, label, moved
from tui.keymap.table import SIMULATOR
from tui.panes.pane import Pane
from tui.panes.registry import PANES
from tui.panes.timeline import LEGEND
from tui.render.glyphs import in_ascii


class Help(ReadingDialog[None]):
    """Marks, keys and panes; esc, q or ? closes it."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "cancel", "close", show=False, id="help")]

    def __init__(self, pane: Pane | None = None, ascii: bool = False) -> None:
        super().__init__()
        self._pane, self._ascii = pane, ascii

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box tall") as box:
            box.border_title = "help · esc closes"
            yield Static(help_text(self._pane, self._ascii))


def help_text(pane: Pane | None = None, ascii: bool = False) -> Content:
    """What the marks of the pane in focus mean and those of the strip, then the keys by group, then the panes."""
    parts: list[Content] = []
    if pane is not None and pane.legend:
        parts.append(Content.styled(f"The pane in focus: {pane.kind}, {pane.purpose}", "bold $accent"))
        rows = [(in_ascii(mark) if ascii else mark, meaning) for mark, meaning in pane.legend]
        broad = max(len(mark) for mark, _ in rows)
        parts += [Content(f"  {mark.ljust(broad)}  {meaning}") for mark, meaning in rows]
        parts.append(Content(""))
    if others := moved():
        parts.append(Content.styled("Keys set in config.toml; texts of lessons name those on the left", "bold $accent"))
        broad = max(len(" ".join(keys)) for keys in others.values())
        parts += [
            Content(f"  {' '.join(keys).ljust(broad)}  is {' '.join(keys_of(command))}: {command.help}")
            for command, keys in others.items()
        ]
        parts.append(Content(""))
    parts.append(Content.styled("The strip above the keys", "bold $accent"))
    parts += [Content(f"  {mark}  {meaning}") for mark, meaning in LEGEND]
    parts.append(Content(""))
    width = max(len(label(command)) for command in SIMULATOR)
    for group, commands in groupby(SIMULATOR, key=lambda command: command.group):
        parts.append(Content.styled(group, "bold $accent"))
        parts += [Content(f"  {label(command).ljust(width)}  {command.help}") for command in commands]
        parts.append(Content(""))
    parts.append(Content.styled("Panes", "bold $accent"))
    parts += [Content(f"  {kind.ljust(width)}  {pane.purpose}") for kind, pane in PANES.items()]
    parts.append(Content(""))
    parts.append(Content("ctrl+p opens the command palette; ctrl+q quits from everywhere."))
    return Content("\n").join(parts)
