"""Matrices as diverging heat maps around 0: colour by value, and a glyph that tells sign and size without it.

The parameters of a network stand side by side, each layer's W with its b as one more column; a matrix larger
than its room shows the entry of the largest magnitude of every group of rows and columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from rich.style import Style

from tui.render.cells import Canvas, Picture, ink
from tui.render.layout import Extent, Placement, arrange
from tui.render.numbers import number, shape
from tui.render.palette import Look
from tui.render.shades import STEPS, diverging, on, sign_glyph, steps

NUMBER_WIDTH = 7  # cells at least this wide hold their number
FADE = 0.7  # how far what the pass has not reached recedes
NOT_A_NUMBER = "?"


@dataclass(frozen=True, eq=False)
class Block:
    """One layer's `matrix` (out, in) and `bias` (out,), or any matrix without one.

    `current` marks what the operation under the cursor works on, `dimmed` what the pass has not reached.
    """

    title: str
    matrix: np.ndarray
    bias: np.ndarray | None = None
    dimmed: bool = False
    current: bool = False


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
                values = _values(self.blocks[placement.block])[rows, columns]
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
) -> HeatMap:
    """All blocks side by side under their titles, saturated at ±`scale`, one entry marked if `selected`.

    Where not all blocks have room, those around the selected or the current one are shown.
    """
    focus = selected.block if selected else next((i for i, block in enumerate(blocks) if block.current), 0)
    extents = [Extent(len(block.matrix), block.matrix.shape[1], block.bias is not None) for block in blocks]
    placements = arrange(extents, width, height, focus)
    canvas = Canvas(width, height, ink(look.palette.muted))
    for placement in placements:
        block = blocks[placement.block]
        _draw_title(canvas, placement, block, look)
        _draw_cells(canvas, placement, block, scale, look)
        if selected and selected.block == placement.block:
            _mark(canvas, placement, selected, look)
    return HeatMap(canvas.picture(), _captions(blocks, placements), blocks, placements)


def _values(block: Block) -> np.ndarray:
    return block.matrix if block.bias is None else np.column_stack((block.matrix, block.bias))


def _pooled(matrix: np.ndarray, down: int, across: int) -> np.ndarray:
    """The entry of the largest magnitude of every `down` × `across` group, which NaN counts as."""
    if down == across == 1:
        return matrix
    rows, columns = matrix.shape
    padded = np.pad(matrix, ((0, -rows % down), (0, -columns % across)))
    groups = padded.reshape(len(padded) // down, down, -1, across).swapaxes(1, 2)
    flat = groups.reshape(*groups.shape[:2], down * across)
    return np.take_along_axis(flat, np.abs(flat).argmax(-1)[..., None], -1)[..., 0]


def _draw_title(canvas: Canvas, placement: Placement, block: Block, look: Look) -> None:
    size = shape(placement.extent.rows, placement.extent.columns, look.glyphs.times)
    full = f"{block.title} {size}"
    text = full if len(full) <= placement.room else block.title
    if block.current:
        style = ink(look.palette.accent, bold=True)
    else:
        style = ink(look.palette.faint if block.dimmed else look.palette.text, dim=block.dimmed and not look.color)
    canvas.put(placement.left, 0, text[: placement.room], style)


def _draw_cells(canvas: Canvas, placement: Placement, block: Block, scale: float, look: Look) -> None:
    values = _pooled(block.matrix, placement.down, placement.across)
    if block.bias is not None:
        values = np.column_stack((values, _pooled(block.bias[:, None], placement.down, 1)))
    width = placement.cell_width
    inks = _cell_inks(look, block.dimmed, 0.8 if width >= NUMBER_WIDTH else 0.45)
    middle = (placement.cell_height - 1) // 2
    blank = " " * width
    for grid_row, (row, shades) in enumerate(zip(values.tolist(), steps(values, scale).tolist(), strict=True)):
        top = placement.y(grid_row)
        for grid_column, (value, step) in enumerate(zip(row, shades, strict=True)):
            x, style = placement.x(grid_column), inks[step + STEPS]
            for line in range(placement.cell_height):
                text = _cell_text(value, step, width, look) if line == middle else blank
                canvas.put(x, top + line, text, style)


def _cell_text(value: float, step: int, width: int, look: Look) -> str:
    if width >= NUMBER_WIDTH:
        return number(value, width - 1, look.glyphs.missing) + " "
    return (sign_glyph(step, look.glyphs) if value == value else NOT_A_NUMBER).center(width)


@lru_cache
def _cell_inks(look: Look, dimmed: bool, strength: float) -> tuple[Style, ...]:
    """The style of every step, from −STEPS to STEPS, with characters that stand out that strongly."""
    shades = diverging(look.palette, FADE if dimmed else 0.0)
    return tuple(
        ink(
            on(shade, strength / 2 if dimmed else strength),
            shade,
            bold=not look.color and not dimmed and abs(step - STEPS) > STEPS * 2 // 3,
            dim=not look.color and dimmed,
        )
        for step, shade in enumerate(shades)
    )


def _mark(canvas: Canvas, placement: Placement, selected: Entry, look: Look) -> None:
    """Show the cell of the selected entry as selected, whatever its colour."""
    style = ink(look.palette.background, look.palette.accent, bold=True, reverse=not look.color)
    grid_row, grid_column = placement.cell_of(selected.row, selected.column)
    x, y = placement.x(grid_column), placement.y(grid_row)
    for line in range(y, min(y + placement.cell_height, canvas.height)):
        canvas.put(x, line, "".join(canvas.characters[line][x : x + placement.cell_width]), style)


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
    return tuple(", ".join(part for part in (hidden, way) if part) for way in pooled)
