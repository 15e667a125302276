"""A CSV file as cells of text: its delimiter recognised, every row with the line that it begins on."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from itertools import chain, islice
from operator import methodcaller
from pathlib import Path
from typing import TextIO

from scenarios.errors import printable, quoted
from scenarios.file.schema import MAX_SAMPLES
from scenarios.regular_file import open_regular

MAX_CSV_BYTES = 512 * 2**20
_LONGEST_LINE = 2**20
_MOST_LINES = 2 * MAX_SAMPLES
_MOST_LINES_OF_A_ROW = 100
_LOOKED_AT = 20
"""Lines from which the delimiter is told."""
_CHUNK = 2**18
"""Characters that are read at once."""
_BLOCK = 2_000
"""Rows in a block, where cells are quoted."""

DELIMITERS = {"\t": "a tab", ";": "a semicolon", ",": "a comma", " ": "a blank"}
"""What may stand between columns; of those that part the first lines equally well, the first."""

_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)

Row = tuple[int, list[str]]


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows: the line that each begins on, and all their cells row by row."""

    lines: Sequence[int]
    cells: list[str]
    width: int

    def column(self, place: int) -> list[str]:
        return self.cells[place :: self.width]


@dataclass(frozen=True, eq=False)
class CsvText:
    """A file's delimiter, its header, and the rows below in blocks, as they are read. read: bytes so far, of size."""

    delimiter: str
    header: Row
    blocks: Iterator[Block]
    read: Callable[[], int]
    size: int


@contextmanager
def open_csv(path: Path, name: str) -> Iterator[CsvText]:
    """The rows of a file that are not blank, all as wide as the header.

    Raises ValueError, which begins with the name, for what is no text in columns; so are those raised inside.
    """
    try:
        size = path.stat().st_size
        if size > MAX_CSV_BYTES:
            raise ValueError(f"larger than {MAX_CSV_BYTES >> 20} MiB")
        with open_regular(path) as content:
            file = TextIOWrapper(content, encoding="utf-8-sig", newline="")
            skipped, delimiter = _dialect(file)
            lines = _Lines(file)
            header = next(_split(islice(lines, skipped, None), delimiter, skipped), (1, []))
            blocks = _blocks(file, delimiter, len(header[1]), lines.count)
            yield CsvText(delimiter, header, blocks, content.tell, size)
    except UnicodeDecodeError:
        raise ValueError(f"{quoted(name)}, {_odd_byte(path)}") from None
    except OSError as error:
        raise ValueError(f"cannot read {quoted(name)}: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"{quoted(name)}, {error}") from None


def plain(name: str) -> str:
    """A name as it can be shown: on one line, printable."""
    return printable(" ".join(name.split()))


class _Lines:
    """The next lines of a file, counted; raises ValueError for too many, and for one too long."""

    def __init__(self, file: TextIO, count: int = 0) -> None:
        self._file, self.count = file, count

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(_LONGEST_LINE):
            self.count += 1
            if len(line) == _LONGEST_LINE:
                raise ValueError(f"line {self.count}: longer than {_LONGEST_LINE:,} characters")
            if self.count > _MOST_LINES:
                raise ValueError(f"more than {_MOST_LINES:,} lines")
            yield line


def _dialect(file: TextIO) -> tuple[int, str]:
    """How many lines stand before the header, and the delimiter; the file is at its beginning again."""
    first = list(islice(_Lines(file), _LOOKED_AT))
    file.seek(0)
    named = _SEPARATOR.fullmatch(first[0]) if first else None
    if named is None:
        return 0, delimiter_of(first)
    if named[1] not in DELIMITERS:
        raise ValueError(f"line 1: found {quoted(named[1])} after sep=; allowed: {', '.join(DELIMITERS.values())}")
    return 1, named[1]


def delimiter_of(lines: Sequence[str]) -> str:
    """What stands between the columns: what parts most of the first rows into as many as the header, two or more."""
    found, most = ",", 0
    for delimiter in DELIMITERS:
        widths = []
        try:
            for _, row in _split(lines, delimiter, 0):
                widths.append(len(row))
        except ValueError:
            pass  # a cell that begins in these lines and ends below them
        alike = widths.count(widths[0]) if widths and widths[0] > 1 else 0
        if alike > most:
            found, most = delimiter, alike
    return found


def _blocks(file: TextIO, delimiter: str, width: int, line: int) -> Iterator[Block]:
    """The rows below so many lines: in large pieces, up to the first that has more in it than cells of one line."""
    while chunk := file.read(_CHUNK):
        chunk += "" if chunk.endswith("\n") else file.readline(_LONGEST_LINE)
        block = _plain(chunk, delimiter, width, line)
        if block is None:
            yield from _careful(
                chain(_Lines(StringIO(chunk, newline=""), line), _Lines(file, line + chunk.count("\n"))),
                delimiter,
                width,
                line,
            )
            return
        yield block
        line += len(block.lines)


def _plain(chunk: str, delimiter: str, width: int, line: int) -> Block | None:
    """Whole lines as a block; None if there are quotes, blank lines, other widths or too long lines among them."""
    text = chunk.replace("\r\n", "\n").removesuffix("\n")
    lines = text.split("\n")
    if (
        '"' in text
        or "\r" in text
        or (delimiter == " " and "  " in text)
        or max(map(len, lines)) >= _LONGEST_LINE
        or set(map(methodcaller("count", delimiter), lines)) != {width - 1}
        or not all(map(methodcaller("strip", f"{delimiter} \t"), lines))
    ):
        return None
    return Block(range(line + 1, line + len(lines) + 1), text.replace("\n", delimiter).split(delimiter), width)


def _careful(lines: Iterable[str], delimiter: str, width: int, before: int) -> Iterator[Block]:
    """Rows as the format has them, quotes and all, in blocks; raises ValueError at one of another width."""
    rows = _split(lines, delimiter, before)
    while some := list(islice(rows, _BLOCK)):
        for line, row in some:
            if len(row) != width:
                raise ValueError(f"line {line}: found {len(row)} values; allowed: {width}, as in the header")
        yield Block([line for line, _ in some], list(chain.from_iterable(row for _, row in some)), width)


def _split(lines: Iterable[str], delimiter: str, before: int) -> Iterator[Row]:
    """The rows that are not blank, each with the number of the line it begins on; so many lines were before."""
    begins = before
    blanks = re.compile(f'" +(?=[{delimiter}\\r\\n]|$)' if delimiter != " " else "$^")  # after a quoted cell

    def bounded() -> Iterator[str]:
        for line in lines:
            if before + reader.line_num - begins >= _MOST_LINES_OF_A_ROW:
                raise ValueError(f"line {begins + 1}: a row of more than {_MOST_LINES_OF_A_ROW} lines")
            yield blanks.sub('"', line) if '"' in line else line

    reader = csv.reader(bounded(), delimiter=delimiter, skipinitialspace=delimiter != " ", strict=True)
    try:
        for row in reader:
            cells = [cell for cell in row if cell] if delimiter == " " else row
            if any(map(str.strip, cells)):
                yield begins + 1, cells
            begins = before + reader.line_num
    except csv.Error as error:
        what = "a quotation mark is not closed" if "end of data" in str(error) else str(error)
        raise ValueError(f"line {begins + 1}: {what}") from None


def _odd_byte(path: Path) -> str:
    """Where a file is not UTF-8."""
    decoder, line = getincrementaldecoder("utf-8")(), 1
    with open_regular(path) as file:
        try:
            while chunk := file.read(2**20):
                if line == 1 and chunk.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
                    return "line 1: this is UTF-16; save it as CSV in UTF-8"
                line += decoder.decode(chunk).count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            byte = error.object[error.start]
            return f"line {line}: the byte 0x{byte:02x} is not UTF-8; save the file as CSV in UTF-8"
    return "it is not UTF-8; save it as CSV in UTF-8"
