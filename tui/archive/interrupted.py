"""Runs of programs that did not end by themselves.

Each running program holds a lock beside its file; a file whose lock is free belongs to one that died.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from platformdirs import user_state_path

SUFFIX = ".gradstep"
MOST_KEPT = 3


def folder() -> Path:
    """Where runs are kept while they last."""
    return user_state_path("gradstep") / "running"


def interrupted() -> Path | None:
    """The newest run of a program that died, or None."""
    return next(iter(_dead()), None)


def described(path: Path) -> str:
    """Which lesson an interrupted run was on, and at which step."""
    with suppress(OSError, UnicodeDecodeError):
        return lock_of(path).read_text(encoding="utf-8")[:120]
    return ""


def prune() -> None:
    """Remove all but the newest few runs of programs that died."""
    for path in _dead()[MOST_KEPT:]:
        remove(path)


def _dead() -> list[Path]:
    """The runs whose programs died, the newest first."""
    return [path for path in sorted(_runs(), key=_written, reverse=True) if _is_free(path)]


def _written(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _runs() -> list[Path]:
    with suppress(OSError):
        return [path for path in folder().glob(f"*{SUFFIX}") if path.is_file()]
    return []


def _is_free(path: Path) -> bool:
    with _opened(lock_of(path)) as lock:
        if lock is None:
            return True
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def _opened(path: Path) -> Iterator[int | None]:
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    try:
        yield file
    finally:
        os.close(file)


def lock_of(path: Path) -> Path:
    """The file that is locked while its program runs."""
    return path.with_suffix(".lock")


def remove(path: Path) -> None:
    """Remove a run and its lock."""
    for one in (path, lock_of(path)):
        with suppress(OSError):
            one.unlink()
