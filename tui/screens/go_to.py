"""The dialog that asks for a step."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from tui.screens.dialog import Dialog


class GoTo(Dialog[int]):
    """Asks for a step: a number, or +n and -n from here."""

    def __init__(self, step: int, last: int) -> None:
        super().__init__()
        self._step, self._last = step, last

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Label(f"Go to step (now at {self._step}; +10 and -10 count from here)")
            yield Input(placeholder=str(self._last), restrict=r"[+-]?\d{0,8}")
            yield Label("", id="problem")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip() or str(self._last)
        try:
            value = int(text)
        except ValueError:
            self.query_one("#problem", Label).update(f"{text!r} is not a whole number")
            return
        self.dismiss(max(0, self._step + value if text[0] in "+-" else value))
