"""A widget that shows a picture: ready lines of segments, drawn without layout."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.render.cells import Picture


class PictureWidget(Widget):
    """Shows the lines it was given last; only lines that changed are painted again."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._base = Style()

    def show_lines(self, lines: Picture) -> None:
        """Show these lines, on the background of the theme where they have none."""
        self._base = self.rich_style
        strips = [Strip([self._based(segment) for segment in line]) for line in lines]
        if strips != self._strips:
            self._strips = strips
            self.refresh()

    def _based(self, segment: Segment) -> Segment:
        style = segment.style
        if style is not None and style.bgcolor is not None:
            return segment
        return Segment(segment.text, self._base if style is None else self._base + style)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(width, self._base)
        return Strip.blank(width, self._base)
