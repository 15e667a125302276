"""Saved runs as files."""

from __future__ import annotations

from pathlib import Path

from scenarios.regular_file import open_regular
from tui.archive.container import is_run
from tui.archive.decode import thaw
from tui.archive.encode import freeze
from tui.files.errors import ArchiveError, SharingError
from tui.files.files import write
from tui.session.snapshot import SavedRun

SUFFIX = ".gradstep"


def save_run(path: Path, run: SavedRun) -> None:
    """Write a run whole or not at all; raises SharingError where it cannot be written."""
    write(path, freeze(run))


def open_run(path: Path) -> SavedRun:
    """The run in a file; raises SharingError where there is none that can be opened here."""
    try:
        with open_regular(path) as file:
            content = file.read(64)
            content += file.read() if is_run(content) else b""
    except OSError as error:
        raise SharingError(f"cannot read {path}: {error.strerror}") from None
    try:
        return thaw(content)
    except ArchiveError as error:
        raise ArchiveError(f"{path}: {error}") from None
