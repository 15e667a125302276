"""What the dialog of a step that is filled in shows, as a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import wrap

from rich.segment import Segment
from rich.style import Style

from nncore.mistakes.made_of import Entry
from nncore.operations import OperationKind
from tui.lesson.fill_in import Cell, FillIn, Found
from tui.lesson.sheet_layout import Grid
from tui.render.cells import Canvas, Line, Picture, fit, ink
from tui.render.numbers import WIDTH, num, number, shape
from tui.render.palette import Look
from tui.render.plain import spelled
from tui.session.guesses import read_number

MARKS = {Found.RIGHT: "✓", Found.HINTED: "h", Found.SHOWN: "s"}
"""How a number was found, beside it."""

_WRONG = "✗"
_GAP = 2


@dataclass(frozen=True)
class _Place:
    """A grid with the corner where it is drawn, and how wide its row names and its cells are."""

    grid: Grid
    x: int
    y: int
    label: int
    cell: int

    @property
    def room(self) -> int:
        """How wide the number in a cell is: a mark has room beside it."""
        return self.cell - 1

    @property
    def bottom(self) -> int:
        return self.y + _height(self.grid)


def fill_in_lines(fill_in: FillIn, width: int, height: int, look: Look, note: str = "") -> Picture:
    """A note, then the matrices above what is typed and what came of it.

    Where there is no room for all, the note goes, and then only the rows beside the cell in hand are shown.
    """
    style = ink(look.palette.text)
    words = spelled(note) if look.ascii else note
    noted: Picture = [[Segment(fit(line, width), style)] for line in (*wrap(words, width), "")] if note else []
    below = _below(fill_in, width, look)
    above = [*noted, *_matrices(fill_in, width, look, whole=True)]
    if len(above) + len(below) > height:
        above = above[len(noted) :]
    if len(above) + len(below) > height:
        above = _matrices(fill_in, width, look, whole=False)
    room = max(height - len(below), 1)
    blank: Line = [Segment(" " * width, style)]
    return [*above[-room:], *below, *([blank] * (room - len(above)))]


def _matrices(fill_in: FillIn, width: int, look: Look, whole: bool) -> Picture:
    """All matrices, or without `whole` of those whose rows are the cells' only the row in hand."""
    notes = wrap(" · ".join((*_scope(fill_in), *fill_in.sheet.notes)), width)
    after = (fill_in.sheet.after,) if fill_in.sheet.after and fill_in.complete else ()
    grids = (*fill_in.sheet.given, *after)
    if not whole:
        row, _ = list(fill_in.sheet.asked)[fill_in.place]
        grids = tuple(_one_row(grid, row) if grid.rows == fill_in.sheet.cells.rows else grid for grid in grids)
    given = _flow(grids, width, len(notes))
    top = max((place.bottom for place in given), default=len(notes)) + whole
    cells = _flow((fill_in.sheet.cells,), width, top, WIDTH + 1)[0]
    canvas = Canvas(width, cells.bottom, ink(look.palette.text))
    for y, line in enumerate(notes):
        canvas.put(0, y, line, ink(look.palette.muted))
    for place in given:
        _draw(canvas, place, look)
    _draw(canvas, cells, look, "fill in ")
    _draw_cells(canvas, cells, fill_in, look)
    return canvas.picture()


def _one_row(grid: Grid, row: int) -> Grid:
    return replace(grid, values=grid.values[[row]], rows=(grid.rows[row],))


def _scope(fill_in: FillIn) -> tuple[str, ...]:
    """Which samples and which unit are filled in, in words."""
    lane, scope = fill_in.lane, fill_in.scope
    if lane.is_function:
        return ()
    indices, operation = lane.trace.indices, lane.operations[fill_in.index]
    layer = lane.network.layers[operation.layer - 1]
    samples = f"all {len(indices)} samples" if scope.whole else f"sample {indices[scope.row]}, one of {len(indices)}"
    unit = f"unit {scope.units[layer.number - 1]}, one of {layer.fan_out}"
    if len(indices) == 1:
        samples = f"sample {indices[0]}, all of the batch"
    updates = operation.kind is OperationKind.UPDATE
    return (*([] if updates else [samples]), *([unit] if fill_in.chooses_unit else []))


def _flow(grids: tuple[Grid, ...], width: int, top: int, least: int = 0) -> list[_Place]:
    """Places side by side, in rows as many as it takes."""
    places: list[_Place] = []
    x, y, bottom = 0, top, top
    for grid in grids:
        label = max((len(name) for name in grid.rows), default=0)
        label += bool(label)
        digits = max(*(len(num(value)) for value in grid.values.flat), *map(len, grid.columns))
        cell = max(least, digits + 2)
        needed = max(label + cell * len(grid.columns), len(_title(grid)))
        if x and x + needed > width:
            x, y = 0, bottom
        places.append(_Place(grid, x, y, label, cell))
        x, bottom = x + needed + _GAP, max(bottom, y + _height(grid))
    return places


def _height(grid: Grid) -> int:
    return 1 + any(grid.columns) + len(grid.rows)


def _title(grid: Grid) -> str:
    rows, columns = grid.values.shape
    part = f" of {shape(*grid.whole)}" if grid.whole and grid.whole != (rows, columns) else ""
    return f"{grid.title}  {shape(rows, columns)}{part}" if part or grid.values.size > 1 else grid.title


def _draw(canvas: Canvas, place: _Place, look: Look, prefix: str = "") -> None:
    """A matrix under its name, with the names of its rows and columns."""
    grid, palette = place.grid, look.palette
    canvas.put(place.x, place.y, prefix + _title(grid), ink(palette.accent, bold=True))
    top = place.bottom - len(grid.rows)
    for column, name in enumerate(grid.columns):
        if any(grid.columns):
            canvas.put(place.x + place.label + column * place.cell, top - 1, name.rjust(place.room), ink(palette.muted))
    for row, name in enumerate(grid.rows):
        canvas.put(place.x, top + row, name, ink(palette.muted))
        for column in range(len(grid.columns)):
            text = number(float(grid.values[row, column]), place.room, look.glyphs.missing)
            canvas.put(place.x + place.label + column * place.cell, top + row, text, ink(palette.text))


def _draw_cells(canvas: Canvas, place: _Place, fill_in: FillIn, look: Look) -> None:
    """The cells that are asked for over their true values."""
    top = place.bottom - len(place.grid.rows)
    for at, ((row, column), entry) in enumerate(fill_in.sheet.asked.items()):
        text, style = _cell(fill_in, entry, look)
        active = at == fill_in.place and not fill_in.complete
        style = style + Style(reverse=True) if active else style
        canvas.put(place.x + place.label + column * place.cell, top + row, text, style)


def _cell(fill_in: FillIn, entry: Entry, look: Look) -> tuple[str, Style]:
    """What stands in a cell, with its mark."""
    cell, palette = fill_in.cell_of(entry), look.palette
    if cell.found:
        color = palette.good if cell.found is not Found.SHOWN else palette.muted
        return number(fill_in.value(entry), WIDTH) + MARKS[cell.found], ink(color, bold=True)
    typed = _shortened(cell, look) or "_" * (WIDTH - 3)
    return typed.rjust(WIDTH) + (_WRONG if cell.mistake else " "), ink(palette.bad if cell.mistake else palette.text)


def _shortened(cell: Cell, look: Look) -> str:
    """What was typed; of what is longer than its cell its end while it is typed, and the number that was judged."""
    if len(cell.typed) < WIDTH:
        return cell.typed
    return num(read_number(cell.typed)) if cell.mistake else look.glyphs.ellipsis + cell.typed[2 - WIDTH :]


def _below(fill_in: FillIn, width: int, look: Look) -> Picture:
    """What is typed, what came of it, hints, and how the numbers were found so far."""
    palette = look.palette
    found = fill_in.score(fill_in.index if fill_in.complete else None)
    counts = zip(MARKS.values(), (found.right, found.hinted, found.shown), Found, strict=True)
    scored = "   ".join(f"{mark} {count} {how}" for mark, count, how in counts)
    lines = [("", ink(palette.text))]
    lines += [(line, ink(palette.muted)) for line in wrap(fill_in.formula, width)]
    if fill_in.complete:
        lines.append((f"{fill_in.title}: {scored}", ink(palette.good, bold=True)))
    else:
        name = fill_in.entry_name
        lines += [(line, ink(palette.text)) for line in wrap(f"{name} = {fill_in.terms}", width) if fill_in.terms]
        lines.append((f"{name} = {fill_in.cell.typed}█", ink(palette.text, bold=True)))
    said, wrong = fill_in.says or fill_in.cell.mistake, bool(fill_in.cell.mistake)
    lines += [(line, ink(palette.bad if wrong else palette.text)) for line in wrap(said, width)]
    lines += [] if fill_in.complete else [(scored, ink(palette.muted))]
    return [[Segment(fit(text, width, look.glyphs.ellipsis), style)] for text, style in lines]
