"""A widget that shows a picture: ready lines of segments, drawn without layout."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tui.render.cells import Line, Picture


class PictureWidget(Widget):
    """Shows the lines it was given last; only lines that changed are painted again."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []

    def show_lines(self, lines: Picture) -> None:
        strips = [self._strip(line) for line in lines]
        if strips != self._strips:
            self._strips = strips
            self.refresh()

    def _strip(self, line: Line) -> Strip:
        return Strip(line)

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width)
        return Strip([Segment(" " * self.size.width)])
