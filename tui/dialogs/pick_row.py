"""A dialog with a table of which a row can be picked, between lines that stay in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Label, OptionList, Static
from textual.widgets.option_list import Option

from tui.dialogs.dialog import Dialog


class PickRow(Dialog[tuple[str, int]]):
    """Answers with the key that was pressed, enter or one of `keys`, and the place of the row; -1 without one.

    rows: the columns' names, then the rows; can: which of these can be picked. keys: what they do, with enter.
    """

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "cancel", show=False),
        Binding("s", "row(1)", show=False),
        Binding("a", "row(-1)", show=False),
    ]

    def __init__(
        self,
        title: str,
        above: Sequence[str],
        rows: Sequence[Sequence[str]],
        can: Sequence[bool],
        below: Sequence[str],
        keys: Mapping[str, str],
    ) -> None:
        super().__init__()
        self.rows, self.above, self.below, self.keys = rows, above, below, keys
        self._title = title
        head, *lines = _in_columns(rows)
        self._head = head
        self._can = can
        self._rows = OptionList(*map(Option, lines), markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box wide way") as box:
            box.border_title = self._title
            box.border_subtitle = " · ".join([*(f"{key} {what}" for key, what in self.keys.items()), "esc closes"])
            yield Static("\n".join(self.above), markup=False, classes="apart")
            yield Label(self._head, markup=False)
            yield self._rows
            yield Static("\n".join(self.below), markup=False)

    def on_mount(self) -> None:
        self._rows.action_first()

    def on_key(self, event: events.Key) -> None:
        if event.character in self.keys and event.character is not None:
            event.stop()
            highlighted = self._rows.highlighted
            self.dismiss((event.character, -1 if highlighted is None else highlighted))

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        if self._can[event.option_index]:
            self.dismiss(("enter", event.option_index))

    def action_row(self, by: int) -> None:
        if by > 0:
            self._rows.action_cursor_down()
        else:
            self._rows.action_cursor_up()


def _in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines, in columns as wide as their widest cell."""
    count = max(map(len, rows))
    widths = [max((len(row[place]) for row in rows if place < len(row)), default=0) for place in range(count)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows]
