"""What the picker lists: what to do next, the lessons of a course or those that are searched, and files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import time

from textual.content import Content

from scenarios.file.catalog import Course, Lesson, told_by_guide
from tui.app.course_rows import Rows, suggested
from tui.app.progress import Progress, key_of
from tui.app.search import Searched, ranked
from tui.app.typed_path import is_folder, openable, path_of
from tui.archive.interrupted import described, interrupted, written
from tui.render.cells import fit

NEXT, INTERRUPTED, LIBRARY = "what to do next", "interrupted run", "gradstep's own course"
"""Choices that are no file: they have names that no file to open has."""


@dataclass(frozen=True)
class Group:
    """A heading, "" for none, what is said under it, and what may be chosen there, each as (label, name)."""

    title: str
    note: str
    choices: list[tuple[Content, str]]

    @property
    def heading(self) -> Content:
        """Title and note."""
        note = [Content.styled(self.note, "$muted")] if self.note else []
        return Content("\n").join([Content.styled(self.title, "bold $accent"), *note])


class Choices:
    """All that can be chosen of a course and beside it. interrupted: the run of a program that died, or None; it is
    only looked for where it `offers` one."""

    def __init__(self, course: Course, progress: Progress, offers: bool) -> None:
        self._course = course
        self._lessons = {lesson.file: lesson for lesson in course.lessons}
        self._next = suggested(course, progress)
        self.interrupted = interrupted() if offers else None
        self._interrupted = ""
        own = {key_of(lesson.name, lesson.file) for lesson in course.lessons}
        self._recent = [path for path in progress.recent if os.path.isfile(path) and path not in own]
        self._searched: list[Searched] = []

    def lesson(self, name: str | None) -> Lesson | None:
        """The lesson that a choice stands for."""
        return self._next[0] if name == NEXT and self._next else self._lessons.get(name or "")

    def groups(self, text: str, rows: Rows, room: int) -> Iterator[Group]:
        """What is listed where a text is typed, in rows so wide; other lines have so much room."""
        if not text:
            yield Group("", "", self._first_lines(room))
            for title, note in self._course.chapters:
                yield Group(title, note, [(rows.row(lesson), lesson.file) for lesson in self._course.of(title)])
        elif is_folder(text):
            yield Group(str(path_of(text)), "", [(Content(label), name) for label, name in openable(path_of(text))])
        else:
            yield Group("", "", [(rows.row(lesson), lesson.file) for lesson in self._found(text)])
        recent = [path for path in self._recent if text.lower() in path.lower()]
        yield Group("Recent files", "", [(Content(path), path) for path in recent])
        if not text and self._course.folder is not None:
            yield Group("gradstep", "", [(Content(LIBRARY), LIBRARY)])

    def _first_lines(self, room: int) -> list[tuple[Content, str]]:
        """What to do next, and a run that was interrupted."""
        lines = [(Content.styled(fit(self._next[1], room), "bold"), NEXT)] if self._next else []
        if self.interrupted is not None:
            lines.append((self._interrupted_line(self.interrupted, room), INTERRUPTED))
        return lines

    def _interrupted_line(self, path: Path, room: int) -> Content:
        what = self._interrupted or "a run that did not end by itself"
        return Content.styled(fit(f"interrupted {_ago(time() - written(path))}: {what}", room), "$muted")

    def look_into_interrupted(self, room: int) -> Content | None:
        """Read which lesson the interrupted run was on, for which NumPy is imported; the line that says it."""
        if self.interrupted is None:
            return None
        self._interrupted = described(self.interrupted)
        return self._interrupted_line(self.interrupted, room)

    def _found(self, text: str) -> list[Lesson]:
        """The lessons that have the words of a text, the best first."""
        lessons = self._course.lessons
        self._searched = self._searched or [
            Searched(one.name, one.title, one.question, one.chapter, f"{one.text}\n{told_by_guide(one)}")
            for one in lessons
        ]
        return [lessons[number] for number in ranked(self._searched, text)]


def _ago(seconds: float) -> str:
    """How long ago something was."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(seconds / length)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
