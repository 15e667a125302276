"""What dialogs have in common: a box in the middle, esc to leave without an answer, keys that scroll."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """A modal box; esc answers None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "close", show=False)]

    def action_cancel(self) -> None:
        self.dismiss(None)


class ReadingDialog(Dialog[Answer]):
    """A dialog with more to read than may fit; it has one scrolling box."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "cancel", "close", show=False),
        Binding("down,s", "scroll(1)", show=False),
        Binding("up,a", "scroll(-1)", show=False),
    ]

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
