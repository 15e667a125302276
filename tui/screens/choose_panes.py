"""The dialog that chooses which panes are shown."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Label, SelectionList
from textual.widgets.selection_list import Selection

from tui.panes.registry import PANES
from tui.screens.dialog import Dialog


class ChoosePanes(Dialog[tuple[str, ...]]):
    """Ticks for every pane, with what each shows; space ticks, enter takes the choice."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "take", show=False, priority=True)]

    def __init__(self, kinds: tuple[str, ...]) -> None:
        super().__init__()
        self._kinds = kinds

    def compose(self) -> ComposeResult:
        width = max(len(kind) for kind in PANES)
        rows = [
            Selection(f"{kind.ljust(width)}  {pane.purpose}", kind, kind in self._kinds) for kind, pane in PANES.items()
        ]
        with Vertical(classes="box wide"):
            yield Label("Panes: space ticks, enter takes the choice, esc leaves it as it was")
            yield SelectionList[str](*rows)

    def on_mount(self) -> None:
        self.query_one(SelectionList).focus()

    def action_accept(self) -> None:
        ticked = self.query_one(SelectionList).selected
        kept = [kind for kind in self._kinds if kind in ticked]
        self.dismiss((*kept, *(kind for kind in PANES if kind in ticked and kind not in kept)))
