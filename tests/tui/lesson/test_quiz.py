"""Questions about the number that comes next."""

import json
from pathlib import Path

import numpy as np
import pytest

from nncore.operations import OperationKind
from scenarios.file.loader import library_files, load, parse
from tests.pilot import drive
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run
from tui.commands.replay import _report
from tui.explain.equation import equation
from tui.lesson.quiz import answer, next_question
from tui.lesson.recording import read, recorded, repeat
from tui.lesson.verdicts import Verdicts
from tui.render.numbers import num
from tui.render.selection import Unit
from tui.session.frame_builder import FrameBuilder
from tui.session.session import Session


def opened(name, step=0, operations=0):
    session = Session.begin(load(name))
    session.go_to(step)
    for _ in range(operations):
        session.into()
    return session, FrameBuilder(session)


@pytest.mark.parametrize("name", [file.stem for file in library_files()])
@pytest.mark.parametrize("step", [0, 7])
def test_every_lesson_asks_for_the_numbers_that_it_shows_next(name, step):
    session, builder = opened(name, step)
    kinds = set()
    while session.cursor.step <= step:
        question = next_question(session, builder, 0)
        if question is None:
            assert session.lane_runs[0].timeline.diverged_at
            return
        right = np.sign(question.truth) if question.by_sign else question.truth
        assert question.answered(right).right is True  # a file holds it
        assert not question.answered(right + 1 + abs(right)).right
        session.reach(question.cursor)
        assert session.cursor == question.cursor
        lane = builder.lane(0, session.cursor)
        shown = equation(lane)
        assert question.lines[-1] == shown.terms
        assert num(question.truth) == shown.example.rsplit(" ", 1)[-1]
        kinds.add(lane.operation.kind)
        if lane.operation.kind in (OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT):
            assert question.by_sign
    assert kinds >= {OperationKind.LOSS, OperationKind.UPDATE}


def test_a_pre_activation_that_is_shown_whole_is_asked_for_as_a_number():
    session, builder = opened("by-hand")
    question = next_question(session, builder, 0)
    assert question.lines[-1] == "a₁ of sample 0, unit 0: 0.5000·1.000 + 0.2500·2.000 + 1.000"
    assert question.truth == question.read("2") == 2.0
    assert not question.by_sign
    assert question.told(2.0).endswith("= 2.000; you were right with 2.000.")
    for text in ("two", "", "true", "nan", "[1]"):
        with pytest.raises(ValueError, match="allowed: a number"):
            question.read(text)


@pytest.mark.parametrize(
    ("operations", "about", "value", "says"),
    [
        (0, None, 1.0, "you were wrong with 1.000: the bias is missing: add b₁ = 1."),
        (0, None, 2.015, "you were right with 2.015."),
        (0, None, 2.06, "you were wrong with 2.060: none of the known mistakes"),
        (9, Unit(1, 1), -0.5, "you were wrong with -0.5000: σ′ is missing: multiply by σ′(a₁) = 0."),
        (12, 1, 0.3, "you were right with 0.3000."),
        (12, 1, 0.2, "you were wrong with 0.2000: the sign is wrong: subtract, to go downhill."),
    ],
)
def test_a_wrong_number_is_told_which_mistake_it_is(operations, about, value, says):
    session, builder = opened("by-hand", 0, operations)
    question = next_question(session, builder, 0, about)
    assert says in question.told(value)
    assert question.answered(value).right == ("right" in says)


def test_a_new_value_is_right_in_the_digits_that_the_screen_shows():
    session, builder = opened("disc-depth", 30)
    session.next_step()
    for _ in range(len(session.lockstep)):
        question = next_question(session, builder, 0)
        session.reach(question.cursor)
        if not question.by_sign:
            assert question.answered(float(num(question.truth))).right


def test_the_question_is_about_what_is_selected_where_that_takes_part():
    session, builder = opened("by-hand")
    question = next_question(session, builder, 0, Unit(1, 1))
    assert question.lines[-1].startswith("a₁ of sample 0, unit 1: ")
    assert question.truth == -0.5
    for _ in range(10):
        session.into()
    question = next_question(session, builder, 0, 3)
    assert question.lines[-1].startswith("∂L/∂W₁[1,1]: ")
    session.into()
    assert next_question(session, builder, 0, Unit(1, 1)).lines[-1].startswith("∂L/∂b₁[1]: ")
    session.go_to(1)
    b1 = 5
    assert next_question(session, builder, 0, b1).lines[-1].startswith("a₁ of sample 0, unit 1: ")
    assert question.by_sign
    assert [question.read(text) for text in ("+", "negative", "0", "−0.5", "7")] == [1.0, -1.0, 0.0, -1.0, 1.0]
    with pytest.raises(ValueError, match="allowed: "):
        question.read("up")


def test_a_lane_that_has_stopped_is_not_asked_about():
    session = Session.begin(
        load("disc-depth", ["lanes.deep.optimizer.name=sgd", "lanes.deep.optimizer.learning_rate=1e200"])
    )
    session.go_to(9)
    builder = FrameBuilder(session)
    assert next_question(session, builder, 0) is not None
    assert next_question(session, builder, 1) is None


def test_answers_are_scored_saved_and_repeated():
    session, builder = opened("by-hand", 1, 3)
    for about, value in ((None, 1e9), (Unit(2, 0), None), (4, 0.0)):
        question = next_question(session, builder, 0, about)
        answer(session, 0, about, question, question.truth if value is None else value)
        session.reach(question.cursor)
    assert [one.right for one in session.answered] == [False, True, False]
    assert Verdicts(session).score == (1, 3)
    again = Session(decode_run(encode_run(session.saved())))
    assert again.answered == session.answered
    repeated, verdicts = repeat(read(recorded(again).encode(), "run.json"), "run.json")
    assert repeated.answered == session.answered
    report = json.loads(json.dumps(_report(repeated, verdicts)))
    assert report["score"] == {"right": 1, "of": 3}
    assert [one["right"] for one in report["predictions"][-3:]] == [False, True, False]


PREDICTED = """
format = 1
name = "predicted"
question = "Which?"
text = "Look."
steps = 10
[data]
points = [[1, 2, 2]]
[[lanes]]
id = "hand"
hidden = [2]
optimizer = { name = "sgd", learning_rate = 0.1 }
[lanes.parameters]
W1 = [[0.5, 0.25], [-1, 0.25]]
b1 = [1, 0]
W2 = [[0.5, 1]]
b2 = [0.5]
[[predict]]
at = 1
ask = "Which loss?"
answer = "hand.train_loss"
"""


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_y_asks_the_lesson_at_rest_and_the_next_number_inside_a_step(size):
    async def walk(driver):
        def said(text):
            return text in (driver.simulator.said.message.text if driver.simulator.said.message else "")

        await driver.press("y")
        await driver.until(lambda: driver.dialog == "Type" and "Which loss?" in driver.text)
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        await driver.press("s", "y")
        await driver.until(lambda: driver.dialog == "Form")
        assert "0.5000·1.000 + 0.2500·2.000 + 1.000 = ?" in driver.text
        await driver.press("x", "enter")
        assert "allowed: a number" in driver.text
        await driver.press("backspace", "2", "enter")
        await driver.until(lambda: said("you were right with 2.000.  Score 1 of 1."))
        assert driver.cursor == (0, 1)
        await driver.press("s", "y", *"0.5*2+1*0", "enter")
        await driver.until(lambda: said("you were wrong with 1.000: the bias is missing: add b₂ = 0.5, or"))
        assert said("Score 1 of 2")
        assert driver.cursor == (0, 3)

    drive(parse(PREDICTED.encode(), "predicted.toml", Path(".")), walk, size=size)
