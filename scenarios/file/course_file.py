"""Reads `course.toml`: the chapters of a course, and the scenario files of each, in the order in which they are taught.

The library of gradstep is such a folder, too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from scenarios.errors import ScenarioError, quoted
from scenarios.file.beside import file_beside
from scenarios.file.document import Document, read_toml, refuse_impossible
from scenarios.regular_file import read_regular
from scenarios.walls import is_within

LIBRARY = Path(__file__).parents[1] / "library"
COURSE_FILE = "course.toml"
MAX_COURSE_BYTES = 2**20
MAX_CHAPTERS = 100
MAX_LESSONS = 200
"""Of a chapter."""


class ChapterTable(Struct, frozen=True, forbid_unknown_fields=True):
    """scenarios: paths below the folder of the course."""

    title: str
    scenarios: Annotated[list[str], Meta(min_length=1, max_length=MAX_LESSONS)]
    text: str = ""


class CourseTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written."""

    format: Literal[1]
    title: str
    chapters: Annotated[list[ChapterTable], Meta(min_length=1, max_length=MAX_CHAPTERS)]


@dataclass(frozen=True)
class Chapter:
    """files: those of its scenarios, as paths that begin with the course's folder."""

    title: str
    text: str
    files: tuple[Path, ...]


@dataclass(frozen=True)
class CourseFile:
    """A course as its file tells it."""

    title: str
    chapters: tuple[Chapter, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """All its scenarios in order."""
        return tuple(file for chapter in self.chapters for file in chapter.files)


def is_course(folder: Path) -> bool:
    """Whether a folder says that it is one."""
    file = folder / COURSE_FILE
    return is_within(file, to_read=True) and os.path.isfile(file)


def read_course_file(folder: Path) -> CourseFile:
    """The course in a folder; raises ScenarioError, also for files that are not there or named twice."""
    file = folder / COURSE_FILE
    if not is_course(folder):
        raise ScenarioError(str(folder), "", f"found a folder without {COURSE_FILE}; allowed: a file, or such a folder")
    try:
        content = read_regular(file, MAX_COURSE_BYTES)
    except OSError as error:
        raise ScenarioError(str(file), "", f"cannot read it: {error.strerror}") from None
    document = Document(str(file), folder, read_toml(content, str(file)))
    refuse_impossible(document)
    table = document.convert(document.table, CourseTable, ())
    seen: set[Path] = set()
    chapters = tuple(_chapter(document, index, chapter, seen) for index, chapter in enumerate(table.chapters))
    return CourseFile(" ".join(table.title.split()), chapters)


def _chapter(document: Document, index: int, table: ChapterTable, seen: set[Path]) -> Chapter:
    """A chapter, its files checked; `seen` are those of the chapters before, and gets its own."""
    for number, name in enumerate(table.scenarios):
        key = ("chapters", index, "scenarios", number)
        if not name.endswith(".toml") or Path(name).name == COURSE_FILE:
            raise document.error(key, f"found {quoted(name)}; allowed: a scenario file (.toml)")
        try:
            path = file_beside(document.folder, name)
        except ValueError as error:
            raise document.error(key, str(error)) from None
        if path in seen:
            raise document.error(key, f"found {quoted(name)} a second time; allowed: each scenario once")
        seen.add(path)
    files = tuple(document.folder / name for name in table.scenarios)
    return Chapter(" ".join(table.title.split()), table.text.strip(), files)
