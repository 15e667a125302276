"""The file of a sweep, `FILE.csv` with `FILE.csv.meta.json` beside it: written row by row, and gone on with.

A line holds the texts of a row's setting, its seed, a lane, and that lane's quantities at the end.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from scenarios.atomic_write import WriteError, atomic_write, new_file
from scenarios.errors import printable, quoted
from scenarios.export.provenance import meta_json, meta_path
from scenarios.quantities.definitions import Number, is_whole
from scenarios.regular_file import read_regular
from scenarios.runs.sweep import Row, Sweep

SHOWN = 200
"""How many characters of what differs are shown, at most."""


class OtherFileError(ValueError):
    """Why a file is not that of this sweep, on one line with its name."""


class SweepFile:
    """The rows of a sweep on disk. about: what the file is about, which is kept beside it."""

    def __init__(self, path: Path, sweep: Sweep, about: Mapping[str, Any]) -> None:
        self._path, self._sweep, self._about = path, sweep, about
        self._header = [*(one.key for one in sweep.varied), "seed", "lane", *sweep.columns]

    def begin(self, force: bool) -> dict[tuple[int, int], Row]:
        """Begin a file, or take up what a call like this left there, and return the rows that it has.

        Half a line at its end and lanes of rows that are not whole are dropped. `force` replaces what is there.
        Raises OtherFileError for a file of something else, WriteError.
        """
        meta = meta_path(self._path)
        if force or not os.path.lexists(self._path):
            if not force and os.path.lexists(meta):
                self._refuse_other(meta)
            with atomic_write(meta) as file:
                file.write(meta_json(self._about))
            with (atomic_write if force else new_file)(self._path) as file:
                file.write(_line(self._header))
            return {}
        self._refuse_other(meta)
        content = _read(self._path)
        rows = self._rows(content)
        if content != self._text(rows.values()):
            self._rewrite(rows.values())
        return rows

    def append(self, rows: Iterable[Row]) -> None:
        """Append rows; they are there then, whatever becomes of this process. Raises WriteError."""
        try:
            with self._path.open("ab") as file:
                file.write(b"".join(self._lines(rows)))
        except OSError as error:
            raise WriteError(error.errno, error.strerror, str(self._path)) from None

    def finish(self, rows: Mapping[tuple[int, int], Row]) -> None:
        """Put the rows of a whole sweep into its order: the file is the same, whoever did them when."""
        ordered = [rows[key] for key in self._sweep.keys]
        if list(rows) != self._sweep.keys:
            self._rewrite(ordered)

    def _rewrite(self, rows: Iterable[Row]) -> None:
        with atomic_write(self._path) as file:
            file.write(self._text(rows))

    def _text(self, rows: Iterable[Row]) -> bytes:
        return b"".join([_line(self._header), *self._lines(rows)])

    def _lines(self, rows: Iterable[Row]) -> Iterator[bytes]:
        for row in rows:
            texts = self._sweep.settings[row.setting].texts
            for lane, values in row.lanes.items():
                yield _line([*texts, row.seed, lane, *(values.get(name) for name in self._sweep.columns)])

    def _rows(self, content: bytes) -> dict[tuple[int, int], Row]:
        """The rows that are there with all of their lanes."""
        text = content[: content.rfind(b"\n") + 1].decode(errors="replace")
        lines = csv.reader(io.StringIO(text, newline=""))
        if next(lines, None) not in (None, self._header):
            raise self._other(f"{self._path}, line 1: its columns are other ones")
        places = {setting.texts: place for place, setting in enumerate(self._sweep.settings)}
        found: dict[tuple[int, int], dict[str, dict[str, Number]]] = {}
        for cells in lines:
            key, lane, values = self._row(cells, places, lines.line_num)
            if lane in found.setdefault(key, {}):
                raise self._other(f"{self._path}, line {lines.line_num}: the row is there twice")
            found[key][lane] = values
        return {
            (place, seed): Row(place, seed, lanes)
            for (place, seed), lanes in found.items()
            if list(lanes) == list(self._sweep.settings[place].quantities)
        }

    def _row(
        self, cells: Sequence[str], places: Mapping[tuple[str, ...], int], line: int
    ) -> tuple[tuple[int, int], str, dict[str, Number]]:
        count = len(self._sweep.varied)
        try:
            if len(cells) != len(self._header):
                raise ValueError
            place, seed, lane = places[tuple(cells[:count])], int(cells[count]), cells[count + 1]
            setting = self._sweep.settings[place]
            if not 0 <= seed - setting.scenario.seed < self._sweep.seeds:
                raise ValueError
            texts = dict(zip(self._sweep.columns, cells[count + 2 :], strict=True))
            values = {name: _number(name, texts[name]) for name in setting.quantities[lane]}
        except (ValueError, KeyError):
            raise self._other(f"{self._path}, line {line}: no row of this sweep: {_shown(cells)}") from None
        return (place, seed), lane, values

    def _refuse_other(self, meta: Path) -> None:
        """Raise OtherFileError unless what stands beside the file says that it is this sweep's."""
        if not os.path.lexists(meta):
            raise self._other(f"{self._path} exists already, without {meta.name}, which would tell what it is")
        try:
            found = json.loads(_read(meta))
        except (ValueError, RecursionError):
            raise self._other(f"{meta} is damaged") from None
        if not isinstance(found, dict):
            raise self._other(f"{meta} is damaged")
        for key, value in self._about.items():
            if found.get(key) != value:
                there, here = (_short(json.dumps(one, ensure_ascii=False)) for one in (found.get(key), value))
                raise self._other(f"{self._path} is of another call: {key} is {there} there, and {here} here")

    def _other(self, message: str) -> OtherFileError:
        return OtherFileError(f"{message}; it is overwritten with --force only")


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _read(path: Path) -> bytes:
    try:
        return read_regular(path)
    except OSError as error:
        raise OtherFileError(f"cannot read {path}: {error.strerror}") from None


def _line(cells: Sequence[Any]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue().encode()


def _number(name: str, cell: str) -> Number:
    if not cell:
        return None
    value = int(cell) if is_whole(name) else float(cell)
    if not isfinite(value):
        raise ValueError
    return value


def _shown(cells: Sequence[str]) -> str:
    return quoted(printable(",".join(cells)))
