"""What came of an answer, over the guide's own box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.widgets import Label

from tui.dialogs.question import OverBox


class Told(OverBox[str]):
    """The answers with marks at the right one and yours, and the reply; answers "on" to go on, "open" to look."""

    KEYS = "enter · o opens"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "answer('on')", show=False),
        Binding("pagedown", "answer('on')", show=False, id="next_stage"),
        Binding("o", "answer('open')", show=False),
    ]

    def __init__(self, title: str, ask: str, lines: Sequence[str], reply: str, place: Region | None) -> None:
        super().__init__(title, ask, place)
        self._lines, self._reply = lines, reply

    def compose(self) -> ComposeResult:
        with self._box():
            yield Label(self._ask, markup=False, classes="asked")
            for line in self._lines:
                yield Label(line, markup=False, classes="told")
            yield Label(self._reply, markup=False, classes="told")

    def action_answer(self, answer: str) -> None:
        self.dismiss(answer)
