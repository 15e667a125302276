"""What `--ascii` does to every line on its way to the terminal, whichever widget drew it."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.render.plain import plain


class AsciiFilter(LineFilter):
    """Puts ASCII in the place of every other character, cell by cell."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(plain(segment.text), segment.style, segment.control) for segment in segments]
