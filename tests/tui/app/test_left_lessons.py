"""A guided lesson that is left on the way is taken up there, from the picker and from the command."""

from pathlib import Path

import pytest
from platformdirs import user_state_path

from scenarios.file.loader import load
from tests.pilot import drive
from tests.terminal import Terminal, gradstep
from tui.app.progress import recall
from tui.session.actions import EditSettings, Turn, do

GUIDED = """
format = 1
name = "guided"
title = "A guided lesson"
question = "Which?"
text = "Look."
steps = 40
[data]
kind = "xor"
samples = 8
[[lanes]]
id = "one"
hidden = [3]
optimizer = { name = "sgd", learning_rate = 0.1 }
"""
STAGES = """
[[guide]]
title = "Begin"
say = "Press n three times."
until = { step = 3 }
[[guide]]
title = "Go on"
say = "Press n until step 6."
until = { step = 6 }
[[guide]]
title = "The end"
say = "That was it."
"""
QUIZ = """
[[quiz]]
set = { defaults.activation = "linear" }
at = 3
ask = "And with straight lines?"
choices = [
  { say = "lower", when = "one.train_loss < 0.01", reply = "No." },
  { say = "higher", when = "one.train_loss >= 0.01", reply = "Yes." },
]
"""
UP = "taken up where you left it (to begin anew: o, then ctrl+n)"


@pytest.fixture
def lesson(tmp_path):
    path = tmp_path / "guided.toml"
    path.write_text(GUIDED + STAGES)
    return path


def kept():
    return list((user_state_path("gradstep") / "lessons").glob("*.gradstep"))


def leave(path, steps):
    """Open a lesson, go on some steps, and end the app; what was said at the start and where it began."""
    seen = []

    async def walk(driver):
        seen.extend((driver.cursor[0], driver.notes))
        for _ in range(steps):
            guide = driver.simulator.guide
            await driver.press("n")
            await driver.press(*["pagedown"] * (guide.on and guide.done and not guide.finished))

    drive(load(str(path)), walk)
    return tuple(seen)


def test_a_lesson_left_on_the_way_is_taken_up_with_its_stage(lesson):
    leave(lesson, 4)
    assert recall().of(str(lesson)).stages == 1

    async def walk(driver):
        assert driver.cursor == (4, None)
        assert UP in driver.notes
        assert any(isinstance(action, Turn) for action in driver.session.journal)
        assert "Go on" in driver.text
        assert "2/3" in driver.text

    drive(load(str(lesson)), walk)


def test_a_lesson_that_came_to_its_end_begins_anew(lesson):
    leave(lesson, 4)
    assert len(kept()) == 1
    assert leave(lesson, 3) == (4, UP)
    assert kept() == []
    assert recall().of(str(lesson)).done
    assert leave(lesson, 1) == (0, "")


def test_a_lesson_whose_quiz_is_open_goes_on_with_that(lesson):
    lesson.write_text(GUIDED + STAGES + QUIZ)
    leave(lesson, 7)
    assert recall().of(str(lesson)).done

    async def answer(driver):
        assert driver.simulator.guide.finished
        await driver.press("Q")
        await driver.until(lambda: driver.dialog == "Choose")
        assert "quiz 1 of 1" in driver.text
        assert "before" not in driver.text
        await driver.press("1", "enter")
        await driver.until(lambda: driver.dialog == "Told")
        await driver.press("enter")

    drive(load(str(lesson)), answer)
    assert kept() == []
    assert leave(lesson, 0) == (0, "")


def test_an_answer_to_the_quiz_is_remembered_whatever_comes_next(lesson):
    lesson.write_text(GUIDED + STAGES + QUIZ)
    leave(lesson, 7)

    async def look_at_it(driver):
        await driver.press("Q")
        await driver.until(lambda: driver.dialog == "Choose")
        await driver.press("2", "enter")
        await driver.until(lambda: driver.dialog == "Told")
        assert recall().of(str(lesson)).quiz_marks == {0: True}
        await driver.press("o")
        await driver.until(lambda: "brings the lesson back" in driver.text)
        await driver.press("u", "Q")
        await driver.until(lambda: "quiz after the lesson 1 of 1 right" in driver.text)

    drive(load(str(lesson)), look_at_it)
    assert recall().of(str(lesson)).quiz_marks == {0: True}


ASKED = """
[[guide]]
title = "Commit yourself"
ask = "Lower than at the start?"
at = 3
choices = [
  { say = "yes", when = "one.train_loss < 1", reply = "It is." },
  { say = "no", when = "one.train_loss >= 1", reply = "It is not." },
]
"""


def test_answers_that_were_told_count_after_an_edit_took_their_truth_away(lesson):
    lesson.write_text(GUIDED + ASKED + STAGES)

    async def walk(driver):
        await driver.press("y", "1", "enter", "pagedown", "n", "n", "n")
        await driver.until(lambda: driver.simulator.guide.marked == {0: True})
        do(driver.session, EditSettings((0,), {"l2": 0.1}, "l2"))
        assert driver.simulator.guide.marked == {}

    drive(load(str(lesson)), walk)
    assert recall().of(str(lesson)).guide_marks == {0: True}


def test_a_lesson_that_was_not_touched_is_not_kept(lesson):
    leave(lesson, 0)
    assert kept() == []


def test_a_lesson_without_a_guide_is_not_kept(lesson):
    lesson.write_text(GUIDED)
    leave(lesson, 4)
    assert kept() == []
    assert leave(lesson, 0) == (0, "")


def test_a_changed_lesson_begins_anew_and_says_so(lesson):
    leave(lesson, 4)
    lesson.write_text((GUIDED + STAGES).replace("0.1", "0.2"))
    assert leave(lesson, 0) == (0, "this lesson has changed since you left it, it begins anew")


def test_a_damaged_place_is_ignored_in_words(lesson):
    leave(lesson, 4)
    kept()[0].write_bytes(b"gradstep run 1\n but damaged")
    step, said = leave(lesson, 2)
    assert step == 0
    assert said.startswith("the place where you left this lesson cannot be read, it begins anew: ")
    assert leave(lesson, 0) == (2, UP)


def test_the_picker_takes_a_lesson_up_and_ctrl_n_begins_it_anew(lesson):
    async def walk(driver):
        await driver.press("n", "n", "n", "n", "o")
        assert driver.dialog == "Picker"
        await driver.type(str(lesson))
        await driver.press("enter")
        await driver.until(lambda: not driver.dialog and driver.cursor == (4, None))
        await driver.until(lambda: UP in driver.notes)

    drive(load(str(lesson)), walk)
    folder = lesson.parent
    (folder / "course.toml").write_text(
        'format = 1\ntitle = "Mine"\n[[chapters]]\ntitle = "One"\nscenarios = ["guided.toml"]\n'
    )

    async def anew(driver):
        await driver.type(f"{folder}/")
        await driver.press("enter")
        await driver.until(lambda: "go on: guided · stage 2 of 3" in driver.text)
        await driver.press("ctrl+n")
        await driver.until(lambda: not driver.dialog)
        assert driver.cursor == (0, None)
        assert driver.notes == ""

    drive(None, anew)


def test_the_command_takes_a_lesson_up_and_anew_begins_it(lesson, tmp_path):
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}

    def opened(*arguments, shows, then=()):
        with Terminal(gradstep(*arguments, str(lesson)), env={**state, "PYTHONPATH": str(Path.cwd())}) as terminal:
            terminal.wait_for(r" \? help|taken up")
            terminal.wait_for(shows)
            for key, answer in then:
                terminal.press(key)
                terminal.wait_for(answer)
            terminal.press("q")
            assert terminal.wait() == 0

    opened(shows="step 0 of", then=[("n", "step 1 UPDATE"), ("n", "step 2 UPDATE")])
    opened(shows="taken up where you left it")
    opened("--anew", shows="step 0 of", then=[("n", "step 1 UPDATE")])
    opened(shows="step 1 UPDATE")
    course = 'format = 1\ntitle = "Mine"\n[[chapters]]\ntitle = "One"\nscenarios = ["guided.toml"]\n'
    (tmp_path / "course.toml").write_text(course)
    with Terminal(gradstep(str(tmp_path)), env={**state, "PYTHONPATH": str(Path.cwd())}) as terminal:
        terminal.wait_for("go on: guided · stage 1 of 3")
        terminal.press("enter")
        terminal.wait_for("step 1 UPDATE")
        terminal.press("o")
        terminal.wait_for("go on: guided · stage 1 of 3")
        terminal.press("ctrl+n")
        terminal.wait_for("step 0 of")
