"""CSV files beside a scenario: samples under a header `x1,x2,…,y1,…`."""

from __future__ import annotations

import csv
import math
from array import array
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import TextIO

import numpy as np

from nncore.arrays import Array
from scenarios.errors import quoted
from scenarios.file.beside import file_beside
from scenarios.file.schema import MAX_SAMPLES, MAX_WIDTH
from scenarios.regular_file import open_regular

MAX_CSV_BYTES = 256 * 2**20
MAX_CELLS = 6_000_000
_LONGEST_LINE = 2**20
_MOST_LINES = 2 * MAX_SAMPLES
_MOST_LINES_OF_A_ROW = 100

Row = tuple[int, list[str]]


def read_samples(folder: Path, name: str) -> tuple[Array, Array]:
    """The inputs x (n, d) and outputs y (n, k) in the file of that relative name inside a folder.

    Raises ValueError for any way out of the folder, and, with the line, for what is not such a file.
    """
    path = file_beside(folder, name)
    try:
        if path.stat().st_size > MAX_CSV_BYTES:
            raise ValueError(f"larger than {MAX_CSV_BYTES >> 20} MiB")
        with TextIOWrapper(open_regular(path), encoding="utf-8-sig", newline="") as file:
            return _samples(_rows(file))
    except UnicodeDecodeError:
        raise ValueError(f"{quoted(name)} is not UTF-8 text") from None
    except OSError as error:
        raise ValueError(f"cannot read {quoted(name)}: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"{quoted(name)}, {error}") from None


def _rows(file: TextIO) -> Iterator[Row]:
    """The rows that are not blank, with the number of the line each ends on."""
    row_begins = cells = 0

    def lines() -> Iterator[str]:
        while line := file.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise ValueError(f"line {reader.line_num + 1}: longer than {_LONGEST_LINE:,} characters")
            if reader.line_num >= _MOST_LINES:
                raise ValueError(f"more than {_MOST_LINES:,} lines")
            if reader.line_num - row_begins >= _MOST_LINES_OF_A_ROW:
                raise ValueError(f"line {row_begins + 1}: a row of more than {_MOST_LINES_OF_A_ROW} lines")
            yield line

    reader = csv.reader(lines())
    try:
        for row in reader:
            cells += len(row) if row_begins else 0  # those of the header are not counted
            if cells > MAX_CELLS:
                raise ValueError(f"line {reader.line_num}: more than {MAX_CELLS:,} values")
            row_begins = reader.line_num
            if any(map(str.strip, row)):
                yield reader.line_num, row
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from None


def _samples(rows: Iterator[Row]) -> tuple[Array, Array]:
    inputs, columns = _header(*next(rows, (1, [])))
    values = array("d")
    for count, (line, row) in enumerate(rows, 1):
        if count > MAX_SAMPLES:
            raise ValueError(f"line {line}: more than {MAX_SAMPLES:,} samples")
        if len(row) != len(columns):
            raise ValueError(f"line {line}: found {len(row)} values; allowed: {len(columns)}, as in the header")
        values.extend(_numbers(row, columns, line))
    if not values:
        raise ValueError("line 1: there are no samples below the header")
    table = np.frombuffer(values).reshape(-1, len(columns))
    return table[:, :inputs], table[:, inputs:]


def _numbers(row: list[str], columns: list[str], line: int) -> list[float]:
    """The numbers of a row; raises ValueError for a cell that is none."""
    try:
        numbers = list(map(float, row))
    except ValueError:
        numbers = []
    if not math.isfinite(sum(numbers, 0.0 if numbers else math.nan)) or "_" in "".join(row):
        return [_number(cell, column, line) for cell, column in zip(row, columns, strict=True)]
    return numbers


def _header(line: int, row: list[str]) -> tuple[int, list[str]]:
    """How many columns are inputs, and the names of all columns."""
    columns = [cell.strip() for cell in row]
    inputs = sum(column.startswith("x") for column in columns)
    outputs = len(columns) - inputs
    wanted = chain((f"x{n}" for n in range(1, inputs + 1)), (f"y{n}" for n in range(1, outputs + 1)))
    if not (0 < inputs <= MAX_WIDTH and 0 < outputs <= MAX_WIDTH and columns == list(wanted)):
        raise ValueError(f"line {line}: found the header {quoted(','.join(columns))}; allowed: x1,x2,…,y1,…")
    return inputs, columns


def _number(cell: str, column: str, line: int) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if "_" in cell or not math.isfinite(number):  # Python's 1_000 is no number elsewhere
        raise ValueError(f"line {line}: found {quoted(cell)} for {column}; allowed: a finite number")
    return number
