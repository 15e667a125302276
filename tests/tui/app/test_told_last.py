"""What came of an answer is told before the quiz, also where the last stage waits for its step."""

import pytest

from tests.pilot import drive, scenario

LESSON = """
format = 1
name = "told-last"
steps = 20
[[lanes]]
id = "f"
optimizer = { name = "sgd", learning_rate = 0.5 }
function = { expression = "0.5*x**2", start = { x = 1 } }
[[guide]]
title = "Commit yourself"
ask = "Is the loss below 0.01 at step 4?"
at = 4
choices = [
  { say = "yes", when = "f.train_loss < 0.01", reply = "It is." },
  { say = "no", when = "f.train_loss >= 0.01", reply = "It is not." },
]
[[guide]]
title = "Look"
say = "Go on to step 4."
until = { step = 4 }
"""
QUIZ = """
[[quiz]]
ask = "And at three times the rate?"
at = 4
set = { lanes.f.optimizer.learning_rate = 1.5 }
choices = [
  { say = "yes", when = "f.train_loss < 0.01", reply = "It is." },
  { say = "no", when = "f.train_loss >= 0.01", reply = "It is not." },
]
"""


@pytest.mark.parametrize(("quiz", "then"), [(QUIZ, "Choose"), ("", "")])
def test_the_answer_is_told_before_the_quiz(quiz, then):
    async def walk(driver):
        await driver.press("y")
        await driver.until(lambda: driver.dialog == "Choose")
        await driver.press("1", "enter")
        await driver.until(lambda: not driver.dialog)
        await driver.press("pagedown", "n", "n", "n", "n")
        await driver.until(lambda: "pgdn tells" in driver.text)
        await driver.press("pagedown")
        assert driver.dialog == ""
        assert "Told: Commit yourself" in driver.text
        await driver.press("pagedown")
        if then:
            await driver.press("pagedown")
        await driver.until(lambda: driver.dialog == then)

    drive(scenario(LESSON + quiz), walk, size=(80, 24))
