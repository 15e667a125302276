"""What dialogs have in common: a box in the middle, and esc to leave without an answer."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """A modal box; esc answers None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "close", show=False)]

    def action_cancel(self) -> None:
        self.dismiss(None)
