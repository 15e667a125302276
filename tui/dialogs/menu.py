"""A question with a few answers, each a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Label

from tui.dialogs.dialog import Dialog
from tui.render.cells import Line


class Menu(Dialog[str]):
    """Asks `question`, below a picture; `answers` maps keys to what they do. The key pressed is the answer."""

    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, question: str, answers: Mapping[str, str], picture: Sequence[Line] = ()) -> None:
        super().__init__()
        self.question, self.answers, self.picture = question, answers, picture

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box wide"):
            for row in self.picture:
                yield Label(Content.assemble(*((segment.text, str(segment.style or "")) for segment in row)))
            yield Label(self.question, markup=False)
            for key, meaning in self.answers.items():
                line = Content.assemble((f" {key}", "bold $accent"), f"  {meaning}")
                yield Label(line)
            yield Label("esc leaves everything as it was", markup=False)

    def on_key(self, event: events.Key) -> None:
        if event.character in self.answers:
            event.stop()
            self.dismiss(event.character)
