"""The network as columns of units and edges between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tui.render.cells import Canvas, Picture, ink
from tui.render.edges import Column, draw_edges, edge_inks, strengths_of
from tui.render.layout import around
from tui.render.palette import Look
from tui.render.selection import Unit

APART = 5  # columns from one layer to the next, at least
TALLEST = 3  # lines from one unit to the next, at most


@dataclass(frozen=True, eq=False)
class Layer:
    """The weights or gradients (out, in) of a layer; which of its units (out,) are dead or saturated."""

    weights: np.ndarray
    dead: np.ndarray | None = None
    saturated: np.ndarray | None = None


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
) -> Diagram:
    """All layers from the inputs on, edges saturated at ±`scale`, units without room left out.

    `current` counts layers from 1, the inputs being 0: that layer and its edges are lit, with an arrow in the
    pass's direction, and all others dimmed. A selected unit is lit with the edges that the pass uses for it:
    forward those into it, backward those out of it. Without room for all layers, those around are shown.
    pointed, spoken: units and layers that get a mark; where one has no room, the mark is at what stands for it.
    """
    canvas = Canvas(width, height, ink(look.palette.muted))
    if not layers or width < 1 or height < 1:
        return Diagram(canvas.picture(), {})
    header = int(height > 3)
    focus = selected or next(iter(pointed), None) or Unit(next(iter(sorted(spoken)), current or 0), 0)
    columns = _columns(layers, width, header, height - 2 * header, focus)
    for number in list(columns)[1:]:
        source, target = columns[number - 1], columns[number]
        strengths = strengths_of(layers[number - 1].weights, scale)
        dimmed = selected is not None or current not in (None, number)
        draw_edges(canvas, source, target, strengths, edge_inks(look, dimmed), look)
        if selected:
            kept = np.where(_edges_of(selected, number, direction, strengths.shape), strengths, 0)
            draw_edges(canvas, source, target, kept, edge_inks(look, False), look)
    for number, column in columns.items():
        lit = current in (None, number)
        _draw_units(canvas, column, layers[number - 1] if number else None, lit, look)
        if header:
            _draw_labels(canvas, number, column, current, look)
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
    _point(canvas, columns, units, pointed, spoken, look)
    if selected in units:
        x, y = units[selected]
        style = ink(look.palette.background, look.palette.accent, bold=True, reverse=not look.color)
        canvas.put(x, y, canvas.characters[y][x], style)
    return Diagram(canvas.picture(), units)


def _columns(layers: Sequence[Layer], width: int, top: int, room: int, focus: Unit) -> dict[int, Column]:
    """Where the layers stand; if not all have room, those around `focus`, and so for the units of its layer."""
    sizes = [layers[0].weights.shape[1], *(len(layer.weights) for layer in layers)]
    shown = around(len(sizes), max((width + APART - 1) // APART, 1), focus.layer)
    places = np.linspace(1, max(width - 2, 1), len(shown)).round().astype(int).tolist()
    columns = {}
    for number, x in zip(shown, places, strict=True):
        lines = _lines(sizes[number], top, room)
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


def _lines(units: int, top: int, room: int) -> tuple[int, ...]:
    """The lines of as many units as fit, around the middle of the room; the last one is kept for ⋮."""
    cut = units > room
    count = max(room - 1, 1) if cut else units
    apart = max(min((room - 1 - cut) // max(count - 1, 1), TALLEST), 1)
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
        text = look.glyphs.pointing + (f"z{look.subscript(number)}" if canvas.height > 3 else look.glyphs.unit)
        left = min(max(column.x - 1, 0), max(canvas.width - len(text), 0))
        canvas.put(left, 0 if canvas.height > 3 else column.lines[0], text, style)


def _draw_labels(canvas: Canvas, number: int, column: Column, current: int | None, look: Look) -> None:
    """The layer's letter above it, the number of its units below."""
    lit = number == current
    style = ink(look.palette.accent if lit else look.palette.muted, bold=lit)
    for line, text in (
        (0, "x" if number == 0 else f"z{look.subscript(number)}"),
        (canvas.height - 1, str(column.units)),
    ):
        left = min(max(column.x - (len(text) - 1) // 2, 0), max(canvas.width - len(text), 0))
        canvas.put(left, line, text, style)
