"""The outside of a saved run: a line that says what the file is, a hash, and arrays with a header.

The arrays are in the safetensors format, which holds no code; the header is one of them, as bytes. The hash
is over everything behind it, so that no damaged file is taken for a whole one.
"""

from __future__ import annotations

import re
from hashlib import sha256

import numpy as np

from tui.archive.errors import ArchiveError

FORMAT = 1

_HASH_BYTES = 32
_FIRST_LINE = re.compile(rb"gradstep run ([1-9]\d{0,5})\n")

Arrays = dict[str, np.ndarray]


def wrap(header: bytes, arrays: Arrays) -> bytes:
    """The bytes of a file with this header and these arrays."""
    from safetensors.numpy import save

    content = save({"header": np.frombuffer(header, dtype=np.uint8), **arrays})
    return b"gradstep run %d\n" % FORMAT + sha256(content).digest() + content


def is_run(beginning: bytes) -> bool:
    """Whether the first bytes of a file are those of a saved run."""
    return _FIRST_LINE.match(beginning) is not None


def unwrap(file: bytes) -> tuple[bytes, Arrays]:
    """The header and the arrays of a file; raises ArchiveError for any bytes that are none."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    line = _FIRST_LINE.match(file)
    if line is None:
        raise ArchiveError("not a saved run of gradstep")
    if int(line[1]) > FORMAT:
        raise ArchiveError(f"saved by a newer gradstep, in format {int(line[1])}; this one opens format {FORMAT}")
    start = line.end() + _HASH_BYTES
    content = file[start:]
    if sha256(content).digest() != file[line.end() : start]:
        raise ArchiveError("damaged or cut short")
    try:
        arrays = load(content)
    except (SafetensorError, KeyError):  # whole, but written by something else; KeyError: numbers of a type unknown
        raise ArchiveError("not a saved run of gradstep") from None
    if "header" not in arrays:
        raise ArchiveError("not a saved run of gradstep")
    return arrays.pop("header").tobytes(), arrays
