"""`g` takes the name of a weight, bias, gradient or unit, and selects it."""

import pytest

from scenarios.guide import Target
from tests.pilot import drive, scenario
from tests.terminal import Terminal, gradstep
from tests.tui.conftest import LANES
from tui.panes.layout import PaneId
from tui.render.heatmap import Entry
from tui.render.selection import Unit
from tui.simulator.tasks.seek import place_in_pane


@pytest.fixture
def session(bench):
    return bench().session


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("W1[3,1]", (PaneId("weights", 0), Entry(0, 3, 1))),
        ("deep.b2[1]", (PaneId("weights", 1), Entry(1, 1, 3))),
        ("deep.dW2[0,2]", (PaneId("gradients", 1), Entry(1, 0, 2))),
        ("z1[4]", (PaneId("network", 0), Unit(1, 4))),
        ("deep.delta3[2]", (PaneId("network", 1), Unit(3, 2))),
    ],
)
def test_a_name_is_a_place_in_a_pane(session, text, found):
    assert place_in_pane(session, 0, Target.of(text)) == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("other.W1[0,0]", "no lane other; allowed: wide, deep"),
        ("W3[0,0]", "wide has layers 1 to 2"),
        ("W1[5,0]", r"allowed: W1\[0,0\] to \[4,1\]"),
        ("W1[1]", r"allowed: W1\[0,0\] to \[4,1\]"),
        ("z1", r"allowed: z1\[0\] to \[4\]"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(session, text, says):
    with pytest.raises(ValueError, match=says):
        place_in_pane(session, 0, Target.of(text))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_is_selected_also_where_its_pane_was_not_on_the_screen(size):
    async def walk(driver):
        panes = driver.simulator.panes
        panes.kinds = ("function", "loss")
        driver.simulator.place_panes()
        await driver.press("n", "g")
        await driver.until(lambda: driver.dialog == "Form")
        await driver.type("deep.W2[1,2]")
        await driver.press("enter")
        await driver.until(lambda: not driver.dialog and panes.focused_pane == PaneId("weights", 1))
        assert panes.inside
        assert panes.focused_widget.selection == Entry(1, 1, 2)
        await driver.until(lambda: "W₂[1,2]" in driver.text)
        await driver.press("escape")
        assert not panes.inside

    drive(scenario(LANES), walk, size)


def test_in_a_terminal():
    with Terminal(gradstep("gd-vs-sgd")) as terminal:
        terminal.wait_for(r" \? help")
        terminal.press("G", "n", "g")
        terminal.wait_for("go to, from step 1")
        terminal.press(*"W1[99,0]", "enter")
        terminal.wait_for(r"allowed: W1\[0,0\] to \[15,0\]")
        terminal.press(*["backspace"] * 8, *"sgd1.W1[7,0]", "enter")
        terminal.wait_for(r"W₁\[7,0\]")
