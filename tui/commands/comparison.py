"""Where the numbers of a result differ from those of the run that makes it again."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import TextIOWrapper
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from scenarios.errors import ScenarioError, quoted
from scenarios.own_code.recorded import Recording
from scenarios.regular_file import open_regular
from tui.commands.results import Lanes

_LARGEST = float(np.finfo(np.float64).max)
_PARTS = ("x", "y", "start/", "batches", "noise", "batch_loss", "grad/", "final/")
"""The entries of a record in the order in which they are computed, by how they begin."""


@dataclass(frozen=True)
class Difference:
    """A number that differs. name: as deep.test_loss, or deep/batch_loss[17] in a record; step, seed: its row's.

    there, here: the number in the result and in the run, None for one that is no number, or not there at all.
    says: what is other than a number, if that is it.
    """

    name: str
    step: int | None = None
    seed: int | None = None
    there: float | None = None
    here: float | None = None
    says: str = ""

    @property
    def size(self) -> float | None:
        """How far the numbers are apart, relative to the larger; None where they are none."""
        if self.there is None or self.here is None:
            return None
        return abs(self.there - self.here) / max(abs(self.there), abs(self.here))


@dataclass
class Tally:
    """How many numbers were compared."""

    numbers: int = 0


def json_difference(there: Lanes, here: Lanes, seeds: range | None, tally: Tally) -> Difference | None:
    """The first quantity of a lane that differs; those of the run alone are not compared."""
    for lane, quantities in there.items():
        if lane not in here:
            return Difference(lane, says="the run has no such lane")
        for name, value in quantities.items():
            known = f"{lane}.{name}"
            if name not in here[lane]:
                return Difference(known, says="the run has no such quantity")
            pairs = _pairs(value, here[lane][name], seeds)
            if pairs is None:
                return Difference(known, says=f"there are not as many numbers as seeds, {len(seeds or ())}")
            for seed, one, other in pairs:
                tally.numbers += 1
                if one != other:
                    return _named(Difference(known, seed=seed), one, other)
    missing = [lane for lane in here if lane not in there]
    return Difference(missing[0], says="the file has no such lane") if missing else None


def _pairs(there: Any, here: Any, seeds: range | None) -> list[tuple[int | None, Any, Any]] | None:
    """The values to compare, with the seed each is of; None where they are not as many."""
    if not isinstance(here, list):
        return [(None, there, here)]
    if not isinstance(there, list) or len(there) != len(here):
        return None
    return list(zip(seeds or range(len(here)), there, here, strict=True))


def csv_difference(path: Path, made: BinaryIO, tally: Tally) -> Difference | None:
    """The first cell that differs, row by row; raises ScenarioError for what is no table of a run."""
    table = TextIOWrapper(made, "utf-8", newline="")
    try:
        with _rows(path) as there:
            return _rows_difference(there, csv.reader(table), tally)
    finally:
        table.detach()


def _rows_difference(there: Iterator[list[str]], here: Iterator[list[str]], tally: Tally) -> Difference | None:
    columns, own = next(there), next(here)
    if unknown := [name for name in columns if name not in own]:
        return Difference(unknown[0], says="the run has no such column")
    places = [own.index(name) for name in columns]
    keys = [number for number, name in enumerate(columns) if name in ("lane", "step", "seed")]
    for number, (row, made) in enumerate(zip_longest(there, here)):
        if row is None or made is None:
            return Difference("lane", says=f"the {'file' if row is None else 'run'} ends after {number:,} rows")
        found = _row_difference(columns, keys, row, [made[place] for place in places], tally)
        if found is not None:
            return found
    return None


def _row_difference(
    columns: list[str], keys: list[int], row: list[str], made: list[str], tally: Tally
) -> Difference | None:
    if len(row) != len(made) or any(row[key] != made[key] for key in keys):
        where = ", ".join(f"{columns[key]} {made[key]}" for key in keys)
        return Difference("lane", says=f"the row of {where} is another one")
    tally.numbers += len(row) - len(keys)
    if row == made:
        return None
    place = next(place for place, (one, other) in enumerate(zip(row, made, strict=True)) if one != other)
    at = {columns[key]: made[key] for key in keys}
    seed = int(at["seed"]) if "seed" in at else None
    found = Difference(f"{at['lane']}.{columns[place]}", int(at["step"]), seed)
    return _named(found, _number(row[place]), _number(made[place]))


def _number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


@contextmanager
def _rows(path: Path) -> Iterator[Iterator[list[str]]]:
    """The rows of a CSV file; raises ScenarioError where it cannot be read."""
    try:
        with open_regular(path) as file:
            yield csv.reader(TextIOWrapper(file, "utf-8", newline=""))
    except UnicodeDecodeError:
        raise ScenarioError(str(path), "", "not UTF-8 text") from None
    except csv.Error as error:
        raise ScenarioError(str(path), "", f"is no CSV: {error}") from None
    except OSError as error:
        raise ScenarioError(str(path), "", f"cannot read it: {error.strerror}") from None


def record_difference(there: Mapping[str, Recording], here: Mapping[str, Recording], tally: Tally) -> Difference | None:
    """The first array of a lane that differs, in the order in which they are computed."""
    for lane, recording in there.items():
        if lane not in here:
            return Difference(quoted(lane), says="the run has no such lane")
        entries = recording.entries.keys() | here[lane].entries.keys()
        for name in sorted(entries, key=_order):
            for one, which in ((recording, "file"), (here[lane], "run")):
                if name not in one.entries:
                    return Difference(f"{lane}/{name}", says=f"the {which} has no such entry")
            found = _array_difference(f"{lane}/{name}", name, recording, here[lane], tally)
            if found is not None:
                return found
    missing = [lane for lane in here if lane not in there]
    return Difference(missing[0], says="the file has no such lane") if missing else None


def _order(entry: str) -> tuple[int, str]:
    return next((number for number, part in enumerate(_PARTS) if entry.startswith(part)), len(_PARTS)), entry


def _array_difference(known: str, name: str, there: Recording, here: Recording, tally: Tally) -> Difference | None:
    shapes = there.entries[name][0], here.entries[name][0]
    if shapes[0] != shapes[1]:
        one, other = ("×".join(map(str, shape)) or "one number" for shape in shapes)
        return Difference(known, says=f"{one} there, {other} here")
    first = 0
    for mine, own in zip(there.parts(name), here.parts(name), strict=True):
        tally.numbers += mine.size
        wrong = np.argwhere((mine != own) & ~(np.isnan(mine) & np.isnan(own)))
        if len(wrong):
            place = tuple(wrong[0].tolist())
            index = ",".join(map(str, (first + place[0], *place[1:])))
            return _named(Difference(f"{known}[{index}]"), float(mine[place]), float(own[place]))
        first += len(mine)
    return None


def _named(found: Difference, there: Any, here: Any) -> Difference:
    """A difference with its numbers, or with what stands in their place."""
    if not (_is_number(there) and _is_number(here)):
        return replace(found, says=f"{_shown(there)} there, {_shown(here)} here")
    return replace(found, there=there, here=here)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) <= _LARGEST


def _shown(value: Any) -> str:
    """A value as it stands in a file, "none" where there is none."""
    return "none" if value in (None, "") else quoted(str(value))
