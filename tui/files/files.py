"""Where exported files go: beside each other, whole or not at all, never over another file."""

from __future__ import annotations

import re
from pathlib import Path

from scenarios.atomic_write import whole_file
from tui.files.errors import SharingError

_UNWANTED = re.compile(r"[^\w.-]+")


def file_stem(scenario: str, step: int, *parts: str) -> str:
    """The name of an export without its suffix: `gradstep-disc-depth-deep-step128`."""
    return "-".join(_UNWANTED.sub("-", part).strip("-.") for part in ("gradstep", scenario, *parts, f"step{step}"))


def new_files(folder: Path, stem: str, *suffixes: str) -> tuple[Path, ...]:
    """A path for each suffix, alike but for it, that no file has yet: with -2, -3, … where some are taken."""
    number = 1
    while True:
        name = stem if number == 1 else f"{stem}-{number}"
        paths = tuple(folder / f"{name}{suffix}" for suffix in suffixes)
        if not any(path.exists() for path in paths):
            return paths
        number += 1


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; raises SharingError where that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise SharingError(f"cannot write {path}: {error.strerror}") from None
