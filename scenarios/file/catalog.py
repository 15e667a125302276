"""A course at a glance: what a list of its lessons shows, read without checking or drawing anything."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from scenarios.errors import ScenarioError
from scenarios.file.course_file import LIBRARY, read_course_file
from scenarios.file.document import read_toml
from scenarios.file.toml_reader import MAX_TEXT
from scenarios.regular_file import read_regular

_STAGE = re.compile(r"^\[\[guide\]\]", re.MULTILINE)
_QUIZ = re.compile(r"^\[\[quiz\]\]", re.MULTILINE)
_TOLD = ("title", "say", "otherwise", "ask", "hint")
"""The keys of a stage whose texts can be searched: no replies."""


class _Head(msgspec.Struct):
    title: str = ""
    question: str = ""
    text: str = ""


@dataclass(frozen=True)
class Lesson:
    """A scenario of a course. name: what it is called, and in the library opened and remembered by.

    file: what it is opened by, elsewhere its path. stages, quiz: how many stages its guide has, and questions its
    quiz.
    """

    name: str
    file: str
    chapter: str
    title: str
    question: str
    text: str
    stages: int
    quiz: int


@dataclass(frozen=True)
class Course:
    """folder: where it lies, None for the library's. chapters: titles and texts, whose lessons name them."""

    title: str
    folder: Path | None
    chapters: tuple[tuple[str, str], ...]
    lessons: tuple[Lesson, ...]

    def of(self, chapter: str) -> Iterator[Lesson]:
        """The lessons of a chapter."""
        return (lesson for lesson in self.lessons if lesson.chapter == chapter)


def library_course() -> Course:
    """The course that gradstep brings along."""
    return read_course(LIBRARY)


def read_course(folder: Path) -> Course:
    """The course in a folder; raises ScenarioError for what is wrong with its `course.toml`.

    A scenario that cannot be read is listed by its name: what is wrong with it is told when it is opened.
    """
    course = read_course_file(folder)
    lessons = [_lesson(file, chapter.title, folder) for chapter in course.chapters for file in chapter.files]
    chapters = tuple((chapter.title, chapter.text) for chapter in course.chapters)
    return Course(course.title, None if folder == LIBRARY else folder, chapters, tuple(lessons))


def _lesson(file: Path, chapter: str, folder: Path) -> Lesson:
    text = _text(file)
    head = _head(text, file)
    name = file.relative_to(folder).with_suffix("").as_posix()
    return Lesson(
        name=name,
        file=name if folder == LIBRARY else str(file),
        chapter=chapter,
        title=" ".join(head.title.split()) or name,
        question=" ".join(head.question.split()),
        text=head.text.strip(),
        stages=len(_STAGE.findall(text)),
        quiz=len(_QUIZ.findall(text)),
    )


def _text(file: Path) -> str:
    """A file's text; "" for one that is too long to be looked through at every start."""
    try:
        return read_regular(file, MAX_TEXT).decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return ""


def _head(text: str, file: Path) -> _Head:
    """What stands above the first table, which is most of the work of reading a file saved."""
    try:
        return msgspec.convert(tomllib.loads(text.partition("\n[")[0]), _Head)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return _whole_head(text, file)


def _whole_head(text: str, file: Path) -> _Head:
    """The same of a file in whose text a line begins like a table; nothing of one that is wrong."""
    try:
        return msgspec.convert(read_toml(text.encode(), str(file)), _Head)
    except (ScenarioError, msgspec.ValidationError):
        return _Head()


def told_by_guide(lesson: Lesson) -> str:
    """What the stages of a lesson's guide say and ask, to be searched."""
    if not lesson.stages:
        return ""
    file = LIBRARY / f"{lesson.file}.toml" if lesson.file == lesson.name else Path(lesson.file)
    try:
        stages = read_toml(_text(file).encode(), lesson.file).get("guide", [])
    except ScenarioError:
        return ""
    return "\n".join(_texts(stages))


def _texts(stages: Any) -> Iterator[str]:
    for stage in stages if isinstance(stages, list) else ():
        if isinstance(stage, dict):
            yield from (str(stage[key]) for key in _TOLD if key in stage)
            yield from (str(choice["say"]) for choice in stage.get("choices", ()) if "say" in choice)
