"""What stands in the columns of a CSV file, and which of them a scenario may take for inputs and outputs."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from scenarios.errors import nearest, quoted
from scenarios.file.csv_samples import Watch, distinct_names, number, numbers
from scenarios.file.csv_text import open_csv, plain
from scenarios.file.schema import MAX_SAMPLES

FEW = 10
"""So many whole numbers at most are taken for classes."""
SAMPLES_A_CLASS = 5
TESTED = 0.25
"""The share of the samples that is the test part."""
FEWEST_TO_TEST = 8
_KEPT = 1_000
"""Different cells of a column that are remembered."""

_MEANT = re.compile(
    r"\s*[€$£]?\s*[+-]?(?=[.,]?\d)(\d{1,3}([.,'’\s]\d{3})+|\d*)([.,]\d+)?(e[+-]?\d+)?\s*[€$£%]?\s*", re.IGNORECASE
)
"""What is meant as a number, also one that no decimal sign reads: 1.250,00 or 12 %."""


@dataclass
class ColumnSurvey:
    """A column: the first cell that is no number with either decimal sign, with its line; its different cells.

    place: in a row, from 1. wrong: how many cells are no number with either sign. meant: how many are meant as numbers.
    cells: None where there are very many.
    """

    name: str
    place: int
    odd: dict[str, tuple[int, str] | None] = field(default_factory=lambda: {".": None, ",": None})
    wrong: Counter[str] = field(default_factory=Counter)
    meant: int = 0
    cells: set[str] | None = field(default_factory=set)

    def take(self, lines: Sequence[int], cells: list[str]) -> None:
        """Look at some more of it."""
        wrong = [decimal for decimal in self.odd if numbers(cells, decimal) is None]
        counts = Counter(cells) if wrong else {}
        for decimal in wrong:
            if self.odd[decimal] is None:
                self.odd[decimal] = next(
                    (line, cell) for line, cell in zip(lines, cells, strict=True) if number(cell, decimal) is None
                )
            self.wrong[decimal] += sum(times for cell, times in counts.items() if number(cell, decimal) is None)
        few = len(wrong) < len(self.odd)
        self.meant += len(cells) if few else sum(times for cell, times in counts.items() if _MEANT.fullmatch(cell))
        if self.cells is not None:
            self.cells.update(cells)
            self.cells = self.cells if len(self.cells) <= _KEPT else None


@dataclass(frozen=True, eq=False)
class Survey:
    """A file by its name: its columns that have names, how many samples it has, the decimal sign of its numbers."""

    file: str
    columns: tuple[ColumnSurvey, ...]
    samples: int
    decimal: str

    def column(self, name: str) -> ColumnSurvey:
        """The column of a name; raises ValueError where there is none."""
        known = {column.name: column for column in self.columns}
        if plain(name) not in known:
            names = ", ".join(map(quoted, list(known)[:12]))
            raise ValueError(f"there is no column {quoted(name)}; allowed: {names}{nearest(name, known)}")
        return known[plain(name)]

    def is_numeric(self, column: ColumnSurvey) -> bool:
        """Whether all of a column are numbers; raises ValueError where only most of it are meant as such."""
        odd = column.odd[self.decimal]
        if odd is None or 2 * column.meant <= self.samples:
            return odd is None
        line, cell = odd
        found = quoted(cell) if cell.strip() else "nothing"
        at = f"{quoted(self.file)}, line {line}, column {column.place} ({column.name})"
        allowed = f"a number with a decimal {'comma' if self.decimal == ',' else 'point'}, nothing between thousands"
        todo = "correct it in the file, or name inputs and outputs without this column of numbers"
        raise ValueError(f"{at}: found {found}; allowed: {allowed}; {todo}")


@dataclass(frozen=True, eq=False)
class Proposal:
    """What a scenario may take from a file. classes: labels for `classes`, where the numbers have to be told.

    labels: how many different ones the output has, 0 where it is measured; in_words, binary: whether they are words,
    or 0 and 1. left_out: the columns that are no inputs, with the line and the cell that is no number.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    decimal: str
    classes: tuple[str, ...]
    labels: int
    in_words: bool
    binary: bool
    loss: str
    samples: int
    left_out: tuple[tuple[str, int, str], ...]

    @property
    def test_fraction(self) -> float:
        return TESTED if self.samples >= FEWEST_TO_TEST else 0.0

    @property
    def trained(self) -> int:
        """How many samples are left to train on."""
        return self.samples - round(self.samples * self.test_fraction)

    @property
    def scales_outputs(self) -> bool:
        """Whether the outputs are measured, so that they may be in any unit."""
        return not (self.labels or self.binary)

    def table(self, csv: str) -> dict[str, Any]:
        """The keys of `[data]`."""
        table: dict[str, Any] = {"csv": csv, "inputs": list(self.inputs), "outputs": list(self.outputs)}
        if self.decimal == ",":
            table["decimal"] = ","
        if self.classes:
            table["classes"] = list(self.classes)
        if self.binary:
            table["labels"] = [0, 1]
        table["standardize"] = "all" if self.scales_outputs else True
        if self.test_fraction:
            table["test_fraction"] = self.test_fraction
        return table


def survey(path: Path, name: str, watch: Watch | None = None) -> Survey:
    """Look at all of a file, which errors call by its name; raises ValueError as `open_csv` does."""
    with open_csv(path, name) as text:
        heads = enumerate(distinct_names(text.header))
        columns = {place: ColumnSurvey(head, place + 1) for place, head in heads if head}
        samples = 0
        for block in text.blocks:
            samples += len(block.lines)
            if samples > MAX_SAMPLES:
                raise ValueError(f"more than {MAX_SAMPLES:,} samples")
            for place, column in columns.items():
                column.take(block.lines, block.column(place))
            if watch is not None:
                watch(text.read(), text.size)
        if not samples:
            raise ValueError(f"line {text.header[0]}: there are no samples below the header")
        found = tuple(columns.values())
        commas, points = (sum(column.wrong[sign] for column in found) for sign in (",", "."))
        return Survey(name, found, samples, "," if text.delimiter != "," and commas < points else ".")


_KNOWN: dict[tuple[Path, str, int, int, int], Survey] = {}
"""The file looked at last."""


def surveyed(path: Path, name: str, watch: Watch | None = None) -> Survey:
    """`survey`, kept as long as the file stays as it is: a form asks for it at each key."""
    status = path.stat()
    key = (path, name, status.st_size, status.st_mtime_ns, status.st_ino)
    if key not in _KNOWN:
        found = survey(path, name, watch)
        _KNOWN.clear()
        _KNOWN[key] = found
    return _KNOWN[key]


def column_names(text: str) -> list[str]:
    """Names with commas between; one that has a comma in it stands in quotation marks. Raises ValueError."""
    try:
        return [name for name in next(csv.reader([text], skipinitialspace=True, strict=True), []) if name.strip()]
    except csv.Error:
        raise ValueError(f"found {quoted(text)}; allowed: names with commas between") from None


def comma_separated(names: Sequence[str]) -> str:
    """Names as `column_names` reads them."""
    line = StringIO()
    csv.writer(line, lineterminator="").writerow(names)
    return line.getvalue()


def propose(found: Survey, inputs: Sequence[str] = (), outputs: Sequence[str] = (), loss: str = "") -> Proposal:
    """What a scenario may take from a file, as far as it is not said; raises ValueError where nothing fits.

    Outputs are the last column, inputs all others of numbers. The loss follows from the outputs.
    """
    chosen = [found.column(name) for name in outputs] or list(found.columns[-1:])
    if not chosen:
        raise ValueError("no column has a name")
    others = [column for column in found.columns if column not in chosen]
    given = [found.column(name) for name in inputs]
    numeric = [column for column in given or others if found.is_numeric(column)]
    taken = given or numeric
    if not taken:
        named = f"inputs beside {', '.join(quoted(column.name) for column in chosen)}"
        raise ValueError(f"there is no column of numbers for the {named}; inputs are numbers")
    in_words = len(chosen) == 1 and not found.is_numeric(chosen[0])
    binary = not in_words and _is_binary(found, chosen)
    if in_words:
        classes: tuple[str, ...] = ()
        labels = len({plain(cell) for cell in chosen[0].cells or ()})
    else:
        values = _classes(found, chosen, loss)
        labels = len(values) or (2 if len(chosen) > 1 and binary else 0)
        classes = () if list(values.values()) == list(range(len(values))) else tuple(values)
    odd = [(column.name, column.odd[found.decimal]) for column in others if not given]
    return Proposal(
        inputs=tuple(column.name for column in taken),
        outputs=tuple(column.name for column in chosen),
        decimal=found.decimal,
        classes=classes,
        labels=labels,
        in_words=in_words,
        binary=binary,
        loss=loss or ("squared" if not labels else "logistic" if labels == 2 else "softmax_cross_entropy"),
        samples=found.samples,
        left_out=tuple((name, *cell) for name, cell in odd if cell is not None),
    )


def _is_binary(found: Survey, chosen: Sequence[ColumnSurvey]) -> bool:
    """Whether all that the outputs hold is 0 and 1."""
    cells = [cell for one in chosen for cell in one.cells or ("2",)]
    return {number(cell, found.decimal) for cell in cells} == {0.0, 1.0}


def _classes(found: Survey, chosen: Sequence[ColumnSurvey], loss: str) -> dict[str, float]:
    """The cells of an output of few whole numbers with their values, in their order; none where it is measured."""
    cells = chosen[0].cells
    if len(chosen) > 1 or cells is None or loss not in ("", "softmax_cross_entropy", "logistic"):
        return {}
    known = {cell.strip(): number(cell, found.decimal) for cell in cells}
    values = {cell: value for cell, value in known.items() if value is not None and value == int(value)}
    different = set(values.values())
    if not 2 <= len(different) == len(values) == len(known):
        return {}
    few = len(values) <= FEW and SAMPLES_A_CLASS * len(values) <= found.samples
    if not (few or loss or different == {0.0, 1.0}):
        return {}
    return dict(sorted(values.items(), key=lambda item: item[1]))
