"""A widget that shows a picture: ready lines of segments, drawn without layout."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
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
        before, self._strips = self._strips, [Strip([self._based(segment) for segment in line]) for line in lines]
        pairs = enumerate(zip_longest(before, self._strips))
        self.paint_rows([y for y, (one, other) in pairs if one != other])

    def paint_rows(self, rows: Iterable[int]) -> None:
        """Paint these lines again, counted from the first one inside the border."""
        left, right = self.gutter.left, self.outer_size.width
        if regions := [Region(-left, y, right, 1) for y in rows]:
            self.refresh(*regions)

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
