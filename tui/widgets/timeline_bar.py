"""The timeline on the screen: a press or a drag goes to the step under it."""

from __future__ import annotations

from textual import events
from textual.message import Message

from tui.panes.timeline import TimelineDrawing, draw_timeline
from tui.render.palette import Look
from tui.session.frame import Frame
from tui.widgets.picture import PictureWidget


class TimelineBar(PictureWidget):
    """The run in one line."""

    class Picked(Message):
        """A step pointed at."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    _drawn: TimelineDrawing | None = None

    def show(self, frame: Frame, look: Look) -> None:
        self._drawn = draw_timeline(frame, self.size.width, look)
        self.show_lines([self._drawn.line])

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._pick(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if event.button:
            self._pick(event)

    def _pick(self, event: events.MouseEvent) -> None:
        step = self._drawn.step(event.x) if self._drawn else None
        if step is not None:
            self.post_message(self.Picked(step))
