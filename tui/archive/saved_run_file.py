"""Saved runs as files."""

from __future__ import annotations

from pathlib import Path

import msgspec

from scenarios.atomic_write import write
from scenarios.regular_file import open_regular
from tui.archive.container import is_run, unwrap
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run
from tui.archive.errors import ArchiveError, SharingError
from tui.session.cursor import Cursor
from tui.session.snapshot import SavedRun

SUFFIX = ".gradstep"


def save_run(path: Path, run: SavedRun) -> None:
    """Write a run whole or not at all; raises WriteError where it cannot be written."""
    write(path, encode_run(run))


def open_run(path: Path) -> SavedRun:
    """The run in a file; raises SharingError where there is none that can be opened here."""
    content = _content(path)
    try:
        return decode_run(content)
    except ArchiveError as error:
        raise ArchiveError(f"{path}: {error}") from None


class _Named(msgspec.Struct):
    name: str


class _Told(msgspec.Struct):
    scenario: _Named
    cursor: Cursor


def told(path: Path) -> str:
    """Which lesson the run in a file is on, and at which step; raises SharingError where there is none."""
    try:
        found = msgspec.json.decode(unwrap(_content(path))[0], type=_Told)
    except msgspec.MsgspecError as error:
        raise ArchiveError(f"{path}: {error}") from None
    return f"{found.scenario.name}, step {found.cursor.step:,}"


def _content(path: Path) -> bytes:
    """The bytes of a saved run, and of any other file the first few."""
    try:
        with open_regular(path) as file:
            content = file.read(64)
            return content + file.read() if is_run(content) else content
    except OSError as error:
        raise SharingError(f"cannot read {path}: {error.strerror}") from None
