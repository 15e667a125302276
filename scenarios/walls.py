"""The folder that files are read and written within, where this program works for others than who started it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

OWN = Path(__file__).parent
"""What gradstep brings along is read within any walls."""

_folder: list[Path] = []


def keep_within(folder: Path) -> None:
    """From now on refuse what lies outside a folder."""
    _folder[:] = [Path(os.path.realpath(folder))]


def is_within(path: Path, *, to_read: bool = False) -> bool:
    """Whether a path, with all its links followed, may be written to or read."""
    places = [*_folder, *([OWN] if to_read else [])]
    return not _folder or any(Path(os.path.realpath(path)).is_relative_to(place) for place in places)


def refuse_outside(path: Path, *, to_read: bool = False) -> None:
    """Raises OSError with the path as `filename` where it lies outside."""
    if not is_within(path, to_read=to_read):
        raise OSError(errno.EACCES, "it lies outside of the folder that is served", str(path))
