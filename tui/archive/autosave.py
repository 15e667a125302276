"""Writes the last run as it goes on, to be offered at the next start if the program does not end by itself."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

from scenarios.atomic_write import write
from tui.archive.encode import encode_run
from tui.archive.errors import SharingError
from tui.archive.interrupted import SUFFIX, folder, locked, prune, remove, unlock
from tui.session.snapshot import SavedRun

if TYPE_CHECKING:
    from filelock import BaseFileLock

ROOM = 2**20
"""How many bytes of each lane's checkpoints are kept: replay fills the gaps when somebody goes there."""


class Autosave:
    """Keeps one program's run on disk, written in a thread, since a disk may take its time.

    problem: why the run that was written last could not be kept, or "".
    """

    def __init__(self) -> None:
        self.problem = ""
        self._place: tuple[Path, BaseFileLock] | None = None
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._newest: deque[bytes] = deque(maxlen=1)
        self._instead_of: Path | None = None
        self._ended = False
        self._last = self._writer.submit(self._write)

    @property
    def busy(self) -> bool:
        """Whether the run handed over last is still being written."""
        return not self._last.done()

    def save(self, run: SavedRun, instead_of: Path | None = None) -> None:
        """Put a run in place of the one saved before; of runs that wait for the disk only the newest is written.

        instead_of: another file of the run, which is removed once this one is written.
        """
        if not self._ended:
            self._instead_of = instead_of or self._instead_of
            try:
                self._newest.append(encode_run(run, ROOM))
            except SharingError as error:
                self.problem = f"runs cannot be kept on the way: {error}"
                return
            self._last = self._writer.submit(self._write)

    def _write(self) -> None:
        """Find a place, if there is none yet, and write what waits to be."""
        try:
            self._place = self._place or _claimed()
            if self._newest:
                write(self._place[0], self._newest.popleft())
                self.problem = ""
                if self._instead_of is not None:
                    remove(self._instead_of)
                    self._instead_of = None
        except OSError as error:
            self.problem = f"runs cannot be kept on the way: {error.strerror}"

    def done(self) -> None:
        """Forget the run: the program ends as its user wanted."""
        self._ended = True
        self._writer.shutdown(cancel_futures=True)
        if self._place is not None:
            unlock(*self._place)


def _claimed() -> tuple[Path, BaseFileLock]:
    """A place for this program's run, with its lock; raises OSError where there is none."""
    folder().mkdir(parents=True, exist_ok=True)
    prune()
    path = folder() / f"{os.getpid()}-{time_ns()}{SUFFIX}"
    return path, locked(path)
