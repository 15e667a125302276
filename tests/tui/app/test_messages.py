"""What keys say, and the guide's box, on the screen: nothing lies over anything."""

import pytest

from tests.pilot import drive, scenario
from tests.tui.conftest import LANES
from tui.panes.layout import GUIDE, PaneId
from tui.render.selection import Unit

GUIDED = (
    LANES
    + """
[[guide]]
title = "The line below"
say = "Each press of s is one line of the algorithm."
point = ["equation"]
until = { step = 1 }

[[guide]]
title = "A question"
ask = "Which of them is ahead at step 5?"
at = 5
choices = [
  { say = "wide", when = "wide.train_loss < deep.train_loss", reply = "Wide it is." },
  { say = "deep", when = "wide.train_loss > deep.train_loss", reply = "Deep it is." },
]

[[guide]]
title = "One unit"
say = "Choose a unit in the network."
panes = ["network", "function"]
point = ["function"]
"""
)


def test_question_and_answer_stay_in_view_while_the_reason_is_typed_and_the_foot_fits_its_box():
    async def walk(driver):
        await driver.press("pagedown", "pagedown", "y")
        await driver.until(lambda: driver.dialog == "Choose")
        assert "a digit, enter · esc" in driver.text
        await driver.press("2", "enter")
        await driver.until(lambda: driver.dialog == "Type")
        shown = " ".join(driver.text.replace("│", " ").split())
        assert "You said: 2 deep" in shown
        assert "Which of them" in shown

    drive(scenario(GUIDED.replace("at = 5\n", "at = 5\nwhy = true\n")), walk, (110, 30))


def test_the_background_opens_once_the_guide_asks_nothing_any_more():
    async def walk(driver):
        await driver.press("h")
        await driver.until(lambda: "the background tells what is asked" in driver.text)
        assert not driver.dialog
        await driver.press("pagedown", "pagedown", "y", "2", "enter", "h")
        await driver.until(lambda: driver.dialog == "Background")

    drive(scenario(GUIDED), walk)


def test_without_the_guide_the_background_opens():
    async def walk(driver):
        await driver.press("G", "h")
        await driver.until(lambda: driver.dialog == "Background")

    drive(scenario(GUIDED), walk)


def rows(driver):
    return driver.text.splitlines()


@pytest.mark.parametrize(("size", "place"), [((80, 24), -1), ((120, 40), -3)])
def test_a_message_takes_the_place_of_one_line_and_gives_it_back(size, place):
    async def walk(driver):
        before = rows(driver)[-4:]
        await driver.press("u")
        await driver.until(lambda: "nothing to undo" in driver.text)
        pairs = zip(before, rows(driver)[-4:], strict=True)
        assert [number - 4 for number, (one, other) in enumerate(pairs) if one != other] == [place]
        await driver.press("escape")
        await driver.until(lambda: rows(driver)[-4:] == before)

    drive(scenario(LANES), walk, size)


def test_a_long_message_takes_both_lines_of_the_equation_and_an_error_is_marked():
    async def walk(driver):
        words = [f"word{number}" for number in range(20)]
        driver.simulator.say(" ".join(words), error=True)
        await driver.until(lambda: "✗ word0" in driver.text)
        assert all(word in driver.text for word in words)
        assert "? help" in rows(driver)[-1]
        driver.simulator.say("another")
        await driver.until(lambda: "another" in rows(driver)[-1])
        assert "word0" not in driver.text

    drive(scenario(LANES), walk, (80, 24))


def test_a_message_does_not_take_the_equation_that_the_guide_speaks_of():
    async def walk(driver):
        await driver.until(lambda: "The line below" in driver.text)
        equation = rows(driver)[-4:-1]
        assert equation[0].startswith("▸")
        await driver.press("u")
        await driver.until(lambda: "nothing to undo" in driver.text)
        assert rows(driver)[-4:-1] == equation

    drive(scenario(GUIDED), walk)


def test_entering_a_pane_shows_its_keys_again():
    async def walk(driver):
        await driver.press("u")
        await driver.until(lambda: "nothing to undo" in rows(driver)[-1])
        await driver.press("enter")
        await driver.until(lambda: "esc out" in rows(driver)[-1])

    drive(scenario(LANES), walk, (80, 24))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_box_changes_with_the_page_and_is_never_covered(size):
    async def walk(driver):
        panes = driver.simulator.panes
        await driver.until(lambda: "The line below" in driver.text and GUIDE in panes.regions)
        await driver.press("n")
        await driver.until(lambda: "✓ done" in driver.text)
        await driver.press("pagedown")
        await driver.until(lambda: "Which of them is ahead" in driver.text)
        assert "1 wide" in driver.text
        assert {pane.lane for pane in panes.regions if pane.kind == "function"} == {0, 1}
        await driver.press("n")
        await driver.until(lambda: "first your answer" in driver.text)
        assert "Which of them is ahead" in driver.text
        await driver.press("tab")
        assert driver.simulator.panes.focused_pane != GUIDE
        await driver.press("z")
        await driver.until(lambda: len(panes.regions) == 2)
        assert "Which of them is ahead" in driver.text

    drive(scenario(GUIDED), walk, size)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_unit_selected_in_the_network_draws_its_line_in_the_map(size):
    async def walk(driver):
        simulator = driver.simulator
        simulator.panes.choose(("network", "function"))
        simulator.panes.focus_on(PaneId("network", 1))
        simulator.place_panes()
        await driver.press("n", "enter", "left", "left", "left")
        assert simulator.panes.focused_widget.selection == Unit(1, 0)
        while simulator.panes.focused_pane != PaneId("function", 1):
            await driver.press("tab")
        await driver.until(lambda: simulator.panes.widgets[PaneId("function", 1)].view is not None)
        view = simulator.panes.widgets[PaneId("function", 1)].view
        assert view.unit == Unit(1, 0)
        assert "a₁[0]" in driver.text
        assert simulator.panes.widgets[PaneId("function", 0)].view.unit is None

    drive(scenario(LANES), walk, size)


WALKED = """
[[guide]]
title = "A unit"
say = "Select one."
panes = ["network", "function"]
point = ["deep.z1"]
until = { selected = "deep.z1" }
[[guide]]
title = "Its line"
say = "It is there."
panes = ["network", "function"]
[[guide]]
title = "All again"
say = "Look."
panes = ["function"]
"""


def test_what_is_selected_goes_with_the_pages_that_name_its_pane():
    async def walk(driver):
        panes = driver.simulator.panes
        await driver.press("enter")
        await driver.until(lambda: panes.inside)
        selected = panes.focused_widget.selection
        await driver.press("pagedown")
        await driver.until(lambda: "Its line" in driver.text)
        assert panes.inside
        assert panes.focused_widget.selection == selected
        await driver.press("pagedown")
        await driver.until(lambda: "All again" in driver.text)
        assert not panes.inside
        assert all(widget.selection is None for widget in panes.widgets.values())

    drive(scenario(LANES + WALKED), walk)
