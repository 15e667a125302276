"""A picture is a list of lines of Rich segments, every line exactly as many cells wide as asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

Line = list[Segment]
Picture = list[Line]


@lru_cache(maxsize=16384)
def ink(
    color: str | None = None,
    background: str | None = None,
    bold: bool = False,
    dim: bool = False,
    reverse: bool = False,
) -> Style:
    """The style with these attributes, the same object every time, so that runs compare by identity."""
    return Style(
        color=color,
        bgcolor=background,
        bold=bold or None,
        dim=dim or None,
        reverse=reverse or None,
    )


def runs(characters: Sequence[str], styles: Sequence[Style]) -> Line:
    """A line from one character and one style a cell, with one segment for each run of the same style."""
    line: Line = []
    start, current = 0, None
    for position, style in enumerate(styles):
        if style is not current:
            if current is not None:
                line.append(Segment("".join(characters[start:position]), current))
            start, current = position, style
    if current is not None:
        line.append(Segment("".join(characters[start:]), current))
    return line


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` padded on the right, or cut with an ellipsis, to exactly `width` cells."""
    width = max(width, 0)
    if cell_len(text) <= width or width <= len(ellipsis):
        return set_cell_size(text, width)
    return set_cell_size(text, width - len(ellipsis)) + ellipsis


def longest(width: int, *ways: str) -> str:
    """The first of several wordings, from long to short, that fits into `width` cells; the last if none does."""
    return next((way for way in ways if cell_len(way) <= width), ways[-1])


def fit_line(line: Line, width: int, style: Style) -> Line:
    """`line` padded with `style`, or cut, to exactly `width` cells."""
    return Segment.adjust_line_length(line, max(width, 0), style=style)


def _cells(text: str) -> list[str]:
    """A text by its cells: "" in the second one of a wide character; marks belong to what they follow."""
    cells: list[str] = []
    for character in text:
        width = cell_len(character)
        if width:
            cells += [character, *[""] * (width - 1)]
        elif cells:
            cells[-1 if cells[-1] else -2] += character
    return cells


class Canvas:
    """A rectangle of cells to draw on; everything outside it is clipped."""

    def __init__(self, width: int, height: int, style: Style) -> None:
        self.width, self.height = max(width, 0), max(height, 0)
        self.characters = [[" "] * self.width for _ in range(self.height)]
        self.styles = [[style] * self.width for _ in range(self.height)]

    def put(self, column: int, row: int, text: str, style: Style) -> None:
        """Write `text` from (column, row) to the right."""
        if not 0 <= row < self.height:
            return
        cells: Sequence[str] = text if text.isascii() else _cells(text)
        if column < 0:
            cells, column = cells[-column:], 0
        cells = cells[: max(self.width - column, 0)]
        if cells and cell_len(cells[-1]) > 1:  # the half of a wide character
            cells = [*cells[:-1], " "]
        end = column + len(cells)
        self.characters[row][column:end] = cells
        self.styles[row][column:end] = [style] * len(cells)

    def picture(self) -> Picture:
        """What was drawn, as lines of segments."""
        return [runs(*row) for row in zip(self.characters, self.styles, strict=True)]
