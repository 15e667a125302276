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
from tui.panes.pane import Pane
from tui.panes.registry import PANES
from tui.widgets.keymap import SIMULATOR


class Help(ReadingDialog[None]):
    """Marks, keys and panes; esc, q or ? closes it."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "cancel", "close", show=False)]

    def __init__(self, pane: Pane | None = None) -> None:
        super().__init__()
        self._pane = pane

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box tall") as box:
            box.border_title = "help · esc closes"
            yield Static(help_text(self._pane))


def help_text(pane: Pane | None = None) -> Content:
    """What the marks of the pane in focus mean, then the keys by group, then the panes."""
    parts: list[Content] = []
    if pane is not None and pane.legend:
        parts.append(Content.styled(f"The pane in focus: {pane.kind}, {pane.purpose}", "bold $accent"))
        broad = max(len(mark) for mark, _ in pane.legend)
        parts += [Content(f"  {mark.ljust(broad)}  {meaning}") for mark, meaning in pane.legend]
        parts.append(Content(""))
    width = max(len(command.label) for command in SIMULATOR)
    for group, commands in groupby(SIMULATOR, key=lambda command: command.group):
        parts.append(Content.styled(group, "bold $accent"))
        parts += [Content(f"  {command.label.ljust(width)}  {command.help}") for command in commands]
        parts.append(Content(""))
    parts.append(Content.styled("Panes", "bold $accent"))
    parts += [Content(f"  {kind.ljust(width)}  {pane.purpose}") for kind, pane in PANES.items()]
    parts.append(Content(""))
    parts.append(Content("ctrl+p opens the command palette; ctrl+q quits from everywhere."))
    return Content("\n").join(parts)
