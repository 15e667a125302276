"""A dialog that shows lines of text, or a table, and waits for a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.dialogs.dialog import ReadingDialog


class Table(ReadingDialog[str]):
    """Rows under a title; `answers` are keys that close it with an answer, with what they do: always in view."""

    def __init__(
        self, title: str, rows: Sequence[Sequence[str]], answers: Mapping[str, str] | None = None, head: bool = True
    ) -> None:
        super().__init__()
        self._title, self._rows, self._answers, self._head = title, rows, answers or {}, head

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box wide") as box:
            box.border_title, box.border_subtitle = self._title, "esc closes"
            yield Static(_aligned(self._rows, self._head))
            if self._answers:
                keys = [
                    Content.assemble((f" {key}", "bold $accent"), f"  {what}") for key, what in self._answers.items()
                ]
                yield Static(Content("\n").join(keys), classes="answers")

    def on_key(self, event: events.Key) -> None:
        pressed = {event.key, event.character} & set(self._answers)
        if pressed:
            event.stop()
            self.dismiss(pressed.pop())


def _aligned(rows: Sequence[Sequence[str]], head: bool) -> Content:
    """Rows in columns as wide as their widest cell, the first row emphasized."""
    columns = max((len(row) for row in rows), default=0)
    widths = [max((len(row[i]) for row in rows if i < len(row) > 1), default=0) for i in range(columns)]
    lines = []
    for number, row in enumerate(rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)] if len(row) > 1 else list(row)
        text = "  ".join(cells).rstrip()
        lines.append(Content.styled(text, "bold $accent") if head and number == 0 else Content(text))
    return Content("\n").join(lines)
