"""The dialog that chooses which panes are shown."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from tui.dialogs.dialog import Dialog
from tui.panes.registry import PANES

WIDTH = max(map(len, PANES))


class ChoosePanes(Dialog[tuple[str, ...]]):
    """Ticks for every pane, with what each shows; space ticks, enter takes the choice."""

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "tick", show=False),
        Binding("enter", "accept", "take", show=False, priority=True),
    ]

    def __init__(self, kinds: tuple[str, ...]) -> None:
        super().__init__()
        self._kinds = kinds
        self._ticked = set(kinds)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box wide"):
            yield Label("Panes: space ticks, enter takes the choice, esc leaves it as it was")
            yield OptionList(*(Option(self._row(kind), id=kind) for kind in PANES), markup=False)

    def _row(self, kind: str) -> Content:
        return Content(f"{'✓' if kind in self._ticked else ' '} {kind.ljust(WIDTH)}  {PANES[kind].purpose}")

    def action_tick(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            kind = list(PANES)[options.highlighted]
            self._ticked ^= {kind}
            options.replace_option_prompt(kind, self._row(kind))

    @on(OptionList.OptionSelected)
    def _pressed(self, event: OptionList.OptionSelected) -> None:
        """A press of the mouse ticks."""
        self.action_tick()

    def action_accept(self) -> None:
        kept = [kind for kind in self._kinds if kind in self._ticked]
        self.dismiss((*kept, *(kind for kind in PANES if kind in self._ticked and kind not in kept)))
