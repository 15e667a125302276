"""What is remembered from one start to the next: files opened last, and how far each lesson got."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from platformdirs import user_state_path

from scenarios.atomic_write import atomic_write
from scenarios.regular_file import is_text
from tui.lesson.lesson_progress import LessonProgress, Score

if TYPE_CHECKING:
    from tui.archive.seen_runs import SeenRuns

MOST_RECENT = 8


@dataclass
class Progress:
    """recent: paths, the newest first. By lesson, results: its last losses in words; scores: of its predictions;
    lessons: how far its guide got, those left last at the end.
    """

    recent: list[str] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)
    lessons: dict[str, LessonProgress] = field(default_factory=dict)

    def opened(self, path: str) -> str:
        """A file was opened by its path; why that cannot be written down, or ""."""
        full = str(Path(path).absolute())
        if not is_text(Path(full)):
            return ""
        self.recent = [full, *(other for other in self.recent if other != full)][:MOST_RECENT]
        return self.save()

    def left(self, lesson: str, result: str, score: Score, visit: LessonProgress) -> str:
        """A lesson was left at some result, "" for none; why that cannot be written down, or ""."""
        if result:
            self.results[lesson] = result
        if score[1]:
            self.scores[lesson] = score
        self.lessons[lesson] = self.lessons.pop(lesson, LessonProgress()).after(visit)
        return self.save()

    def of(self, lesson: str) -> LessonProgress:
        """How far a lesson got."""
        return self.lessons.get(lesson, LessonProgress())

    def save(self) -> str:
        """Write it; why that cannot be, or ""."""
        try:
            _file().parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(_file()) as file:
                file.write(msgspec.json.encode(self))
        except OSError as error:
            return f"what was opened cannot be remembered: {error.strerror}"
        return ""


def key_of(name: str, file: str) -> str:
    """What a lesson is remembered by: its name in the library, or the whole path of its file."""
    return name if file == name else str(Path(file).absolute())


def recall() -> Progress:
    """What was remembered; nothing where the file is missing or damaged."""
    try:
        found = msgspec.json.decode(_file().read_bytes(), type=Progress)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Progress()
    return replace(found, recent=found.recent[:MOST_RECENT])


def _file() -> Path:
    return user_state_path("gradstep") / "memory.json"


def remembered_runs(_: object) -> SeenRuns:
    """How far runs were looked at; loaded once a run is."""
    from tui.archive.seen_runs import SeenRuns

    return SeenRuns()
