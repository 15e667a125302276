"""Opening a user's file without ever waiting: a named pipe or a device would hold up the whole program."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO

from scenarios.walls import refuse_outside

_SPECIAL = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def is_text(path: Path) -> bool:
    """Whether a path can stand in a file of text; on most systems a name may be any bytes."""
    try:
        os.fspath(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def open_regular(path: Path) -> BinaryIO:
    """A regular file, opened for reading.

    Raises OSError with the path as `filename` and, as `strerror`, what it is if no regular file, or why not.
    """
    if not is_text(path):
        raise OSError(errno.EINVAL, "its name is no text in UTF-8", str(path))
    refuse_outside(path, to_read=True)
    try:
        _refuse_special(path, os.stat(path))
        file = FileIO(path, opener=_without_waiting)
    except ValueError:
        raise OSError(errno.EINVAL, "not a path", str(path)) from None
    try:
        _refuse_special(path, os.fstat(file.fileno()))  # it may have been replaced in the meantime
    except OSError:
        file.close()
        raise
    return BufferedReader(file)


def read_regular(path: Path, limit: int | None = None) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; raises OSError, as `open_regular` does."""
    with open_regular(path) as file:
        content = file.read() if limit is None else file.read(limit + 1)
    if limit is not None and len(content) > limit:
        raise OSError(errno.EFBIG, f"larger than {_size(limit)}", str(path))
    return content


def _refuse_special(path: Path, status: os.stat_result) -> None:
    kind = stat.S_IFMT(status.st_mode)
    if kind == stat.S_IFDIR:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if kind in _SPECIAL:
        raise OSError(errno.EINVAL, f"it is {_SPECIAL.get(kind, 'special')}; allowed: a regular file", str(path))


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _size(count: int) -> str:
    return f"{count >> 20:,} MiB" if count >= 2**20 else f"{count:,} bytes"
