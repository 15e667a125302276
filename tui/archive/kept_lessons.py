"""Lessons left before their guide and their quiz were at an end, so that a learner who comes back goes on there."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec
from platformdirs import user_state_path

from scenarios.atomic_write import write
from scenarios.export.self_contained import self_contained
from scenarios.scenario import Scenario
from tui.archive.errors import ArchiveError, SharingError
from tui.session.snapshot import SavedRun

ROOM = 2**20
"""How many bytes of each lane's checkpoints are kept."""
_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")


def keep_lesson(key: str, run: SavedRun) -> str:
    """Keep the run of a lesson that was left; why that cannot be, or ""."""
    from tui.archive.encode import encode_run

    try:
        _file(key).parent.mkdir(parents=True, exist_ok=True)
        write(_file(key), encode_run(run, ROOM))
    except (OSError, SharingError) as error:
        return f"the place in this lesson cannot be kept: {getattr(error, 'strerror', error)}"
    return ""


def forget_lesson(key: str) -> None:
    """The lesson begins anew the next time."""
    with suppress(OSError):
        _file(key).unlink()


def kept_lesson(key: str, scenario: Scenario, learner: str = "") -> SavedRun | None:
    """The run in which a lesson was left, None where there is none, or that of another learner.

    Raises SharingError for one that cannot be read, or whose scenario has changed since.
    """
    if not _file(key).is_file():
        return None
    from tui.archive.saved_run_file import open_run

    try:
        run = open_run(_file(key))
    except SharingError as error:
        raise ArchiveError(f"the place where you left this lesson cannot be read, it begins anew: {error}") from None
    if run.scenario.learner != scenario.learner or (learner and run.learner not in ("", learner)):
        return None
    if _tables(run.scenario) != _tables(scenario):
        raise ArchiveError("this lesson has changed since you left it, it begins anew")
    return run


def _tables(scenario: Scenario) -> bytes:
    return msgspec.json.encode(self_contained(scenario), order="deterministic")


def _file(key: str) -> Path:
    """Library lessons are kept by their names, others by a digest of their paths."""
    name = key if _NAME.fullmatch(key) else sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
    return user_state_path("gradstep") / "lessons" / f"{name}.gradstep"
