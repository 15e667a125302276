"""The rows of a course at any width, and what to do next."""

from pathlib import Path

import pytest
from rich.cells import cell_len

from scenarios.file.catalog import Course, Lesson, library_course
from tui.app.course_rows import Rows, standing, suggested
from tui.app.preview import about, minutes
from tui.app.progress import Progress
from tui.lesson.lesson_progress import LessonProgress


def lesson(name, stages=0, quiz=0, chapter="One"):
    return Lesson(name, name, chapter, f"The title of {name}", "Which?", "An outcome.", stages, quiz)


COURSE = Course("Mine", None, (("One", ""),), (lesson("first", 7, 2), lesson("second", 5), lesson("third")))
FIRST, SECOND, THIRD = COURSE.lessons
BEGUN = LessonProgress(3, 7, {1: True, 4: False}, {0: True, 1: False, 2: True}, 61.0)


def test_a_row_tells_stages_answers_quiz_and_minutes_in_columns():
    progress = Progress(
        lessons={"first": BEGUN},
        scores={"third": (0, 1)},
    )
    rows = Rows(COURSE.lessons, progress, 80)
    assert [rows.heading, *(rows.row(one).plain for one in COURSE.lessons)] == [
        "lesson                       stages   right  quiz  min",
        "first   The title of first   ●●●○○○○    1/2   2/3    2",
        "second  The title of second  ○○○○○                    ",
        "third   The title of third              0/1           ",
    ]


@pytest.mark.parametrize("width", range(30, 200, 7))
def test_rows_are_as_wide_as_one_another_and_names_whole(width):
    course = library_course()
    half = LessonProgress(2, 9, dict.fromkeys(range(12), True), {0: True}, 6000.0)
    some = {one.name: half for one in course.lessons[::3]}
    rows = Rows(course.lessons, Progress(lessons=some), width)
    lines = [rows.heading, *(rows.row(one).plain for one in course.lessons)]
    assert {cell_len(line) for line in lines} == {rows.width}
    assert rows.width <= width
    assert [line.split()[0] for line in lines[1:]] == [one.name for one in course.lessons]


def test_figures_give_way_before_names_do():
    progress = Progress(lessons={"first": BEGUN})
    headings = [Rows(COURSE.lessons, progress, width).heading.split() for width in (40, 32, 26, 20, 6)]
    assert headings == [
        ["lesson", "stages", "right", "quiz", "min"],
        ["lesson", "stages", "right", "quiz"],
        ["lesson", "stages", "right"],
        ["lesson", "stages"],
        ["lesson"],
    ]


def test_at_first_the_course_begins_at_its_beginning():
    assert suggested(COURSE, Progress()) == (FIRST, "start here: first · The title of first")


def test_a_lesson_begun_goes_on_the_one_left_last_first():
    progress = Progress()
    progress.lessons = {
        "second": LessonProgress(1, 5),
        "first": LessonProgress(2, 7),
        "elsewhere": LessonProgress(1, 4),
    }
    assert suggested(COURSE, progress) == (FIRST, "go on: first · stage 3 of 7")
    progress.left("second", "", (0, 0), LessonProgress(2, 5))
    assert suggested(COURSE, progress) == (SECOND, "go on: second · stage 3 of 5")


def test_after_a_lesson_that_is_done_the_first_one_not_begun_is_next():
    progress = Progress(lessons={"first": LessonProgress(7, 7, done=True)}, results={"second": "step 3"})
    assert suggested(COURSE, progress) == (THIRD, "next: third · The title of third")


def test_of_a_course_that_is_done_nothing_is_next():
    done = {one.name: LessonProgress(one.stages, one.stages, done=True) for one in COURSE.lessons}
    assert suggested(COURSE, Progress(lessons=done)) is None


def test_lessons_of_a_folder_are_remembered_by_their_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = Lesson("first", str(Path("mine", "first.toml")), "One", "", "", "", 4, 0)
    progress = Progress(lessons={"first": LessonProgress(7, 7, done=True)})
    assert not standing(own, progress).visited
    progress.lessons[str(tmp_path / "mine" / "first.toml")] = LessonProgress(1, 4)
    assert standing(own, progress).stages == 1


def test_the_preview_of_a_guided_lesson_never_shows_text_and_its_result_only_once_it_is_done():
    open_, done = (Progress(lessons={"first": LessonProgress(7, 7, done=one)}) for one in (False, True))
    before = about(FIRST, standing(FIRST, open_), "loss 3").plain
    assert before == "Which?\nfirst: The title of first\n\n7 stages, 2 questions at the end, about 15 minutes"
    assert about(FIRST, standing(FIRST, done), "loss 3").plain == f"{before}\n\nlast: loss 3"


def test_the_text_of_a_lesson_without_a_guide_waits_until_it_was_begun():
    assert "An outcome." not in about(THIRD, standing(THIRD, Progress()), "").plain
    begun = Progress(results={"third": "loss 3"})
    assert about(THIRD, standing(THIRD, begun), "loss 3").plain.endswith("last: loss 3\n\nAn outcome.")


def test_minutes_are_told_in_fives():
    assert [minutes(1, 0), minutes(6, 1), minutes(7, 3)] == [5, 10, 15]
