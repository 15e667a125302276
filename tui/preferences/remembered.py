"""What was chosen in the app and is remembered from one start to the next."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import msgspec
from platformdirs import user_state_path

MOST_LESSONS = 200
"""Of how many lessons choices are remembered, those made last."""
PATIENCE = 1.0
"""Seconds for which another program that writes is waited for."""


@dataclass(frozen=True)
class Remembered:
    """guides, panes: by lesson; guide: for the lessons that have no choice of their own. "" where nothing was chosen.

    Names are those of the version that wrote the file: others than are known here are not followed.
    """

    theme: str = ""
    glyphs: str = ""
    guide: bool = True
    guides: Mapping[str, bool] = field(default_factory=dict)
    panes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def with_guide(self, lesson: str | None, on: bool) -> Remembered:
        """With the guide on or off in a lesson, or in all."""
        if lesson is None:
            return replace(self, guide=on, guides={})
        return replace(self, guides=_with(self.guides, lesson, on))

    def with_panes(self, lesson: str, panes: tuple[str, ...]) -> Remembered:
        """With the panes of a lesson; none forgets them."""
        return replace(self, panes=_with(self.panes, lesson, panes or None))


T = TypeVar("T")
Change = Callable[[Remembered], Remembered]


def _with(choices: Mapping[str, T], lesson: str, value: T | None) -> dict[str, T]:
    """The choices with another one, made last, or without it."""
    others = {key: other for key, other in choices.items() if key != lesson}
    kept = others if value is None else {**others, lesson: value}
    return dict(list(kept.items())[-MOST_LESSONS:])


def recall() -> tuple[Remembered, str]:
    """What was remembered, and "" or what is said of a damaged file, which is put aside and told of once."""
    file = _file()
    try:
        return msgspec.json.decode(file.read_bytes(), type=Remembered), ""
    except FileNotFoundError:
        return Remembered(), ""
    except OSError as error:
        return Remembered(), f"what you chose before cannot be read: {error.strerror}"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        with suppress(OSError):
            os.replace(file, file.with_suffix(".damaged"))
        return Remembered(), "what you chose before (theme, panes, guide) was damaged, and is not followed"


def remember(change: Change) -> str:
    """Change what is remembered, also where another program has just done so; why that cannot be, or ""."""
    from filelock import Timeout

    from scenarios.atomic_write import write

    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        with _alone():
            write(_file(), msgspec.json.encode(change(recall()[0])))
    except Timeout:
        return "what you chose cannot be remembered: another gradstep holds the file"
    except OSError as error:
        return f"what you chose cannot be remembered: {error.strerror}"
    return ""


@contextmanager
def _alone() -> Iterator[None]:
    """While no other program writes; on a disk that has no locks, at once. Raises Timeout."""
    from filelock import FileLock, Timeout

    lock = FileLock(_file().with_suffix(".lock"))
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        raise
    except (OSError, NotImplementedError):
        pass
    try:
        yield
    finally:
        lock.release()


def _file() -> Path:
    return user_state_path("gradstep") / "preferences.json"
