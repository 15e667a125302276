"""Starting values in an `.npz` file beside a scenario: arrays W1, b1, … as `numpy.savez` writes them, no pickles."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from math import prod
from pathlib import Path
from tokenize import TokenError

import numpy as np

from nncore.arrays import Array
from scenarios.errors import quoted
from scenarios.file.beside import file_beside
from scenarios.file.schema import MAX_PARAMETERS
from scenarios.regular_file import read_regular

MAX_NPZ_BYTES = 16 * MAX_PARAMETERS
"""Twice what the most parameters take: a file is read whole."""

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, TokenError)
_UNPACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_values(folder: Path, name: str) -> dict[str, Array]:
    """The arrays, by their names, in the file of that relative name inside a folder.

    Raises ValueError for any way out of the folder, and for what is not such a file.
    """
    path = file_beside(folder, name)
    try:
        content = read_regular(path, MAX_NPZ_BYTES)
    except OSError as error:
        raise ValueError(f"cannot read {quoted(name)}: {error.strerror}") from None
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return dict(_array(archive, info) for info in archive.infolist())
    except _BROKEN:
        raise ValueError(f"{quoted(name)} is no .npz file; allowed: one that numpy.savez wrote") from None
    except ValueError as error:
        raise ValueError(f"{quoted(name)}, {error}") from None


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[str, Array]:
    """An entry's name and its numbers; raises ValueError with the name."""
    name = info.filename.removesuffix(".npy")
    if info.compress_type not in _UNPACKED or info.file_size > MAX_NPZ_BYTES:
        raise ValueError(f"{quoted(name)}: packed in another way or larger than numpy.savez packs {MAX_PARAMETERS:,}")
    with archive.open(info) as packed:
        stream = BytesIO(packed.read(MAX_NPZ_BYTES))
    try:
        version = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, by_columns, dtype = header(stream)
    except ValueError:
        raise ValueError(f"{quoted(name)} is no array") from None
    if dtype.kind not in "fiu" or dtype.itemsize > 8:
        raise ValueError(f"{quoted(name)}: found numbers of type {quoted(str(dtype))}; allowed: float64")
    numbers = stream.read()
    if len(numbers) != prod(shape) * dtype.itemsize:
        raise ValueError(f"{quoted(name)} ends too early")
    array = np.frombuffer(numbers, dtype).reshape(shape, order="F" if by_columns else "C").astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{quoted(name)}: some are not finite; allowed: finite numbers")
    return name, array
