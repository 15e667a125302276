"""Files that a scenario names: they stand in its folder, or below; those that its user names stand anywhere."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

from scenarios.errors import quoted


def file_beside(folder: Path, name: str) -> Path:
    """The file of that relative name inside a folder; raises ValueError for any way out of it, and for no file."""
    pure = PurePosixPath(name), PureWindowsPath(name)
    if not name or any(path.anchor or ".." in path.parts for path in pure):
        raise ValueError(f'found {quoted(name)}; allowed: a path relative to this file, without ".."')
    try:
        path = (folder / name).resolve(strict=True)
        inside = path.is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError) as error:  # no such file, a circle of links, no file name
        raise ValueError(f"cannot read {quoted(name)}: {getattr(error, 'strerror', 'not a path')}") from None
    if not inside:
        raise ValueError(f"{quoted(name)} is a link out of the folder")
    if not path.is_file():
        raise ValueError(f"{quoted(name)} is not a file")
    return path


def users_file(folder: Path, name: str) -> Path:
    """The file of a name that the user gave: beside the scenario if it is there, else seen from where they are.

    Raises ValueError where there is no such file.
    """
    try:
        return file_beside(folder, name)
    except ValueError:
        path = Path(os.path.expanduser(name))
    try:
        path = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise ValueError(f"cannot read {quoted(name)}: {getattr(error, 'strerror', 'not a path')}") from None
    if not path.is_file():
        raise ValueError(f"{quoted(name)} is not a file")
    return path
