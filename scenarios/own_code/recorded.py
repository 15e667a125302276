"""Reads recorded loops: files of `recorder.py` and records of `gradstep run`, a few steps at a time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import numpy as np

from nncore.arrays import Array
from nncore.batches import Indices
from scenarios.errors import ScenarioError, quoted
from scenarios.export.provenance import KEYS
from scenarios.regular_file import open_regular

PART_BYTES = 2**18
"""About so much of an entry is read at once."""

MAX_BYTES = 2**27
"""What is read whole, and one step of an entry, take at most so many bytes."""

TEXTS = ("scenario", "steps", *KEYS)
"""What a record says of its run."""

_STEPS = re.compile(r"steps/(W|b|dW|db|A|Z|D)([1-9]\d{0,2})")
_NAMES = {"A": "a", "Z": "z", "D": "delta"}
_BROKEN = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, eq=False)
class RecordedStep:
    """One step: its batch's sample numbers if they are known, and arrays by name: a1, z1, loss, delta1, dW1, W1, …"""

    batch: Indices | None
    numbers: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Recording:
    """One recorded loop of a file. name: as it was given; lane: the prefix of its entries; count: steps.

    entries: shapes and types of what the file holds, without the prefix.
    """

    name: str
    path: Path
    lane: str
    entries: Mapping[str, tuple[tuple[int, ...], np.dtype[Any]]]

    def start(self) -> dict[str, Array]:
        """The starting values by their names, W1, b1, …"""
        return {name[6:]: self.whole(name) for name in self.entries if name.startswith("start/")}

    def whole(self, name: str) -> Array:
        """An entry read whole, as float64."""
        shape, dtype = self.entries[name]
        if int(np.prod(shape)) * dtype.itemsize > MAX_BYTES:
            raise self.error(name, f"of shape {shape} is larger than {MAX_BYTES >> 20} MiB")
        with self._opened(name) as stream:
            return self._read(stream, name, shape).astype(np.float64)

    @cached_property
    def depth(self) -> int:
        return max((int(name[7:]) for name in self.entries if re.fullmatch(r"start/W[1-9]\d{0,2}", name)), default=0)

    @cached_property
    def streams(self) -> dict[str, str]:
        """The entries with a row a step, by the names of the numbers."""
        found = {"loss": "batch_loss"} if "batch_loss" in self.entries else {}
        for name in self.entries:
            if match := _STEPS.fullmatch(name):
                found[_NAMES.get(match[1], match[1]) + match[2]] = name
        return found

    @cached_property
    def count(self) -> int:
        """How many steps there are; raises ScenarioError where entries do not agree."""
        names = [*self.streams.values(), *(["batches"] if "batches" in self.entries else [])]
        counts = {name: self.entries[name][0][0] if self.entries[name][0] else 0 for name in names}
        if not counts:
            raise self.error("", "holds no steps; allowed: steps/W1, steps/b1, …, batches, batch_loss")
        first = next(iter(counts))
        for name, count in counts.items():
            if count != counts[first]:
                raise self.error(name, f"found {count} steps, {first} has {counts[first]}")
        return counts[first]

    @cached_property
    def exact(self) -> float:
        """How finely numbers are kept: the spacing of floats of the coarsest entry, at 1."""
        kinds = [dtype for name, (_, dtype) in self.entries.items() if dtype.kind == "f" and name not in ("x", "y")]
        return max((float(np.finfo(dtype).eps) for dtype in kinds), default=0.0)

    def steps(self) -> Iterator[RecordedStep]:
        """The steps in order; rows that only fill up a shorter batch are left out."""
        streams = {name: self._rows(entry) for name, entry in self.streams.items()}
        batches = self._rows("batches") if "batches" in self.entries else None
        for _ in range(self.count):
            batch = None
            if batches is not None:
                row = next(batches)
                batch = row[row >= 0].astype(np.int32)
            numbers = {name: next(rows) for name, rows in streams.items()}
            yield RecordedStep(batch, {name: _filled(name, found, batch) for name, found in numbers.items()})

    def error(self, entry: str, message: str) -> ScenarioError:
        return ScenarioError(self.name, entry, message)

    def _rows(self, name: str) -> Iterator[Array]:
        """Each step's part of an entry."""
        for part in self.parts(name):
            yield from part

    def parts(self, name: str) -> Iterator[Array]:
        """An entry in parts of so many rows as are read at once, as float64 but for batches."""
        shape, dtype = self.entries[name]
        size = int(np.prod(shape[1:])) * dtype.itemsize
        if size > MAX_BYTES:
            raise self.error(name, f"a step of shape {shape[1:]} is larger than {MAX_BYTES >> 20} MiB")
        at_once = max(1, PART_BYTES // max(1, size))
        with self._opened(name) as stream:
            for first in range(0, shape[0] if shape else 0, at_once):
                part = self._read(stream, name, (min(at_once, shape[0] - first), *shape[1:]))
                yield part if name == "batches" else part.astype(np.float64)

    def _read(self, stream: IO[bytes], name: str, shape: tuple[int, ...]) -> np.ndarray:
        dtype = self.entries[name][1]
        size = int(np.prod(shape)) * dtype.itemsize
        try:
            content = stream.read(size)
        except _BROKEN as error:
            raise self.error(name, f"cannot be read: {error}") from None
        if len(content) < size:
            raise self.error(name, "ends too early")
        return np.frombuffer(content, dtype).reshape(shape)

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        """The content of an entry, after its header."""
        entry = f"{self.lane}/{name}.npy" if self.lane else f"{name}.npy"
        with open_regular(self.path) as file, zipfile.ZipFile(file) as archive, archive.open(entry) as stream:
            _header(stream)
            yield stream


def recordings(name: str) -> tuple[dict[str, Recording], dict[str, Any]]:
    """The recorded loops of an `.npz` file by their lanes, "" for one that has none, and texts that it holds.

    Raises ScenarioError with the file and the entry.
    """
    path = Path(name)
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            found = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            texts = {entry: _text(archive, info) for entry, info in found.items() if entry in TEXTS}
            shapes = {entry: _shape(archive, name, entry, info) for entry, info in found.items() if _is_ours(entry)}
    except ScenarioError:
        raise
    except OSError as error:
        raise ScenarioError(name, "", f"cannot read it: {error.strerror or error}") from None
    except _BROKEN:
        raise ScenarioError(
            name, "", "is no .npz file; allowed: one of a Recorder or of gradstep run --record"
        ) from None
    lanes: dict[str, dict[str, tuple[tuple[int, ...], np.dtype[Any]]]] = {}
    for entry, shape in shapes.items():
        lane, own = _split(entry)
        lanes.setdefault(lane, {})[own] = shape
    made = {
        lane: Recording(name, path, lane, entries)
        for lane, entries in lanes.items()
        if any(own.startswith("start/") for own in entries)
    }
    if not made:
        raise ScenarioError(name, "", "holds no starting values; allowed: start/W1, start/b1, …")
    return made, texts


_OURS = re.compile(
    r"(?:([A-Za-z_]\w*)/)?((?:start|steps|grad|final)/[A-Za-z_]\w*|batches|batch_loss|noise|[xy](?:_test)?)"
)


def _is_ours(entry: str) -> bool:
    return _OURS.fullmatch(entry) is not None


def _split(entry: str) -> tuple[str, str]:
    """The lane of an entry, "" without one, and its name."""
    match = _OURS.fullmatch(entry)
    assert match
    return match[1] or "", match[2]


def _text(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Any:
    with archive.open(info) as stream:
        content = stream.read(MAX_BYTES)
    text = np.load(io.BytesIO(content), allow_pickle=False).tolist()
    return text.decode() if isinstance(text, bytes) else text


def _shape(
    archive: zipfile.ZipFile, name: str, entry: str, info: zipfile.ZipInfo
) -> tuple[tuple[int, ...], np.dtype[Any]]:
    try:
        with archive.open(info) as stream:
            shape, fortran, dtype = _header(stream)
    except ValueError as error:
        raise ScenarioError(name, entry, f"is no array: {error}") from None
    of_numbers = entry.endswith("batches")
    if dtype.kind not in ("iu" if of_numbers else "iuf") or dtype.itemsize > 8:
        allowed = "integers" if of_numbers else "float64, float32, float16 or integers"
        raise ScenarioError(name, entry, f"found numbers of type {quoted(str(dtype))}; allowed: {allowed}")
    if fortran and len(shape) > 1:
        raise ScenarioError(name, entry, "its rows are not one after another; save numpy.ascontiguousarray of it")
    return shape, dtype


def _header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(stream)
    return np.lib.format.read_array_header_2_0(stream)


def _filled(name: str, array: Array, batch: Indices | None) -> Array:
    """A step's array without the rows, all NaN, that only fill up a shorter batch."""
    if name.startswith(("a", "z", "delta")) and array.ndim == 2:
        rows = len(batch) if batch is not None else len(array)
        if batch is None:
            while rows > 1 and np.isnan(array[rows - 1]).all():
                rows -= 1
        return array[:rows]
    return array
