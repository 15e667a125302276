"""What inputs, outputs and classes are called, and inputs as they stand in the file beside what they were scaled to."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from nncore.arrays import Array
from nncore.datasets import Data
from tui.explain.rows import TOP, Rows
from tui.render.cells import fit
from tui.render.numbers import bracketed, num

SHOWN = 4
"""Numbers of a vector in a line."""
LONGEST = 24
"""Cells that a name may take in the middle of a line."""


def vector(values: Sequence[float] | Array, most: int = SHOWN) -> str:
    """A number, or some numbers in brackets."""
    texts = [num(float(value)) for value in values[:most]]
    if len(values) == 1:
        return texts[0]
    return f"({', '.join(texts)}{', …' if len(values) > most else ''})"


def brief(name: str) -> str:
    """A name that leaves room for others in its line."""
    return name if cell_len(name) <= LONGEST else fit(name, LONGEST)


def input_name(data: Data, number: int) -> str:
    """An input by its column in the file, where it has a name, else by its place in x."""
    return brief(data.names.inputs[number]) if data.names.inputs else f"x[{number}]"


def output_name(data: Data, number: int = 0) -> str:
    """An output by its column in the file, where it has a name, else y, or one of several y."""
    if data.names.outputs:
        return brief(data.names.outputs[number])
    return "y" if data.y.shape[-1] == 1 else f"y[{number}]"


def class_name(data: Data, number: int) -> str:
    """A class by its label in the file, where it has one, else its number."""
    return brief(data.names.classes[number]) if number < len(data.names.classes) else str(number)


def unscaled(data: Data, x: Array) -> Array:
    """Inputs (d,) as they were before they were standardized."""
    return x if data.mean is None or data.deviation is None else x * data.deviation + data.mean


def inputs_said(data: Data, x: Array, most: int = SHOWN) -> str:
    """Inputs (d,) with their names, if they have some; what is scaled is followed by what it was before."""
    scaled = data.mean is not None
    if not data.names.inputs:
        return f"x = {vector(x, most)}" + (f", unscaled {vector(unscaled(data, x), most)}" if scaled else "")
    said = [input_said(data, x, number) for number in range(min(len(x), most))]
    return ", ".join([*said, *(["…"] if len(x) > most else [])])


def input_said(data: Data, x: Array, number: int) -> str:
    """One of the inputs (d,), followed by what it was before it was scaled, if it was."""
    before = f" [{num(unscaled(data, x)[number])}]" if data.mean is not None else ""
    return f"{input_name(data, number)} = {num(x[number])}{before}"


def outputs_said(data: Data, y: Array) -> str:
    """What the outputs (k,) of a sample should be, with their names, and that of its class if y tells it.

    What is scaled is followed by what it was before.
    """
    before = None if data.y_mean is None or data.y_deviation is None else y * data.y_deviation + data.y_mean
    if not data.names.outputs or len(y) > SHOWN:
        unscaled_y = "" if before is None else f", unscaled {vector(before)}"
        return f"y = {vector(y)}{_label(data, y)}{unscaled_y}"
    said = (
        f"{output_name(data, number)} = {num(value)}" + ("" if before is None else f" [{num(before[number])}]")
        for number, value in enumerate(y)
    )
    return ", ".join(said) + _label(data, y)


def _label(data: Data, y: Array) -> str:
    """The name of the one of two classes that y is the label of: " (yes)"."""
    if len(y) != 1 or len(data.names.classes) != 2 or data.labels is None:
        return ""
    return f" ({class_name(data, int(y[0] == data.labels[1]))})"


def listed_inputs(data: Data, x: Array) -> str:
    """Inputs (d,) in a cell of a table: as they stand in the file, where they were scaled."""
    return vector(unscaled(data, x))


def scaling(data: Data, x: Array, only: int | None = None) -> Rows:
    """How the inputs (d,), or only one, were standardized, in numbers; nothing where they were not."""
    if data.mean is None or data.deviation is None:
        return []
    before = unscaled(data, x)
    rows: Rows = [("",), ("inputs are scaled: (what stands in the file − mean) / deviation",)]
    for number in range(min(len(x), TOP)) if only is None else (only,):
        moved = f"({num(before[number])} − {bracketed(float(data.mean[number]))})"
        rows.append((f"{input_name(data, number)} = {moved} / {num(data.deviation[number])} = {num(x[number])}",))
    return rows + ([(f"… and {len(x) - TOP} more inputs",)] if len(x) > TOP and only is None else [])
