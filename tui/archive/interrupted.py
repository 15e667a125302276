"""Runs of programs that did not end by themselves.

Each running program holds a lock beside its file; a file whose lock is free belongs to one that died.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path

if TYPE_CHECKING:
    from filelock import BaseFileLock

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
    from tui.archive.errors import SharingError
    from tui.archive.saved_run_file import told

    try:
        return told(path)[:120]
    except SharingError:
        return ""


def prune() -> None:
    """Remove all but the newest few runs of programs that died."""
    for path in _dead()[MOST_KEPT:]:
        remove(path)


def _dead() -> list[Path]:
    """The runs whose programs died, the newest first."""
    return [path for path in sorted(_runs(), key=written, reverse=True) if _is_free(path)]


def written(path: Path) -> float:
    """When a run was written, in seconds since 1970; 0 where that is not known."""
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _runs() -> list[Path]:
    with suppress(OSError):
        return [path for path in folder().glob(f"*{SUFFIX}") if path.is_file()]
    return []


def _is_free(path: Path) -> bool:
    from filelock import Timeout

    if not lock_of(path).exists():
        return True
    try:
        locked(path).release()
    except Timeout:
        return False
    except OSError:  # a lock that cannot be opened is held by nobody
        return True
    return True


def locked(path: Path) -> BaseFileLock:
    """The lock of a run, taken; raises Timeout where another program holds it, OSError where there can be none."""
    from filelock import FileLock

    lock = FileLock(lock_of(path), thread_local=False)
    lock.acquire(timeout=0)
    return lock


def unlock(path: Path, lock: BaseFileLock) -> None:
    """Remove a run and give up its lock; nothing of it is left, whether or not files in use can be removed."""
    remove(path)
    lock.release()
    remove(path)


def lock_of(path: Path) -> Path:
    """The file that is locked while its program runs."""
    return path.with_suffix(".lock")


def remove(path: Path) -> None:
    """Remove a run and its lock."""
    for one in (path, lock_of(path)):
        with suppress(OSError):
            one.unlink()
