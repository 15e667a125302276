"""The lessons of a course as rows of aligned columns, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from tui.app.progress import Progress, key_of
from tui.lesson.lesson_progress import score_of
from tui.render.cells import fit

if TYPE_CHECKING:
    from scenarios.file.catalog import Course, Lesson

DONE, OPEN = "●", "○"
GAP = "  "
LEAST_TITLE = 12
"""A title narrower than this is left out."""


@dataclass(frozen=True)
class Standing:
    """How far a learner is in a lesson. stages: done; of: how many there are. right: of the questions asked."""

    stages: int
    of: int
    right: str
    quiz: str
    minutes: str
    done: bool
    visited: bool


def standing(lesson: Lesson, progress: Progress) -> Standing:
    """What the columns tell of a lesson."""
    key = key_of(lesson.name, lesson.file)
    known = progress.of(key)
    questions = score_of(known.guide_marks) if known.guide_marks else progress.scores.get(key, (0, 0))
    of = lesson.stages or known.of
    return Standing(
        stages=min(known.stages, of),
        of=of,
        right=_score(questions),
        quiz=_score(score_of(known.quiz_marks)),
        minutes=str(ceil(known.seconds / 60)) if known.seconds else "",
        done=known.done,
        visited=key in progress.lessons or key in progress.results,
    )


def _score(score: tuple[int, int]) -> str:
    return f"{score[0]}/{score[1]}" if score[1] else ""


def suggested(course: Course, progress: Progress) -> tuple[Lesson, str] | None:
    """The lesson to go on with, in words: the one begun last, else the first not begun; None where all are done."""
    by_key = {key_of(lesson.name, lesson.file): lesson for lesson in course.lessons}
    for key in reversed(progress.lessons):
        if key in by_key:
            lesson, at = by_key[key], standing(by_key[key], progress)
            if at.of and not at.done:
                return lesson, f"go on: {lesson.name} · stage {min(at.stages + 1, at.of)} of {at.of}"
    fresh = [lesson for lesson in course.lessons if not standing(lesson, progress).visited]
    if not fresh:
        return None
    begun = len(fresh) < len(course.lessons)
    return fresh[0], f"{'next' if begun else 'start here'}: {fresh[0].name} · {fresh[0].title}"


@dataclass(frozen=True)
class _Column:
    """A column: its heading, what it tells, its style; right: whether it is aligned there."""

    heading: str
    tell: Callable[[Lesson, Standing], str]
    style: str = ""
    right: bool = False


_NAME = _Column("lesson", lambda lesson, _: lesson.name, "bold")
_TITLE = _Column("", lambda lesson, _: lesson.title, "$muted")
_FIGURES = (
    _Column("stages", lambda _, at: DONE * at.stages + OPEN * (at.of - at.stages), "$success"),
    _Column("right", lambda _, at: at.right, right=True),
    _Column("quiz", lambda _, at: at.quiz, right=True),
    _Column("min", lambda _, at: at.minutes, "$muted", right=True),
)
"""From the one that stays longest to those that give way first."""


class Rows:
    """Rows of so many cells: names whole, then titles as far as there is room, then figures, the last give way."""

    def __init__(self, lessons: Sequence[Lesson], progress: Progress, width: int) -> None:
        self._progress = progress
        at = {lesson.file: standing(lesson, progress) for lesson in lessons}
        self._columns: list[tuple[_Column, int]] = []
        left = width
        for column in (_NAME, *_FIGURES):
            told = [column.heading, *(column.tell(lesson, at[lesson.file]) for lesson in lessons)]
            room = max(map(cell_len, told))
            room_with_gap = room + len(GAP) * bool(self._columns)
            if self._columns and room_with_gap > left:
                break
            self._columns.append((column, room))
            left -= room_with_gap
        if left >= LEAST_TITLE + len(GAP):
            longest = max((cell_len(lesson.title) for lesson in lessons), default=0)
            self._columns.insert(1, (_TITLE, min(left - len(GAP), longest)))

    @property
    def width(self) -> int:
        """The cells of a row."""
        return sum(room for _, room in self._columns) + len(GAP) * (len(self._columns) - 1)

    @property
    def heading(self) -> str:
        """The line above the rows."""
        return GAP.join(_aligned(column.heading, room, column.right) for column, room in self._columns)

    def row(self, lesson: Lesson) -> Content:
        """A lesson's row."""
        at = standing(lesson, self._progress)
        cells = [
            (_aligned(column.tell(lesson, at), room, column.right), column.style) for column, room in self._columns
        ]
        return Content(GAP).join([Content.styled(text, style) for text, style in cells])


def _aligned(text: str, room: int, right: bool) -> str:
    return " " * (room - cell_len(text)) + text if right else fit(text, room)
