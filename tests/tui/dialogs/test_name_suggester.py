"""Names are completed wherever they stand, with what a lane has."""

import pytest

from tests.pilot import drive, scenario
from tests.tui.conftest import LANES
from tui.dialogs.name_suggester import completed
from tui.simulator.tasks.seek import names_in

POINT = """
format = 1
name = "point"
steps = 9
[[lanes]]
id = "one"
function = { expression = "x**2", start = { x = 1 } }
"""


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("st", "step"),
        ("deep.tr", "deep.train_loss"),
        ("wide.train_loss < 0.1 and deep.te", "wide.train_loss < 0.1 and deep.test_loss"),
        ("deep.grad_norm[", "deep.grad_norm[1]"),
        ("deep.W1[", "deep.W1[2,1]"),
        ("wide.b2", "wide.b2[0]"),
        ("deep.delta1", "deep.delta1[19,2]"),
        ("abs(deep.ou", "abs(deep.output[19,0]"),
        ("any.d", "any.dead_units"),
        ("deep.W5", None),
        ("deep.train_loss < ", None),
        ("deep.train_loss", None),
        ("", None),
    ],
)
def test_the_name_typed_last_is_completed(bench, typed, whole):
    assert completed(typed, names_in(bench(LANES).session)) == whole


def test_a_function_has_its_variables(bench):
    words = names_in(bench(POINT).session)
    assert completed("one.", words) == "one.train_loss"
    assert "one.x" in words
    assert not any("W1" in word for word in words)


@pytest.mark.parametrize(("key", "dialog"), [("b", "BreakpointList"), ("g", "Form")])
def test_an_arrow_takes_what_is_offered(key, dialog):
    async def walk(driver):
        await driver.press(key)
        await driver.until(lambda: driver.dialog == dialog)
        await driver.press(*"step > 1 and deep.W1[")
        await driver.until(lambda: driver.app.screen.focused._suggestion)
        await driver.press("right")
        assert driver.app.screen.focused.value == "step > 1 and deep.W1[2,1]"

    drive(scenario(LANES), walk)
