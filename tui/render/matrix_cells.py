"""The cells of a matrix in a heat map: coloured, with their sign and size as a character, their number, or halved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rich.style import Style

from tui.render.cells import Canvas, ink
from tui.render.layout import NUMBER_WIDTH, Placement
from tui.render.numbers import TOO_LONG, number
from tui.render.palette import Look
from tui.render.shades import STEPS, diverging, on, sign_glyph, steps

FADE = 0.7  # how far what the pass has not reached recedes
NOT_A_NUMBER = "?"


@dataclass(frozen=True, eq=False)
class Block:
    """One layer's `matrix` (out, in) and `bias` (out,), or any matrix without one.

    `current` marks what the operation under the cursor works on, `dimmed` what the pass has not reached at all;
    `pointed` tells the words of the title that the guide speaks of, counted from 0.
    `computed` tells the cells (out, in + 1) that it has reached from those that stay empty, None: all it can tell.
    """

    title: str
    matrix: np.ndarray
    bias: np.ndarray | None = None
    dimmed: bool = False
    current: bool = False
    computed: np.ndarray | None = None
    pointed: frozenset[int] = frozenset()


def values_of(block: Block) -> np.ndarray:
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


def draw_cells(canvas: Canvas, placement: Placement, block: Block, scale: float, look: Look) -> None:
    """The block's values, coloured by their share of ±`scale`, pooled where the placement has cells share them."""
    values = _pooled(block.matrix, placement.down, placement.across)
    if block.bias is not None:
        values = np.column_stack((values, _pooled(block.bias[:, None], placement.down, 1)))
    known = _computed(block, placement)
    if placement.folded:
        _draw_folded(canvas, placement, values, known, scale, block.dimmed, look)
        return
    width = placement.cell_width
    strength = 0.8 if width >= NUMBER_WIDTH else 0.45
    inks, empty = (cell_inks(look, dimmed, strength) for dimmed in (block.dimmed, True))
    middle = (placement.cell_height - 1) // 2
    blank = " " * width
    for grid_row, (row, shades) in enumerate(zip(values.tolist(), steps(values, scale).tolist(), strict=True)):
        top = placement.y(grid_row)
        for grid_column, (value, step) in enumerate(zip(row, shades, strict=True)):
            there = known[grid_row, grid_column]
            x, style = placement.x(grid_column), inks[step + STEPS] if there else empty[STEPS]
            for line in range(placement.cell_height):
                hidden = line != middle or block.dimmed or not there
                canvas.put(x, top + line, blank if hidden else _cell_text(value, step, width, look), style)


def _computed(block: Block, placement: Placement) -> np.ndarray:
    """Which cells hold an entry that is computed."""
    known = np.ones_like(values_of(block)) if block.computed is None else block.computed.astype(float)
    if block.bias is None:
        return _pooled(known, placement.down, placement.across) > 0
    matrix = _pooled(known[:, :-1], placement.down, placement.across)
    return np.column_stack((matrix, _pooled(known[:, -1:], placement.down, 1))) > 0


def _draw_folded(
    canvas: Canvas,
    placement: Placement,
    values: np.ndarray,
    known: np.ndarray,
    scale: float,
    dimmed: bool,
    look: Look,
) -> None:
    """Two rows a line, in the upper and the lower half of its cells; what is no number in the colour of errors."""
    unknown = diverging(look.palette, FADE)[STEPS]
    shades = (*diverging(look.palette, FADE if dimmed else 0.0), look.palette.bad, look.palette.background, unknown)
    drawn = np.where(np.isnan(values), STEPS + 1, steps(values, scale)) + STEPS
    drawn[~known] = len(shades) - 1
    if len(drawn) % 2:
        drawn = np.vstack((drawn, np.full(drawn.shape[1], STEPS + STEPS + 2)))
    text = look.glyphs.upper_half * placement.cell_width
    for pair, (upper, lower) in enumerate(zip(drawn[::2].tolist(), drawn[1::2].tolist(), strict=True)):
        for grid_column, (over, under) in enumerate(zip(upper, lower, strict=True)):
            style = ink(shades[over], shades[under])
            canvas.put(placement.x(grid_column), placement.y(2 * pair), text, style)


def _cell_text(value: float, step: int, width: int, look: Look) -> str:
    if width >= NUMBER_WIDTH:
        text = number(value, width - 1, look.glyphs.missing) + " "
        if TOO_LONG not in text:
            return text
    return (_sign(step, look) if value == value else NOT_A_NUMBER).center(width)


def _sign(step: int, look: Look) -> str:
    """The character of a cell without a number; in colour, which tells how large it is, just a minus."""
    if not look.color or step == 0:
        return sign_glyph(step, look.glyphs)
    return look.glyphs.negative[0] if step < 0 else " "


@lru_cache
def cell_inks(look: Look, dimmed: bool, strength: float) -> tuple[Style, ...]:
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


def mark_cell(canvas: Canvas, placement: Placement, row: int, column: int, look: Look) -> None:
    """Show the cell of an entry as selected, whatever its colour."""
    grid_row, grid_column = placement.cell_of(row, column)
    x, y = placement.x(grid_column), placement.y(grid_row)
    accent, style = (
        look.palette.accent,
        ink(look.palette.background, look.palette.accent, bold=True, reverse=not look.color),
    )
    if placement.folded and y < canvas.height and x < canvas.width:
        under = canvas.styles[y][x]
        upper, lower = (color.name if color else None for color in (under.color, under.bgcolor))
        style = ink(accent, lower) if grid_row % 2 == 0 else ink(upper, accent)
    for line in range(y, min(y + placement.cell_height, canvas.height)):
        canvas.put(x, line, "".join(canvas.characters[line][x : x + placement.cell_width]), style)
