"""The last run, saved as it goes on, to be offered at the next start if the program does not end by itself."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from tui.sharing.errors import SharingError
from tui.sharing.files import write
from tui.sharing.freezing import freeze
from tui.sharing.interrupted import SUFFIX, folder, lock_of, remove
from tui.sharing.saved_run import SavedRun


class Autosave:
    """Keeps one program's run on disk; without a place to write to it keeps nothing, and says so once."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._lock: int | None = None
        self.problem = ""
        try:
            folder().mkdir(parents=True, exist_ok=True)
            path = folder() / f"{os.getpid()}{SUFFIX}"
            self._lock = os.open(lock_of(path), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._path = path
        except OSError as error:
            self.problem = f"runs cannot be saved on the way: {error.strerror}"

    def save(self, run: SavedRun) -> None:
        """Put a run in place of the one saved before."""
        if self._path is None:
            return
        try:
            write(self._path, freeze(run))
        except SharingError as error:
            self.problem, self._path = str(error), None

    def done(self) -> None:
        """Forget the run: the program ends as its user wanted."""
        if self._path is not None:
            remove(self._path)
        if self._lock is not None:
            os.close(self._lock)
            self._path = self._lock = None
