"""Files written whole or not at all: into a temporary file beside the target, to disk, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write into that takes its name when the block ends well, and is gone when it does not.

    A regular file of that name is replaced. Raises OSError where no file can be written.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise OSError(0, "not a regular file", str(path))
    temporary = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
