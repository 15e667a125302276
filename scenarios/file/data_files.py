"""Samples that are given: points in the scenario, or files beside it, with the names of their columns and classes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from msgspec import UNSET, UnsetType

from nncore.arrays import Array
from nncore.datasets import Names
from scenarios.data import Points
from scenarios.errors import quoted
from scenarios.file.beside import file_beside, users_file
from scenarios.file.csv_samples import Layout, Samples, Watch, read_samples
from scenarios.file.csv_text import plain
from scenarios.file.data_schema import CsvTable, PointsTable
from scenarios.file.document import Document
from scenarios.file.refusals import show
from scenarios.file.schema import MAX_WIDTH

_LARGE = 2**20
"""Bytes from which on a file is read once, as long as it stays as it is."""


def layout_of(document: Document, table: PointsTable | CsvTable) -> Layout:
    """What the keys say of the columns of a file; raises ScenarioError where they contradict each other."""
    inputs, outputs, classes = _names(table.inputs), _names(table.outputs), _names(table.classes)
    if isinstance(table, CsvTable) and bool(inputs) != bool(outputs):
        given, missing = ("inputs", "outputs") if inputs else ("outputs", "inputs")
        raise document.error(("data", given), f"found without {missing}; allowed: both, or a header x1,x2,…,y1,…")
    for key, names in (("outputs", (*inputs, *outputs)), ("classes", classes)):
        twice = [name for place, name in enumerate(names) if name in names[:place]]
        if twice:
            raise document.error(("data", key), f"found {quoted(twice[0])} twice; allowed: different names")
    if classes and len(outputs) > 1:
        raise document.error(("data", "classes"), f"found beside {len(outputs)} outputs; allowed: beside one")
    return Layout(inputs, outputs, table.decimal if isinstance(table, CsvTable) else ".", classes)


def _names(value: Sequence[str] | int | UnsetType) -> tuple[str, ...]:
    return () if isinstance(value, int | UnsetType) else tuple(map(plain, value))


def points_in(document: Document, table: PointsTable) -> Samples:
    """Points written in the scenario, with the names given there; raises ScenarioError."""
    layout = layout_of(document, table)
    outputs = table.outputs if isinstance(table.outputs, int) else len(table.outputs)
    x, y = read_points(document, table.points, outputs, "points")
    if layout.inputs and len(layout.inputs) != x.shape[1]:
        message = f"found {len(layout.inputs)} names; allowed: {x.shape[1]}, one for each input of a point"
        raise document.error(("data", "inputs"), message)
    if layout.classes:
        allowed = range(len(layout.classes)) if table.labels is UNSET else table.labels
        if y.shape[1] != 1 or (table.labels is not UNSET and len(layout.classes) != 2) or not np.isin(y, allowed).all():
            message = f"found {len(layout.classes)}; allowed: a name for each of the class numbers 0, 1, … that are y"
            raise document.error(("data", "classes"), message)
    return Samples(x, y, Names(layout.inputs, layout.outputs, layout.classes))


def read_points(document: Document, rows: list[list[float]], outputs: int, key: str) -> Points:
    """Points whose last numbers are y."""
    width = len(rows[0])
    if not outputs < width <= MAX_WIDTH:
        message = f"found {show(rows[0])}; allowed: more than outputs = {outputs}, at most {MAX_WIDTH:,}"
        raise document.error(("data", key, 0), message)
    for row, point in enumerate(rows):
        if len(point) != width:
            message = f"found {show(point)}; allowed: an array of {width}, as the first point"
            raise document.error(("data", key, row), message)
    values = np.array(rows)
    return values[:, :-outputs], values[:, -outputs:]


def samples_in(document: Document, name: str, key: str, layout: Layout) -> Samples:
    """The samples of a file that a key names; raises ScenarioError.

    It stands in the scenario's folder or below, or where the user said beside the scenario.
    """
    try:
        path = (users_file if name in document.own else file_beside)(document.folder, name)
        status = path.stat()
        if status.st_size < _LARGE:
            return read_samples(path, name, layout, document.watch)
        unchanged = (status.st_size, status.st_mtime_ns, status.st_ino)
        return _read_once(path, unchanged, _Reading(name, layout, document.watch))
    except OSError as error:
        message = f"cannot read {quoted(name)}: {error.strerror}"
        raise document.error(("data", key), message) from None
    except ValueError as error:
        raise document.error(("data", key), str(error)) from None


class _Reading:
    """How a file is read; equal to another if the same comes of it, whoever watches."""

    def __init__(self, name: str, layout: Layout, watch: Watch | None) -> None:
        self.name, self.layout, self.watch = name, layout, watch

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reading) and (self.name, self.layout) == (other.name, other.layout)

    def __hash__(self) -> int:
        return hash((self.name, self.layout))


@lru_cache(maxsize=2)
def _read_once(path: Path, unchanged: tuple[int, ...], how: _Reading) -> Samples:
    """The samples of a large file: a scenario is made anew for each question of a quiz, and at each key in a form."""
    samples = read_samples(path, how.name, how.layout, how.watch)
    for part in (samples.x, samples.y):
        part.flags.writeable = False
    return samples


def relabelled(y: Array, labels: tuple[float, float] | None) -> Array:
    """The two labels in place of the class numbers 0 and 1."""
    return y if labels is None or y.max(initial=0.0) > 1.0 else np.where(y == 1.0, labels[1], labels[0])
