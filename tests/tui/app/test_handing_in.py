"""Lesson runs that are handed in from the app: whose they are, and which answers came after what they are about."""

import json
from pathlib import Path

import pytest

from scenarios.file.loader import load
from scenarios.file.resolve import learner_seed
from tests.pilot import drive
from tests.terminal import Terminal, gradstep
from tests.tui.lesson.classroom import LESSON, hand_in
from tui.cli import main

QUESTION = LESSON.partition("[[guide]]")[0]


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "hill.toml"
    path.write_text(QUESTION)
    return path


async def answered(driver):
    """Answer the lesson's question: the first of its two choices."""
    await driver.press("y")
    await driver.until(lambda: driver.dialog)
    await driver.press("1", "enter")
    await driver.until(lambda: not driver.dialog)


async def went_to(driver, step):
    driver.simulator.advance_to(step)
    await driver.until(lambda: driver.cursor == (step, None))
    await driver.settled()


def graded(tmp_path, session, capsys):
    folder = tmp_path / "runs"
    folder.mkdir()
    hand_in(folder, "ana", session)
    assert main(["grade", str(folder), "--scenario", str(tmp_path / "hill.toml"), "--jobs", "1", "--json"]) == 0
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    return run


def looked_at(path, step):
    """An opening in which nothing is done but going to a step."""

    async def walk(driver):
        await went_to(driver, step)

    drive(load(str(path)), walk)


def answered_in_an_opening(path):
    """The session of an opening in which the question is answered at once."""
    found = []

    async def walk(driver):
        await answered(driver)
        await went_to(driver, 25)
        found.append(driver.session)

    drive(load(str(path)), walk)
    return found[0]


def test_an_answer_in_the_first_opening_is_in_time(lesson, tmp_path, capsys):
    run = graded(tmp_path, answered_in_an_opening(lesson), capsys)
    assert (run["right"], run["late"], run["odd"]) == (1, 0, [])


def test_what_an_earlier_opening_saw_makes_an_answer_late(lesson, tmp_path, capsys):
    looked_at(lesson, 25)
    run = graded(tmp_path, answered_in_an_opening(lesson), capsys)
    assert (run["right"], run["late"]) == (0, 1)
    assert "step 25" in run["odd"][0]["says"]


def test_what_an_earlier_opening_did_not_reach_is_still_asked_in_time(lesson, tmp_path, capsys):
    looked_at(lesson, 19)
    assert graded(tmp_path, answered_in_an_opening(lesson), capsys)["late"] == 0


def test_a_second_run_with_the_same_seed_is_the_same_run_whatever_its_file_is_called(lesson, tmp_path, capsys):
    other = tmp_path / "rehearsal.toml"
    other.write_text(QUESTION.replace('"hill"', '"rehearsal"').replace("Look.", "Look here."))
    looked_at(other, 25)
    assert graded(tmp_path, answered_in_an_opening(lesson), capsys)["late"] == 1


def test_a_second_run_with_another_seed_tells_nothing(lesson, tmp_path, capsys):
    other = tmp_path / "rehearsal.toml"
    other.write_text("seed = 5\n" + QUESTION)
    looked_at(other, 25)
    assert graded(tmp_path, answered_in_an_opening(lesson), capsys)["late"] == 0


def test_a_run_of_the_scenario_with_the_same_seed_that_was_put_in_its_place_was_seen(lesson, tmp_path, capsys):
    found = []

    async def walk(driver):
        await went_to(driver, 25)
        await driver.press("E")
        await driver.until(lambda: driver.dialog == "Form")
        await driver.press("enter")
        await driver.until(lambda: not driver.dialog and driver.cursor == (0, None))
        await answered(driver)
        found.append(driver.session)

    drive(load(str(lesson)), walk)
    assert graded(tmp_path, found[0], capsys)["late"] == 1


def test_a_question_that_was_seen_is_not_asked_after_the_lanes_were_changed(lesson):
    async def walk(driver):
        await went_to(driver, 25)
        await driver.press("R")  # another seed, and back
        await driver.until(lambda: driver.session.seed == 1)
        await driver.press("u")
        await driver.until(lambda: driver.session.seed == 0)
        await went_to(driver, 0)
        assert driver.simulator.verdicts.open_questions() == []

    drive(load(str(lesson)), walk)


def exported(driver):
    return [json.loads(path.read_text("utf-8")) for path in sorted(Path.cwd().glob("gradstep-*.json"))]


async def export(driver):
    await driver.press("x")
    await driver.until(lambda: driver.dialog == "Menu")
    await driver.press("j")


def test_a_lesson_run_is_asked_whose_it_is_once(lesson):
    async def walk(driver):
        await export(driver)
        await driver.until(lambda: driver.dialog == "Form")
        assert "whose lesson run is it?" in driver.text
        await driver.type("ana")
        await driver.press("enter")
        await driver.until(lambda: "written" in driver.notes)
        await export(driver)
        await driver.until(lambda: len(exported(driver)) == 2)
        assert [run["learner"] for run in exported(driver)] == ["ana", "ana"]
        assert {path.name for path in Path.cwd().glob("*.json")} == {
            "gradstep-hill-ana-step0.json",
            "gradstep-hill-ana-step0-2.json",
        }

    drive(load(str(lesson)), walk)


def test_the_name_may_be_left_empty_and_esc_writes_nothing(lesson):
    async def walk(driver):
        await export(driver)
        await driver.until(lambda: driver.dialog == "Form")
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        assert exported(driver) == []
        await export(driver)
        await driver.until(lambda: driver.dialog == "Form")
        await driver.press("enter")
        await driver.until(lambda: exported(driver))
        assert exported(driver)[0]["learner"] == ""

    drive(load(str(lesson)), walk)


def test_late_answers_are_told_to_who_hands_them_in(lesson):
    looked_at(lesson, 25)

    async def walk(driver):
        driver.app.learner = driver.session.learner = "ana"
        await answered(driver)
        await export(driver)
        await driver.until(lambda: "written" in driver.notes)
        assert "one answer in it was given when its step had been seen" in driver.notes

    drive(load(str(lesson)), walk)


def test_the_command_says_who_is_at_work_and_the_screen_shows_their_seed(lesson):
    lesson.write_text(QUESTION.replace("steps = 60", "learner_seed = true\nsteps = 60"))
    root = str(Path(__file__).parents[3])
    with Terminal(gradstep("--as", "ana", str(lesson)), env={"PYTHONPATH": root}) as terminal:
        terminal.wait_for(f"seed {learner_seed('ana')} of ana")
        terminal.press("q")
        assert terminal.wait() == 0


def opened_by(path, learner):
    """What is said in an opening by a learner, who makes one step in it, and its seed."""
    found = []

    async def walk(driver):
        await driver.settled()
        found.extend((driver.notes, driver.session.seed))
        driver.simulator.guide.switch()
        await went_to(driver, 1)

    drive(load(str(path)), walk, learner=learner)
    return tuple(found)


def test_who_did_not_say_who_they_are_is_told_that_each_has_their_own_numbers(lesson):
    lesson.write_text("learner_seed = true\nseed = 7\n" + LESSON)
    said, seed = opened_by(lesson, "")
    assert (said, seed) == ("each learner has their own numbers here: gradstep --as ID gives you yours", 7)


def test_a_lesson_that_was_left_with_anothers_numbers_is_not_taken_up(lesson):
    lesson.write_text("learner_seed = true\n" + LESSON)
    assert opened_by(lesson, "")[1] == 0
    assert opened_by(lesson, "ana") == ("", learner_seed("ana"))
    said, seed = opened_by(lesson, "ana")
    assert ("where you left it" in said, seed) == (True, learner_seed("ana"))
    said, seed = opened_by(lesson, "")
    assert ("each learner" in said, seed) == (True, 0)
