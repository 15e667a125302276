"""The last run, saved as it goes on, to be offered at the next start if the program does not end by itself."""

from __future__ import annotations

import fcntl
import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import time_ns

from tui.archive.encode import freeze
from tui.archive.interrupted import SUFFIX, folder, lock_of, prune, remove
from tui.files.errors import SharingError
from tui.files.files import write
from tui.session.snapshot import SavedRun

ROOM = 2**20
"""How many bytes of each lane's checkpoints are kept: replay fills the gaps when somebody goes there."""


class Autosave:
    """Keeps one program's run on disk, written in a thread, since a disk may take its time.

    problem: why runs cannot be kept, or "".
    """

    def __init__(self) -> None:
        self.problem = ""
        self._path: Path | None = None
        self._lock: int | None = None
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._last: Future[None] | None = None
        self._newest: deque[bytes] = deque(maxlen=1)
        try:
            folder().mkdir(parents=True, exist_ok=True)
            prune()
            path = folder() / f"{os.getpid()}-{time_ns()}{SUFFIX}"
            self._lock = os.open(lock_of(path), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._path = path
        except OSError as error:
            self.problem = f"runs cannot be kept on the way: {error.strerror}"

    @property
    def busy(self) -> bool:
        """Whether the run handed over last is still being written."""
        return self._last is not None and not self._last.done()

    def save(self, run: SavedRun, instead_of: Path | None = None) -> None:
        """Put a run in place of the one saved before; of runs that wait for the disk only the newest is written.

        instead_of: another file of the run, which is removed once this one is written.
        """
        if self._path is not None and self._lock is not None:
            what = f"{run.scenario.title}, step {run.cursor.step:,}".encode()
            os.ftruncate(self._lock, os.pwrite(self._lock, what, 0))
            self._newest.append(freeze(run, ROOM))
            self._last = self._writer.submit(self._write, self._path, instead_of)

    def _write(self, path: Path, instead_of: Path | None) -> None:
        try:
            if self._newest:
                write(path, self._newest.popleft())
            if instead_of is not None:
                remove(instead_of)
        except SharingError as error:
            self.problem, self._path = str(error), None

    def done(self) -> None:
        """Forget the run: the program ends as its user wanted."""
        self._writer.shutdown(cancel_futures=True)
        if self._path is not None:
            remove(self._path)
        if self._lock is not None:
            os.close(self._lock)
            self._path = self._lock = None
