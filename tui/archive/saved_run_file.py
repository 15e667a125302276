"""Saved runs as files."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from scenarios.atomic_write import write
from scenarios.regular_file import open_regular
from tui.archive.container import MOST_BYTES, Arrays, read, too_large
from tui.archive.decode import decoded
from tui.archive.encode import encode_run
from tui.archive.errors import ArchiveError, SharingError
from tui.session.actions import Turn
from tui.session.cursor import Cursor
from tui.session.snapshot import SavedRun

SUFFIX = ".gradstep"
TURNED = Turn.__struct_config__.tag


def save_run(path: Path, run: SavedRun) -> None:
    """Write a run whole or not at all; raises WriteError where that cannot be, SharingError where it is too large."""
    write(path, encode_run(run))


def open_run(path: Path) -> SavedRun:
    """The run in a file; raises SharingError where there is none that can be opened here."""
    try:
        return decoded(*_read(path))
    except ArchiveError as error:
        raise ArchiveError(f"{path}: {error}") from None


class _Named(msgspec.Struct):
    name: str


class _Done(msgspec.Struct):
    do: str = ""
    stage: int = 0


class _Told(msgspec.Struct):
    scenario: _Named
    cursor: Cursor
    journal: list[_Done] = []


def told(path: Path) -> str:
    """Which lesson the run in a file is on, at which step and page; raises SharingError where there is none."""
    try:
        found = msgspec.json.decode(_read(path)[0], type=_Told)
    except (msgspec.MsgspecError, ArchiveError) as error:
        raise ArchiveError(f"{path}: {error}") from None
    turned = [done.stage for done in found.journal if done.do == TURNED]
    page = f", page {turned[-1] + 1}" if turned else ""
    return f"{found.scenario.name}{page}, step {found.cursor.step:,}"


def _read(path: Path) -> tuple[bytes, Arrays]:
    """The header and the arrays of a file; raises SharingError, and ArchiveError for what is no saved run."""
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > MOST_BYTES:
                raise ArchiveError(too_large(size))
            return read(file)
    except OSError as error:
        raise SharingError(f"cannot read {path}: {error.strerror}") from None
