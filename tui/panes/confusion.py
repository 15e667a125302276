"""The confusion matrix of a network of classes: a row for each true class, a column for each predicted one."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from rich.cells import cell_len

from nncore.arrays import Array
from nncore.datasets import Data
from tui.explain.names import class_name, listed_inputs
from tui.explain.sample import hardest
from tui.panes.features import drawn
from tui.panes.pane import INSIDE, Drawing, Hint, Pane, View, message
from tui.render.cells import Canvas, fit, ink, longest
from tui.render.layout import TALLEST, WIDEST, Extent, Placement, around
from tui.render.matrix_cells import cell_inks, mark_cell
from tui.render.numbers import num
from tui.render.palette import Look
from tui.render.selection import Along, Confused
from tui.render.shades import STEPS, sign_glyph

LISTED = 100
"""Samples of a cell that are listed."""
SHORTEST = 4
"""Cells of a label that is cut."""
NAMED = 8
"""Samples of a cell that are named in a line."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """Counts (rows, columns) of samples by true and predicted class, also as shares of their true class; the cells."""

    rows: range
    columns: range
    counts: Array
    shares: Array
    placement: Placement


class ConfusionPicture(Pane):
    """Counts of samples: blue on the diagonal, orange beside it, the brighter the larger the share of their class."""

    title = "function"
    inside: ClassVar[tuple[Hint, ...]] = (INSIDE[0], ("enter", "along an input", "enter"), *INSIDE[1:])

    def draw(self, view: View) -> Drawing:
        model = view.lane.network
        shown, true, predicted = predicted_classes(view)
        if (predicted < 0).all():
            return message("The outputs are not finite.", view, self.title)
        matrix, classes = _matrix(view, true, predicted), model.network.sizes[-1]
        canvas = Canvas(view.width, view.height, ink(view.look.palette.muted))
        _draw_heads(canvas, matrix, classes, model.data, view.look)
        _draw_counts(canvas, matrix, view.look)
        cell = _selected(view)
        if cell is not None and matrix.counts.size:
            mark_cell(
                canvas,
                matrix.placement,
                cell.true - matrix.rows.start,
                cell.predicted - matrix.columns.start,
                view.look,
            )
        notes = f", 1 of {shown.step} samples" if shown.step > 1 else ""
        notes += (
            f", {len(matrix.rows)} by {len(matrix.columns)} of {classes} classes" if _is_cut(matrix, classes) else ""
        )
        titles = (
            f"{self.title} · rows true, columns predicted class{notes}",
            f"{self.title} · true by predicted{notes}",
            f"{self.title} · true by predicted",
            f"true by predicted{notes}",
            "true by predicted",
            self.title,
            "",
        )
        return Drawing(canvas.picture(), titles)

    def move(self, view: View, across: int, down: int) -> Hashable:
        """An arrow goes to the next cell; a second enter cuts through the hardest sample of the one selected."""
        cell, classes = _selected(view), view.lane.network.network.sizes[-1]
        if cell is None:
            shown, true, predicted = predicted_classes(view)
            at = hardest(view.lane) // shown.step
            return Confused(int(true[at]), max(int(predicted[at]), 0))
        if across or down:
            return Confused(*(min(max(at, 0), classes - 1) for at in (cell.true + down, cell.predicted + across)))
        numbers, _, _ = _samples(view, cell)
        return Along(int(numbers[0]), 0) if len(numbers) else cell

    def pick(self, view: View, x: int, y: int) -> Hashable:
        matrix = _matrix(view, *predicted_classes(view)[1:])
        place = matrix.placement.cell(x, y) if matrix.counts.size else None
        return Confused(matrix.rows[place[0]], matrix.columns[place[1]]) if place else None

    def explain(self, view: View) -> str:
        cell = _selected(view)
        if cell is None:
            return ""
        numbers = np.sort(_samples(view, cell)[0])
        names = ", ".join(map(str, numbers[:NAMED])) + (", …" if len(numbers) > NAMED else "")
        return f"{_count(view, cell, len(numbers))}{f': {names}' if len(numbers) else ''}"

    def inspect(self, view: View) -> list[tuple[str, ...]]:
        cell = _selected(view)
        if cell is None:
            return super().inspect(view)
        numbers, outputs, losses = _samples(view, cell)
        rows: list[tuple[str, ...]] = [(f"{_count(view, cell, len(numbers))}, at θ now",)]
        if not len(numbers):
            return rows
        named = dict.fromkeys((cell.true, cell.predicted))
        data = view.lane.network.data
        rows += [("",), ("sample", "x", *(_share(data, one) for one in named), "loss")]
        for number, z, loss in list(zip(numbers.tolist(), outputs, losses, strict=True))[:LISTED]:
            rows.append((str(number), listed_inputs(data, data.x[number]), *(num(z[one]) for one in named), num(loss)))
        return rows + ([(f"… and {len(numbers) - LISTED:,} of smaller loss",)] if len(numbers) > LISTED else [])


def predicted_classes(view: View) -> tuple[range, Array, Array]:
    """The training samples that are drawn, their classes, and those of their largest outputs, −1 if not finite."""
    model, shown = view.lane.network, drawn(view.lane.network)
    with np.errstate(all="ignore"):
        outputs = model.network.outputs(view.lane.theta, model.data.x[:: shown.step])
    predicted = np.where(np.isfinite(outputs).all(axis=1), outputs.argmax(axis=1), -1)
    return shown, model.data.y[:: shown.step, 0].astype(int), predicted


def _samples(view: View, cell: Confused) -> tuple[Array, Array, Array]:
    """The samples of a cell by falling loss, with their outputs (k, classes) and losses (k,)."""
    model = view.lane.network
    shown, true, predicted = predicted_classes(view)
    numbers = np.array(shown)[(true == cell.true) & (predicted == cell.predicted)]
    with np.errstate(all="ignore"):
        a, z = model.network.forward(view.lane.theta, model.data.x[numbers])
        losses = model.loss.value(a[-1], z[-1], model.targets[numbers])
    order = np.argsort(-losses, kind="stable")
    return numbers[order], z[-1][order], losses[order]


def _count(view: View, cell: Confused, count: int) -> str:
    shown, true, _ = predicted_classes(view)
    drawn_of = "drawn" if shown.step > 1 else "training"
    of = int((true == cell.true).sum())
    names = view.lane.network.data
    own, put = class_name(names, cell.true), class_name(names, cell.predicted)
    return f"class {own} predicted as {put}: {count} of {of} {drawn_of} samples of class {own}"


def _selected(view: View) -> Confused | None:
    """The selected cell, if this lane has it."""
    cell, classes = view.selection, view.lane.network.network.sizes[-1]
    return cell if isinstance(cell, Confused) and max(cell.true, cell.predicted) < classes else None


def _is_cut(matrix: Matrix, classes: int) -> bool:
    return min(len(matrix.rows), len(matrix.columns)) < classes


def _matrix(view: View, true: Array, predicted: Array) -> Matrix:
    """The matrix in the view's room, or as much of it as there is room for, around the selected cell."""
    classes, cell = view.lane.network.network.sizes[-1], _selected(view) or Confused(0, 0)
    left = _left(view, classes)
    rows = around(classes, max(view.height - 1, 0), cell.true)
    columns = around(classes, max(view.width - left, 0), cell.predicted)
    top = 2 if view.height >= len(rows) + 2 else 1
    width = min((view.width - left) // max(len(columns), 1), WIDEST)
    height = min((view.height - top) // max(len(rows), 1), TALLEST)
    counts = np.array([np.bincount(predicted[(true == row) & (predicted >= 0)], minlength=classes) for row in rows])
    whole = np.array([(true == row).sum() for row in rows])
    counts = counts.reshape(len(rows), classes)[:, columns.start : columns.stop]
    placement = Placement(
        block=0,
        extent=Extent(len(rows), len(columns), bias=False),
        left=left,
        top=top,
        room=view.width - left,
        cell_width=width,
        cell_height=height,
        across=1,
        down=1,
        bias_gap=0,
        folded=False,
    )
    return Matrix(rows, columns, counts, counts / np.maximum(whole, 1)[:, None], placement)


def _share(data: Data, number: int) -> str:
    """What the output of a class is called over its column."""
    return f"z of {class_name(data, number)}" if data.names.classes else f"z for class {number}"


def _left(view: View, classes: int) -> int:
    """How many cells stand before the rows: for the classes' names where they have some, at most a third of all."""
    names = view.lane.network.data.names.classes
    longest_name = max(map(cell_len, names), default=0)
    return max(len(str(classes - 1)), min(longest_name, view.width // 3)) + 1


def _head(data: Data, number: int, width: int) -> str:
    """A class as there is room for it: its label, the beginning of it, or its number."""
    name = data.names.classes[number] if number < len(data.names.classes) else ""
    if name and (cell_len(name) <= width or width >= SHORTEST):
        return fit(name, min(width, cell_len(name)))
    return str(number)


def _draw_heads(canvas: Canvas, matrix: Matrix, classes: int, data: Data, look: Look) -> None:
    """The classes beside the rows and over the columns, where there is a line to spare, which are which.

    A mark stands beside the row after or before which there are others, and over all where columns are left out.
    """
    placement, style = matrix.placement, ink(look.palette.muted)
    if placement.top > 1:
        words = longest(canvas.width, "rows: true class, columns: predicted", "true by predicted", "")
        canvas.put(0, 0, words, style)
    for at, number in enumerate(matrix.columns):
        text = _head(data, number, placement.cell_width - 1)[-placement.cell_width :]
        canvas.put(placement.x(at), placement.top - 1, _laid(text, placement.cell_width), style)
    for at, number in enumerate(matrix.rows):
        ends = (number == matrix.rows[0] > 0) or (number == matrix.rows[-1] < classes - 1)
        middle = placement.y(at) + (placement.cell_height - 1) // 2
        text = _at_right(_head(data, number, placement.left - 1), placement.left - 1) + (
            look.glyphs.continues if ends else ""
        )
        canvas.put(0, middle, text, style)
    if len(matrix.columns) < classes:
        canvas.put(placement.left - 1, placement.top - 1, look.glyphs.ellipsis, style)


def _draw_counts(canvas: Canvas, matrix: Matrix, look: Look) -> None:
    """Counts where all have room, else signs: + * # for right ones, − = ≡ for mistakes."""
    placement, inks = matrix.placement, cell_inks(look, False, 0.8)
    width = placement.cell_width
    legible = len(str(int(matrix.counts.max(initial=0)))) <= max(width - 1, 1)
    for at, row in enumerate(matrix.rows):
        for place, column in enumerate(matrix.columns):
            count = int(matrix.counts[at, place])
            step = max(round(matrix.shares[at, place] * STEPS), count > 0) * (1 if row == column else -1)
            text = str(count) if legible and count else sign_glyph(step, look.glyphs)
            for line in range(placement.cell_height):
                middle = line == (placement.cell_height - 1) // 2
                canvas.put(
                    placement.x(place), placement.y(at) + line, _laid(text if middle else "", width), inks[step + STEPS]
                )


def _laid(text: str, width: int) -> str:
    """Text at the right of a cell, with a space behind it where there is room."""
    return _at_right(f"{text} ", width) if cell_len(text) < width else text[:width]


def _at_right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text
