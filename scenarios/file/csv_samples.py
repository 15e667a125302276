"""Samples from a CSV file: which columns are inputs and outputs, their numbers, and classes from labels in words."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from nncore.arrays import Array
from nncore.datasets import Names
from scenarios.errors import nearest, quoted
from scenarios.file.csv_text import Block, Row, open_csv, plain
from scenarios.file.schema import MAX_NAME, MAX_SAMPLES, MAX_WIDTH

MAX_VALUES = 10_000_000
"""How many numbers are read: 10 columns of as many samples as there may be."""

_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d+(e[+-]?\d+)?\s*", re.IGNORECASE)


Watch = Callable[[int, int], object]
"""Is told how many bytes of how many are read."""


@dataclass(frozen=True)
class Layout:
    """What is read of a file.

    inputs, outputs: names of columns; empty for those of the header x1,x2,…,y1,… decimal: a point or a comma.
    classes: the labels of the classes in their order; empty for that of the alphabet.
    """

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    decimal: str = "."
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Samples:
    """Inputs x (n, d) and outputs y (n, k), and what they are called; the columns have names where they were asked."""

    x: Array
    y: Array
    names: Names


@dataclass(frozen=True)
class Column:
    """A column that is read: its place in a row, its name, whether it is an input."""

    place: int
    name: str
    is_input: bool

    def refused(self, line: int, cell: str, allowed: str) -> ValueError:
        """The error of a cell in this column."""
        found = quoted(cell) if cell.strip() else "nothing"
        return ValueError(f"line {line}, column {self.place + 1} ({self.name}): found {found}; allowed: {allowed}")


def read_samples(path: Path, name: str, layout: Layout | None = None, watch: Watch | None = None) -> Samples:
    """The samples in a file, which errors call by its name.

    Raises ValueError, with the line, and with the column where it is a cell, for what cannot be read.
    """
    layout = layout or Layout()
    with open_csv(path, name) as text:
        if layout.decimal == text.delimiter:
            raise ValueError('commas part the columns; allowed: decimal = "," where something else does')
        columns = _columns(text.header, layout)
        table = None
        for block in text.blocks:
            table = table or _Table(columns, layout, text.delimiter, block)
            table.take(block)
            if watch is not None:
                watch(text.read(), text.size)
        if table is None:
            raise ValueError(f"line {text.header[0]}: there are no samples below the header")
        return table.samples()


def distinct_names(header: Row) -> list[str]:
    """The names of all columns; raises ValueError where two are the same."""
    line, cells = header
    names = [plain(cell) for cell in cells]
    for name, times in Counter(names).items():
        if name and times > 1:
            places = [place for place, other in enumerate(names, 1) if other == name]
            raise ValueError(f"line {line}: columns {places[0]} and {places[1]} are both called {quoted(name)}")
    return names


def number(cell: str, decimal: str) -> float | None:
    """The number in a cell; None where there is none, as in "", "1_000", "nan", or with the other decimal sign."""
    if "_" in cell or (decimal == "," and "." in cell):
        return None
    try:
        value = float(cell.replace(",", ".") if decimal == "," else cell)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def numbers(cells: list[str], decimal: str) -> Array | None:
    """The numbers in many cells; None if one is none."""
    text = "\0".join(cells)
    if "_" in text or (decimal == "," and "." in text):
        return None
    if decimal == ",":
        cells = text.replace(",", ".").split("\0")
    try:
        values = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None


def is_label(cell: str) -> bool:
    """Whether a cell is a label in words: no number, and with a letter in it if there is a digit."""
    try:
        float(cell)
    except ValueError:
        letters, digits = any(map(str.isalpha, cell)), any(map(str.isdigit, cell))
        return bool(cell.strip()) and (letters or not digits)
    return False


def alphabetical(labels: Iterable[str]) -> list[str]:
    """Labels in the order of the alphabet, whatever their case."""
    return sorted(labels, key=lambda label: (label.casefold(), label))


def _columns(header: Row, layout: Layout) -> list[Column]:
    """The inputs, then the outputs."""
    line, _ = header
    names = distinct_names(header)
    if not layout.inputs:
        return _numbered(line, names)
    wanted = [(name, True) for name in layout.inputs] + [(name, False) for name in layout.outputs]
    columns = []
    for name, is_input in wanted:
        if name not in names or not name:
            known = [known for known in names if known]
            allowed = f"allowed: {', '.join(map(quoted, known[:12]))}{', …' if len(known) > 12 else ''}"
            raise ValueError(f"line {line}: has no column {quoted(name)}; {allowed}{nearest(name, known)}")
        if len(name) > MAX_NAME:
            raise ValueError(f"line {line}: a name of {len(name)} characters; allowed: at most {MAX_NAME}")
        columns.append(Column(names.index(name), name, is_input))
    return columns


def _numbered(line: int, names: Sequence[str]) -> list[Column]:
    """The columns under a header x1,x2,…,y1,…"""
    inputs = sum(name.startswith("x") for name in names)
    outputs = len(names) - inputs
    wanted = chain((f"x{n}" for n in range(1, inputs + 1)), (f"y{n}" for n in range(1, outputs + 1)))
    if not (0 < inputs <= MAX_WIDTH and 0 < outputs <= MAX_WIDTH and list(names) == list(wanted)):
        message = f"line {line}: found the header {quoted(','.join(names))}; allowed: x1,x2,…,y1,…"
        raise ValueError(f"{message}, or any names and with them inputs = […] and outputs = […]")
    return [Column(place, name, place < inputs) for place, name in enumerate(names)]


class _Table:
    """The numbers of the rows taken so far. What is no number is looked at cell by cell, for the error."""

    def __init__(self, columns: Sequence[Column], layout: Layout, delimiter: str, first: Block) -> None:
        outputs = [column for column in columns if not column.is_input]
        labelled = len(outputs) == 1 and (layout.classes or is_label(first.cells[outputs[0].place]))
        self._columns, self._layout, self._first_line = columns, layout, first.lines[0]
        self._label = outputs[0] if labelled else None
        self._numeric = columns[:-1] if labelled else columns
        self._reads_commas = delimiter != "," and layout.decimal == "."
        self._count = 0
        self._values: list[list[Array]] = [[] for _ in self._numeric]
        self._codes = array("I")
        self._labels = {label: code for code, label in enumerate(map(plain, layout.classes))}
        self._code_of: dict[str, int] = {}  # by the cell as it stands

    def take(self, block: Block) -> None:
        """Read some more rows; raises ValueError with the line and the column of what cannot be read."""
        before, self._count = self._count, self._count + len(block.lines)
        if self._count > MAX_SAMPLES:
            raise ValueError(f"line {block.lines[MAX_SAMPLES - before]}: more than {MAX_SAMPLES:,} samples")
        if self._count * len(self._numeric) > MAX_VALUES:
            raise ValueError(f"line {block.lines[0]}: more than {MAX_VALUES:,} numbers in {len(self._numeric)} columns")
        for column, values in zip(self._numeric, self._values, strict=True):
            part = numbers(block.column(column.place), self._layout.decimal)
            if part is None:
                self._refuse(block)
            else:
                values.append(part)
        if self._label is not None:
            self._take_labels(block, self._label)

    def samples(self) -> Samples:
        """All that was taken."""
        table = np.column_stack([np.concatenate(values) for values in self._values])
        count, classes = sum(column.is_input for column in self._columns), tuple(self._labels)
        x, y = table[:, :count], table[:, count:]
        if self._label is not None:
            order = classes if self._layout.classes else tuple(alphabetical(classes))
            number_of = np.array([order.index(label) for label in classes], dtype=np.float64)
            y, classes = number_of[np.frombuffer(self._codes, dtype=np.uintc)][:, None], order
            if len(classes) < 2:
                raise ValueError(f"all {self._label.name} are {quoted(classes[0])}; allowed: two labels or more")
        of_columns = [tuple(one.name for one in self._columns if one.is_input is kind) for kind in (True, False)]
        inputs, outputs = of_columns if self._layout.inputs else ((), ())
        return Samples(x, y, Names(inputs, outputs, classes))

    def _refuse(self, block: Block) -> None:
        """Raise ValueError for the first cell that is no number."""
        for row, line in enumerate(block.lines):
            for column in self._numeric:
                cell = block.cells[row * block.width + column.place]
                if number(cell, self._layout.decimal) is None:
                    raise column.refused(line, cell, self._allowed(cell, column))

    def _allowed(self, cell: str, column: Column) -> str:
        """What may stand in place of a cell that is no number."""
        if self._layout.decimal == "," and "." in cell:
            return "a number with a decimal comma, and nothing between thousands"
        if _DECIMAL_COMMA.fullmatch(cell) and self._reads_commas:
            return 'a finite number; decimal = "," reads decimal commas'
        if not is_label(cell):
            return "a finite number"
        if column.is_input:
            return "a finite number, as inputs are numbers"
        if len(self._columns) - sum(one.is_input for one in self._columns) > 1:
            return "a finite number, as labels stand in a single output"
        return f"a finite number, as in line {self._first_line}; classes = […] makes all of them labels"

    def _take_labels(self, block: Block, column: Column) -> None:
        cells = block.column(column.place)
        for cell in dict.fromkeys(cells):
            if cell not in self._code_of:
                self._code_of[cell] = self._code(block.lines[cells.index(cell)], cell, column)
        self._codes.extend(map(self._code_of.__getitem__, cells))

    def _code(self, line: int, cell: str, column: Column) -> int:
        """The number of a label in the order in which labels are found."""
        label = plain(cell)
        if self._layout.classes:
            if label not in self._labels:
                raise column.refused(line, cell, f"one of the classes {', '.join(map(quoted, self._layout.classes))}")
        elif not is_label(cell):
            also = "; classes = […] takes numbers as labels too" if label else ""
            raise column.refused(line, cell, f"a label in words, as in line {self._first_line}{also}")
        elif len(label) > MAX_NAME:
            raise column.refused(line, cell, f"a label of at most {MAX_NAME} characters")
        elif len(self._labels) == MAX_WIDTH and label not in self._labels:
            raise column.refused(line, cell, f"at most {MAX_WIDTH:,} different labels")
        return self._labels.setdefault(label, len(self._labels))
