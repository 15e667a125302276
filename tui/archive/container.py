"""The outside of a saved run: a line that says what the file is, a hash, and arrays with a header.

The arrays are in the safetensors format, which holds no code; the header is one of them, as bytes. The hash
is over everything behind it, so that no damaged file is taken for a whole one.
"""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

import numpy as np

from tui.archive.errors import ArchiveError

FORMAT = 1

MOST_BYTES = 192 * 2**20
"""How large a file may be: four lanes of a million parameters, a million samples. Reading takes twice as much."""

_HASH_BYTES = 32
_FIRST_LINE = re.compile(rb"gradstep run ([1-9]\d{0,5})\n")

Arrays = dict[str, np.ndarray]


def too_large(size: int) -> str:
    """Why a file of so many bytes is refused."""
    return f"found {-(-size // 2**20):,} MiB; allowed: a saved run of at most {MOST_BYTES >> 20} MiB"


def wrap(header: bytes, arrays: Arrays) -> bytes:
    """The bytes of a file with this header and these arrays."""
    from safetensors.numpy import save

    content = save({"header": np.frombuffer(header, dtype=np.uint8), **arrays})
    return b"gradstep run %d\n" % FORMAT + sha256(content).digest() + content


def is_run(beginning: bytes) -> bool:
    """Whether the first bytes of a file are those of a saved run."""
    return _FIRST_LINE.match(beginning) is not None


def unwrap(file: bytes) -> tuple[bytes, Arrays]:
    """The header and the arrays in the bytes of a file; raises ArchiveError for any that are none."""
    return read(BytesIO(file))


def read(file: BinaryIO) -> tuple[bytes, Arrays]:
    """The header and the arrays of an open file; raises ArchiveError for any other."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    line = _FIRST_LINE.match(file.readline(64))
    if line is None:
        raise ArchiveError("not a saved run of gradstep")
    if int(line[1]) > FORMAT:
        raise ArchiveError(f"saved by a newer gradstep, in format {int(line[1])}; this one opens format {FORMAT}")
    digest, content = file.read(_HASH_BYTES), file.read()
    if sha256(content).digest() != digest:
        raise ArchiveError("damaged or cut short")
    try:
        arrays = load(content)
    except (SafetensorError, KeyError):  # whole, but written by something else; KeyError: numbers of a type unknown
        raise ArchiveError("not a saved run of gradstep") from None
    if "header" not in arrays:
        raise ArchiveError("not a saved run of gradstep")
    return arrays.pop("header").tobytes(), arrays
