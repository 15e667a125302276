"""The network as columns of units and edges between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tui.render.cells import Canvas, Picture, ink
from tui.render.edges import Column, draw_edges, edge_inks, strengths_of
from tui.render.layout import around
from tui.render.numbers import num
from tui.render.palette import Look
from tui.render.selection import Unit

APART = 5  # columns from one layer to the next, at least
TALLEST = 3  # lines from one unit to the next, at most
TALLEST_NUMBERED = 9  # the same in all layers, so that numbers under units stand in lines of their own
ALONG = (0.33, 0.67, 0.5, 0.25, 0.75, 0.4, 0.6)  # where on an edge its number may stand, best first


@dataclass(frozen=True, eq=False)
class Layer:
    """The weights or gradients (out, in) of a layer; which of its units (out,) are dead or saturated."""

    weights: np.ndarray
    dead: np.ndarray | None = None
    saturated: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Numbers:
    """What stands beside the units, from the inputs on: each layer's letter, and its values (units,) if it has any."""

    letters: Sequence[str]
    values: Sequence[np.ndarray | None]


@dataclass(frozen=True, eq=False)
class Diagram:
    """A drawn network, and the (column, line) of every unit that has room."""

    lines: Picture
    places: dict[Unit, tuple[int, int]]

    def unit(self, x: int, y: int) -> Unit | None:
        """The unit at a column of a line, or beside it."""
        near = [unit for unit, (column, line) in self.places.items() if line == y and abs(column - x) <= 1]
        return near[0] if near else None


def network(
    layers: Sequence[Layer],
    width: int,
    height: int,
    scale: float,
    look: Look,
    *,
    current: int | None = None,
    direction: Literal["forward", "backward"] = "forward",
    selected: Unit | None = None,
    pointed: Sequence[Unit] = (),
    spoken: frozenset[int] = frozenset(),
    numbers: Numbers | None = None,
) -> Diagram:
    """All layers from the inputs on, edges saturated at ±`scale`, units without room left out.

    `current` counts layers from 1, the inputs being 0: that layer and its edges are lit, with an arrow in the
    pass's direction, and all others dimmed. A selected unit is lit with the edges that the pass uses for it:
    forward those into it, backward those out of it. Without room for all layers, those around are shown.
    pointed, spoken: units and layers that get a mark; where one has no room, the mark is at what stands for it.
    numbers: what to write under the units; the weights then stand on their edges, where there is room for all of a
    layer's, unless they are NaN.
    """
    canvas = Canvas(width, height, ink(look.palette.muted))
    if not layers or width < 1 or height < 1:
        return Diagram(canvas.picture(), {})
    header = int(height > 3)  # the letters
    focus = selected or next(iter(pointed), None) or Unit(next(iter(sorted(spoken)), current or 0), 0)
    footer = header  # the counts, or the numbers of the lowest units
    room = height - header - footer
    tallest = min(TALLEST_NUMBERED, (room - 1) // max(max(_sizes(layers)) - 1, 1)) if numbers else TALLEST
    columns = _columns(layers, width, header, room, focus, tallest)
    for number in list(columns)[1:]:
        source, target = columns[number - 1], columns[number]
        strengths = strengths_of(layers[number - 1].weights, scale)
        dimmed = selected is not None or current not in (None, number)
        draw_edges(canvas, source, target, strengths, edge_inks(look, dimmed), look)
        if selected:
            kept = np.where(_edges_of(selected, number, direction, strengths.shape), strengths, 0)
            draw_edges(canvas, source, target, kept, edge_inks(look, False), look)
    letters = numbers.letters if numbers else ["x", *(f"z{look.subscript(d + 1)}" for d in range(len(layers)))]
    if numbers:
        taken = _draw_values(canvas, columns, numbers, current, look)
        for number in list(columns)[1:]:
            ends, weights = (columns[number - 1], columns[number]), layers[number - 1].weights
            _draw_weights(canvas, *ends, weights, current in (None, number), look, taken)
    for number, column in columns.items():
        lit = current in (None, number)
        _draw_units(canvas, column, layers[number - 1] if number else None, lit, look)
        if header:
            _draw_label(canvas, column, 0, letters[number], number == current, look)
        if footer and not numbers:
            _draw_label(canvas, column, height - 1, str(column.units), number == current, look)
    if header and current is not None and {current - 1, current} <= columns.keys():
        arrow = look.glyphs.forward if direction == "forward" else look.glyphs.backward
        middle = (columns[current - 1].x + columns[current].x) // 2
        canvas.put(middle, 0, arrow, ink(look.palette.accent, bold=True))
    units = {
        Unit(number, column.first + place): (column.x, line)
        for number, column in columns.items()
        for place, line in enumerate(column.lines)
        if column.x < canvas.width and line < canvas.height
    }
    _point(canvas, columns, units, pointed, spoken, letters, look)
    if selected in units:
        x, y = units[selected]
        style = ink(look.palette.background, look.palette.accent, bold=True, reverse=not look.color)
        canvas.put(x, y, canvas.characters[y][x], style)
    return Diagram(canvas.picture(), units)


def _sizes(layers: Sequence[Layer]) -> list[int]:
    return [layers[0].weights.shape[1], *(len(layer.weights) for layer in layers)]


def _columns(layers: Sequence[Layer], width: int, top: int, room: int, focus: Unit, tallest: int) -> dict[int, Column]:
    """Where the layers stand; if not all have room, those around `focus`, and so for the units of its layer."""
    sizes = _sizes(layers)
    shown = around(len(sizes), max((width + APART - 1) // APART, 1), focus.layer)
    places = np.linspace(1, max(width - 2, 1), len(shown)).round().astype(int).tolist()
    columns = {}
    for number, x in zip(shown, places, strict=True):
        lines = _lines(sizes[number], top, room, tallest)
        wanted = focus.number if number == focus.layer else 0
        columns[number] = Column(x, lines, sizes[number], around(sizes[number], len(lines), wanted).start)
    return columns


def _edges_of(selected: Unit, number: int, direction: str, shape: tuple[int, ...]) -> np.ndarray:
    """Which edges (out, in) into layer `number` the pass uses for the selected unit."""
    edges = np.zeros(shape, bool)
    if direction == "forward" and number == selected.layer:
        edges[selected.number] = True
    if direction == "backward" and number == selected.layer + 1:
        edges[:, selected.number] = True
    return edges


def _lines(units: int, top: int, room: int, tallest: int) -> tuple[int, ...]:
    """The lines of as many units as fit, around the middle of the room; the last one is kept for ⋮."""
    cut = units > room
    count = max(room - 1, 1) if cut else units
    apart = max(min((room - 1 - cut) // max(count - 1, 1), tallest), 1)
    first = top + (room - ((count - 1) * apart + 1 + cut)) // 2
    return tuple(max(first, top) + number * apart for number in range(count))


def _draw_units(canvas: Canvas, column: Column, layer: Layer | None, lit: bool, look: Look) -> None:
    palette, glyphs = look.palette, look.glyphs
    plain = ink(palette.text, bold=True) if lit else ink(palette.muted, dim=not look.color)
    for unit, line in enumerate(column.lines, column.first):
        if layer and layer.dead is not None and layer.dead[unit]:
            canvas.put(column.x, line, glyphs.dead, ink(palette.bad, bold=True))
        elif layer and layer.saturated is not None and layer.saturated[unit]:
            canvas.put(column.x, line, glyphs.saturated, ink(palette.bad))
        else:
            canvas.put(column.x, line, glyphs.unit, plain)
    if column.cut:
        canvas.put(column.x, column.lines[-1] + 1, glyphs.continues, plain)


def _point(
    canvas: Canvas,
    columns: dict[int, Column],
    units: dict[Unit, tuple[int, int]],
    pointed: Sequence[Unit],
    spoken: frozenset[int],
    letters: Sequence[str],
    look: Look,
) -> None:
    """Marks left of units, or of what stands for those without room, and of the letters of whole layers."""
    style = ink(look.palette.accent, bold=True)
    for unit in pointed:
        if unit.layer in columns:
            column = columns[unit.layer]
            x, y = units.get(unit, (column.x, column.lines[-1] + 1))
            canvas.put(x - 1, y, look.glyphs.pointing + canvas.characters[min(y, canvas.height - 1)][x], style)
    for number in spoken & columns.keys():
        column = columns[number]
        text = look.glyphs.pointing + (letters[number] if canvas.height > 3 else look.glyphs.unit)
        left = min(max(column.x - 1, 0), max(canvas.width - len(text), 0))
        canvas.put(left, 0 if canvas.height > 3 else column.lines[0], text, style)


def _beside(column: Column, text: str, width: int) -> int:
    """Where a text begins that stands in the middle of a column, or as near as there is room."""
    return min(max(column.x - (len(text) - 1) // 2, 0), max(width - len(text), 0))


def _draw_values(
    canvas: Canvas, columns: dict[int, Column], numbers: Numbers, current: int | None, look: Look
) -> set[tuple[int, int]]:
    """The number of each unit under it, where that line is free; the (column, line) of what is taken now."""
    palette = look.palette
    taken = {(column.x + beside, line) for column in columns.values() for line in column.lines for beside in (-1, 0, 1)}
    for number, column in columns.items():
        values, lit = numbers.values[number], current in (None, number)
        if values is None:
            continue
        for line, value in zip(column.lines, values[column.shown].tolist(), strict=True):
            text = f" {num(value)} "
            left = _beside(column, text.strip(), canvas.width) - 1
            cells = {(left + cell, line + 1) for cell in range(len(text))}
            if line + 1 < canvas.height and not cells & taken:
                canvas.put(left, line + 1, text, ink(palette.text if lit else palette.muted, bold=lit))
                taken |= cells
    return taken


def _draw_weights(
    canvas: Canvas,
    source: Column,
    target: Column,
    weights: np.ndarray,
    lit: bool,
    look: Look,
    taken: set[tuple[int, int]],
) -> None:
    """The number of each edge on it, if there is room for those of all beside what is `taken`."""
    palette, taken, places = look.palette, set(taken), []
    for unit, end in enumerate(target.lines, target.first):
        for other, begin in enumerate(source.lines, source.first):
            value = float(weights[unit, other])
            if value != value:
                continue
            text = f" {num(value)} "
            place = _free(source.x, target.x, begin, end, len(text), taken)
            if place is None:
                return
            taken |= {(place[0] + cell, place[1]) for cell in range(len(text))}
            places.append((*place, text, palette.negative if value < 0 else palette.positive))
    for x, y, text, color in places:
        canvas.put(x, y, text, ink(color if lit else palette.muted, bold=lit and not look.color))


def _free(
    left: int, right: int, begin: int, end: int, length: int, taken: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """Where on an edge a text may stand, as (column, line), with nothing of it on what is taken."""
    for share in ALONG:
        x = left + round(share * (right - left)) - length // 2
        y = round(begin + share * (end - begin))
        if left + 1 <= x and x + length < right and not any((x + cell, y) in taken for cell in range(length)):
            return x, y
    return None


def _draw_label(canvas: Canvas, column: Column, line: int, text: str, lit: bool, look: Look) -> None:
    style = ink(look.palette.accent if lit else look.palette.muted, bold=lit)
    canvas.put(_beside(column, text, canvas.width), line, text, style)
