"""Where matrices that stand side by side go, and which of their rows and columns share a cell."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

WIDEST, TALLEST = 11, 5  # of a cell
NARROWEST = 8  # of a block that has to share columns, so that its title has room
NUMBER_WIDTH = 6  # cells at least this wide hold their number
SMALLEST = 4  # of a block at all: a column, its bias and space around them


@dataclass(frozen=True)
class Extent:
    """The shape of one block, whose bias is one more column."""

    rows: int
    columns: int
    bias: bool


@dataclass(frozen=True)
class Placement:
    """A block's grid of cells, from (left, top): every cell holds `across` columns × `down` rows.

    Where it is `folded`, two cells stand one above the other in each line.
    """

    block: int
    extent: Extent
    left: int
    top: int
    room: int
    cell_width: int
    cell_height: int
    across: int
    down: int
    bias_gap: int
    folded: bool

    @property
    def grid_columns(self) -> int:
        """Cells beside each other, without the bias."""
        return math.ceil(self.extent.columns / self.across)

    @property
    def grid_rows(self) -> int:
        """Cells above each other."""
        return math.ceil(self.extent.rows / self.down)

    def x(self, grid_column: int) -> int:
        """Where a cell begins; the bias follows the last column."""
        gap = self.bias_gap if grid_column >= self.grid_columns else 0
        return self.left + grid_column * self.cell_width + gap

    def y(self, grid_row: int) -> int:
        """The first line of a cell."""
        return self.top + (grid_row // 2 if self.folded else grid_row * self.cell_height)

    def cell(self, x: int, y: int) -> tuple[int, int] | None:
        """The cell (grid row, grid column) drawn at column `x` of line `y`, of two the upper one."""
        grid_row = 2 * (y - self.top) if self.folded else (y - self.top) // self.cell_height
        if not 0 <= grid_row < self.grid_rows:
            return None
        for grid_column in range(self.grid_columns + self.extent.bias):
            if self.x(grid_column) <= x < self.x(grid_column) + self.cell_width:
                return grid_row, grid_column
        return None

    def group(self, grid_row: int, grid_column: int) -> tuple[slice, slice]:
        """The rows and columns that share a cell."""
        rows = slice(grid_row * self.down, min((grid_row + 1) * self.down, self.extent.rows))
        if grid_column >= self.grid_columns:
            return rows, slice(self.extent.columns, self.extent.columns + 1)
        first = grid_column * self.across
        return rows, slice(first, min(first + self.across, self.extent.columns))

    def cell_of(self, row: int, column: int) -> tuple[int, int]:
        """The cell (grid row, grid column) that holds an entry."""
        if column >= self.extent.columns:
            return row // self.down, self.grid_columns
        return row // self.down, column // self.across


def arrange(extents: Sequence[Extent], width: int, height: int, focus: int, fold: bool) -> list[Placement]:
    """Places for the blocks under a line of titles; if not all have room, those around block `focus`.

    Blocks stand side by side, or in the fewest rows in which every cell holds its number, if that is possible.
    With `fold`, blocks of more rows than there are lines are folded before rows share a cell.
    """
    if not extents or width < 1 or height < 2:
        return []
    for rows in range(1, len(extents) + 1):
        bands = _bands(extents, rows)
        needed = sum(1 + max(extents[block].rows for block in band) for band in bands)
        cells = [_common_cell([extents[block] for block in band], width) for band in bands]
        if needed <= height and min(cells)[0] >= NUMBER_WIDTH:
            return _stacked(extents, bands, width, height, min(cells))
    shown = around(len(extents), max((width + 1) // (SMALLEST + 1), 1), focus)
    return _side_by_side(extents, shown, width, height, fold)


def _bands(extents: Sequence[Extent], rows: int) -> list[range]:
    """The blocks in order, parted into rows of as nearly as many columns as can be."""
    ends = list(accumulate(extent.columns + extent.bias for extent in extents))
    cuts = [0, *(bisect_left(ends, ends[-1] * row / rows) + 1 for row in range(1, rows)), len(extents)]
    return [range(first, last) for first, last in pairwise(cuts) if first < last]


def _stacked(
    extents: Sequence[Extent], bands: Sequence[range], width: int, height: int, cell: tuple[int, int, int]
) -> list[Placement]:
    """Rows of blocks with the same wide cells, one below the other."""
    tallest = [max(extents[block].rows for block in band) for band in bands]
    cell_height = max(min((height - len(bands)) // sum(tallest), TALLEST), 1)
    apart = int(height >= 2 * len(bands) - 1 + sum(tallest) * cell_height)
    placements, top = [], 0
    for band, rows in zip(bands, tallest, strict=True):
        room = top + 1 + rows * cell_height
        row = _side_by_side(extents, band, width, room - top, False, cell)
        placements += [replace(placement, top=top + 1) for placement in row]
        top = room + apart
    return placements


def _side_by_side(
    extents: Sequence[Extent],
    shown: range,
    width: int,
    height: int,
    fold: bool,
    cell: tuple[int, int, int] | None = None,
) -> list[Placement]:
    """The blocks that are shown beside each other, with a cell of a given width or of the widest that fits."""
    chosen = [extents[block] for block in shown]
    tallest = max(min(extent.rows, height - 1) for extent in chosen)
    cell_height = max(min((height - 1) // max(tallest, 1), TALLEST), 1)
    cell_width, gap, bias_gap = cell or _common_cell(chosen, width)
    if cell_width:
        rooms = [_needed(extent, cell_width, bias_gap) for extent in chosen]
    else:
        rooms = _shares(chosen, width - gap * (len(chosen) - 1))
    spare = (width - sum(rooms) - gap * (len(chosen) - 1)) // len(chosen)
    placements, left = [], 0
    for block, extent, room in zip(shown, chosen, rooms, strict=True):
        cells = max(room - bias_gap * extent.bias, 1)
        across = max(math.ceil(extent.columns / max(cells - extent.bias, 1)), 1)
        units = math.ceil(extent.columns / across) + extent.bias
        folded = fold and extent.rows > height - 1
        placements.append(
            Placement(
                block=block,
                extent=extent,
                left=left,
                top=1,
                room=room + spare,
                cell_width=cell_width or max(cells // max(units, 1), 1),
                cell_height=cell_height,
                across=across,
                down=max(math.ceil(extent.rows / ((height - 1) * (2 if folded else 1))), 1),
                bias_gap=bias_gap,
                folded=folded,
            )
        )
        left += room + gap + min(spare, NARROWEST)
    return placements


def around(count: int, room: int, focus: int) -> range:
    """At most `room` of `count` neighbours, with `focus` as near their middle as can be."""
    first = max(min(focus - room // 2, count - room), 0)
    return range(first, min(first + room, count))


def _needed(extent: Extent, cell_width: int, bias_gap: int) -> int:
    return (extent.columns + extent.bias) * cell_width + bias_gap * extent.bias


def _common_cell(extents: Sequence[Extent], width: int) -> tuple[int, int, int]:
    """The widest cell with which all fits, the gap between blocks, that before a bias; or 0, 1, 0."""
    for cell_width in range(WIDEST, 0, -1):
        for gap, bias_gap in ((2, 1), (1, 1), (1, 0)) if cell_width == 1 else ((2, 1),):
            needed = sum(_needed(extent, cell_width, bias_gap) for extent in extents)
            if needed + gap * (len(extents) - 1) <= width:
                return cell_width, gap, bias_gap
    return 0, 1, 0


def _shares(extents: Sequence[Extent], width: int) -> list[int]:
    """`width` shared out by the square root of what each block needs, none with more than it can use."""
    least = min(NARROWEST, width // len(extents))
    wanted = [max(_needed(extent, 1, 0), least) for extent in extents]
    rooms = [least] * len(extents)
    for _ in extents:
        open_blocks = [block for block, room in enumerate(rooms) if room < wanted[block]]
        left, weight = width - sum(rooms), sum(math.sqrt(wanted[block]) for block in open_blocks)
        for block in open_blocks:
            rooms[block] += min(int(left * math.sqrt(wanted[block]) / weight), wanted[block] - rooms[block])
    return rooms
