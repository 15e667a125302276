"""The lesson's background: its question, its text and its claims, to be read beside the guide."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui.dialogs.dialog import ReadingDialog
from tui.panes.lesson import lesson_lines
from tui.render.palette import Look
from tui.session.frame import Frame
from tui.widgets.picture import PictureWidget

MOST_WIDTH = 84
"""Columns of text beyond which lines are hard to follow."""


class Background(ReadingDialog[None]):
    """All of the lesson that stands in its file besides the guide; esc, q or h closes it."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("h", "cancel", "close", show=False, id="background")]

    def __init__(self, frame: Frame, look: Look) -> None:
        super().__init__()
        self._frame, self._look = frame, look
        self._text = PictureWidget()

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box tall") as box:
            box.border_title = "background · ↑ ↓ scroll · esc closes"
            yield self._text

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    def _show(self) -> None:
        lines = lesson_lines(self._frame, min(MOST_WIDTH, self.app.size.width * 9 // 10 - 6), self._look)
        self._text.styles.height = len(lines)
        self._text.show_lines(lines)
