"""What is remembered of lessons from one start to the next."""

import os
from dataclasses import replace

import msgspec
from platformdirs import user_state_path

from tui.app.progress import Progress, key_of, recall
from tui.lesson.lesson_progress import LessonProgress

ONE_OF_TWO = {1: True, 4: False}


def memory():
    return user_state_path("gradstep") / "memory.json"


def test_a_lesson_adds_up_over_visits_and_is_recalled():
    Progress().left("by-hand", "step 1", (0, 0), LessonProgress(3, 7, ONE_OF_TWO, {}, 60.0, False))
    second = recall()
    assert second.of("by-hand") == LessonProgress(3, 7, ONE_OF_TWO, {}, 60.0, False)
    second.left("by-hand", "step 9", (1, 1), LessonProgress(7, 7, {4: True}, {0: True}, 30.0, True))
    third = recall()
    assert third.of("by-hand") == LessonProgress(7, 7, {1: True, 4: True}, {0: True}, 90.0, True)
    assert third.results == {"by-hand": "step 9"}
    assert third.scores == {"by-hand": (1, 1)}


def test_a_lesson_begun_anew_stays_done_and_keeps_its_furthest_stage():
    whole = LessonProgress(5, 5, done=True)
    assert whole.after(LessonProgress(1, 5, seconds=2.0)) == replace(whole, seconds=2.0)


def test_of_a_guide_that_became_shorter_no_more_stages_are_done_than_it_has():
    assert LessonProgress(7, 7).after(LessonProgress(1, 4)).stages == 4


def test_a_visit_without_a_result_keeps_the_last_one():
    progress = Progress()
    progress.left("by-hand", "step 1", (0, 0), LessonProgress())
    progress.left("by-hand", "", (0, 0), LessonProgress())
    assert progress.results["by-hand"] == "step 1"


def test_a_memory_of_an_earlier_version_opens():
    memory().parent.mkdir(parents=True)
    old = {"recent": ["/a.toml"], "results": {"by-hand": "step 3"}, "scores": {"by-hand": [1, 2]}}
    old |= {"lessons": {"rings": {"stages": 2, "of": 5, "questions": [1, 2], "quiz": [0, 0]}}}
    memory().write_bytes(msgspec.json.encode(old))
    found = recall()
    assert found.results == {"by-hand": "step 3"}
    assert found.scores == {"by-hand": (1, 2)}
    assert found.of("by-hand") == LessonProgress()
    assert found.of("rings") == LessonProgress(2, 5)


def test_a_damaged_memory_is_none():
    memory().parent.mkdir(parents=True)
    memory().write_bytes(b'{"lessons": {"by-hand": {"stages": "three"}}}')
    assert recall() == Progress()


def test_a_file_is_remembered_by_its_path_so_that_it_takes_no_library_lesson_s_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert key_of("by-hand", "by-hand") == "by-hand"
    assert key_of("by-hand", "by-hand.toml") == os.path.join(tmp_path, "by-hand.toml")
