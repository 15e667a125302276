"""A question's dialog takes no answer that was not marked."""

from scenarios.file.loader import load
from tests.pilot import drive


def test_enter_alone_answers_nothing():
    async def walk(driver):
        await driver.press("n", "n", "n", "pagedown", "n", "pagedown", "y")
        await driver.until(lambda: driver.dialog == "Choose")
        await driver.press("enter")
        assert driver.dialog == "Choose"
        await driver.press("2", "enter")
        await driver.until(lambda: driver.dialog == "Type")
        (answer,) = driver.simulator.guide.answers.values()
        assert answer.choice == 1

    drive(load("disc-depth"), walk)
