"""Matrices as diverging heat maps around 0: colour by value, and a glyph that tells sign and size without it.

The parameters of a network stand side by side, or below each other where only so their numbers have room, each
layer's W with its b as one more column; a matrix larger than its room shows the entry of the largest magnitude of
every group of rows and columns. With colour, two rows stand in one line before they are grouped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tui.render.cells import Canvas, Picture, ink, longest
from tui.render.layout import Extent, Placement, arrange
from tui.render.matrix_cells import Block, draw_cells, mark_cell, values_of
from tui.render.numbers import shape
from tui.render.palette import Look


class Entry(NamedTuple):
    """A number's place: block, row, column; the bias is the column after the last one of the matrix."""

    block: int
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class HeatMap:
    """A drawn heat map, what it left out in `captions`, from long to short, and where every entry is."""

    lines: Picture
    captions: tuple[str, ...]
    blocks: Sequence[Block]
    placements: Sequence[Placement]

    def entry(self, x: int, y: int) -> Entry | None:
        """The entry drawn at column `x` of line `y`: of a group, the one of the largest magnitude."""
        for placement in self.placements:
            cell = placement.cell(x, y)
            if cell is not None:
                rows, columns = placement.group(*cell)
                values = values_of(self.blocks[placement.block])[rows, columns]
                row, column = np.unravel_index(int(np.argmax(np.abs(values))), values.shape)
                return Entry(placement.block, rows.start + int(row), columns.start + int(column))
        return None

    def position(self, entry: Entry) -> tuple[int, int] | None:
        """Column and line of the cell that holds `entry`, or None if its block is out of sight."""
        for placement in self.placements:
            if placement.block == entry.block:
                grid_row, grid_column = placement.cell_of(entry.row, entry.column)
                return placement.x(grid_column), placement.y(grid_row)
        return None


def heatmaps(
    blocks: Sequence[Block],
    width: int,
    height: int,
    scale: float,
    look: Look,
    selected: Entry | None = None,
    pointed: Sequence[Entry] = (),
) -> HeatMap:
    """All blocks side by side under their titles, saturated at ±`scale`, entries `selected` and `pointed` at marked.

    Where not all blocks have room, those around the selected one, else that pointed at, else the current are shown.
    """
    wanted = [selected is not None and selected.block == i for i in range(len(blocks))]
    ways = (wanted, [bool(block.pointed) for block in blocks], [block.current for block in blocks])
    focus = next((way.index(True) for way in ways if any(way)), 0)
    extents = [Extent(len(block.matrix), block.matrix.shape[1], block.bias is not None) for block in blocks]
    placements = arrange(extents, width, height, focus, fold=look.color and not look.ascii)
    canvas = Canvas(width, height, ink(look.palette.muted))
    for placement in placements:
        block = blocks[placement.block]
        _draw_title(canvas, placement, block, look)
        draw_cells(canvas, placement, block, scale, look)
        for entry in (*pointed, *([selected] if selected else [])):
            if entry.block == placement.block:
                mark_cell(canvas, placement, entry.row, entry.column, look)
    return HeatMap(canvas.picture(), _captions(blocks, placements), blocks, placements)


def _draw_title(canvas: Canvas, placement: Placement, block: Block, look: Look) -> None:
    size = shape(placement.extent.rows, placement.extent.columns, look.glyphs.times)
    words = block.title.split(" ")
    for number in block.pointed:
        words[number] = look.glyphs.pointing + words[number]
    title = " ".join(words)
    text = longest(placement.room, f"{title} {size}", title, words[min(block.pointed, default=0)])
    if block.current or block.pointed:
        style = ink(look.palette.accent, bold=True)
    else:
        style = ink(look.palette.faint if block.dimmed else look.palette.text, dim=block.dimmed and not look.color)
    canvas.put(placement.left, placement.top - 1, text[: placement.room], style)


def _captions(blocks: Sequence[Block], placements: Sequence[Placement]) -> tuple[str, ...]:
    """What does not show: blocks without room, and how many entries share a cell, which shows the largest."""
    hidden = ""
    if 0 < len(placements) < len(blocks):
        first, last = placements[0].block + 1, placements[-1].block + 1
        hidden = f"{first} to {last} of {len(blocks)}"
    long, short, most = [], [], 1
    for placement in placements:
        title, extent = blocks[placement.block].title, placement.extent
        factors = ((placement.down, "rows", extent.rows), (placement.across, "columns", extent.columns))
        long += [f"{title} {count} {what} pooled by {factor}" for factor, what, count in factors if factor > 1]
        if (shared := placement.down * placement.across) > 1:
            short.append(f"{title.partition(' ')[0]} ÷{shared}")
            most = max(most, shared)
    if not long:
        return (hidden,)
    pooled = (", ".join(long), f"pooled: {', '.join(short)}", f"pooled up to ÷{most}", f"÷{most}")
    ways = tuple(", ".join(part for part in (hidden, way) if part) for way in pooled)
    return (*ways, hidden) if hidden else ways
