"""What is typed into the picker, where it is a path."""

from __future__ import annotations

import os
from pathlib import Path

from scenarios.file.course_file import COURSE_FILE, is_course
from scenarios.walls import is_within


def nothing(text: str) -> str:
    """Why nothing is listed."""
    if is_folder(text):
        return "nothing in this folder can be opened"
    return "enter opens this file" if is_path(text) else "no scenario has these words"


def is_path(text: str) -> bool:
    """Whether a text is meant to be a path."""
    return "/" in text or text.strip().endswith((".toml", ".gradstep"))


def path_of(text: str) -> Path:
    """The path in a text; a home that is not there is taken as it is written."""
    return Path(os.path.expanduser(text.strip()))


def is_folder(text: str) -> bool:
    """Whether a text is the path of a folder."""
    return "/" in text and is_within(path_of(text)) and os.path.isdir(path_of(text))


def openable(folder: Path) -> list[tuple[str, str]]:
    """The course, scenarios and saved runs in a folder, each as (label, path); none where it cannot be read."""
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix in (".toml", ".gradstep"))
    except OSError:
        return []
    course = [("the course in this folder", str(folder))] if is_course(folder) else []
    return course + [(file.name, str(file)) for file in files if file.name != COURSE_FILE]
