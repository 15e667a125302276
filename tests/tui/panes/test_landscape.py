"""The pane landscape: its axes, and one range of heights for all lanes."""

import pytest

from tests.pilot import drive, scenario
from tui.panes.pane import Options
from tui.panes.registry import PANES

PANE = PANES["landscape"]
BOWLS = """
format = 1
name = "bowls"
steps = 5
panes = ["landscape"]
[defaults]
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "flat"
function = { expression = "1 + x**2 + y**2", start = { x = 1, y = 1 } }
[[lanes]]
id = "steep"
function = { expression = "1 + 4*x**2 + 4*y**2", start = { x = 1, y = 1 } }
"""


def drawn(view):
    drawing = PANE.draw(view)
    return drawing, ["".join(segment.text for segment in line) for line in drawing.lines]


@pytest.mark.parametrize(("step", "label"), [(0, "d1, lengths of theta"), (20, "d1, distance in theta")])
def test_the_axes_say_what_their_numbers_are(bench, step, label):
    one = bench()
    one.session.go_to(step)
    _, lines = drawn(one.studied("landscape", width=60, height=13))
    assert lines[11].endswith(label)
    assert lines[0][:7].strip() == "d2"


def test_the_axes_of_a_function_are_its_variables(bench):
    _, lines = drawn(bench(BOWLS).studied("landscape", width=60, height=13))
    assert lines[0][:7].strip() == "y"
    assert lines[11].endswith("-x")


def test_a_narrow_pane_says_its_heights_in_the_border(bench):
    drawing, _ = drawn(bench(BOWLS).studied("landscape", width=30, height=13))
    assert all("L " in title for title in drawing.titles)


def test_heights_hold_those_of_all_lanes_but_not_of_one_that_flees(bench):
    one = bench(BOWLS)
    one.session.go_to(3)
    found = [one.studied("landscape", lane=lane).study.result for lane in (0, 1)]
    shared = PANE.scale(found, Options())
    assert shared.plane == (min(one.values.min() for one in found), max(one.values.max() for one in found))
    assert shared.lanes == 2
    assert PANE.scale([], Options()) is None
    one = bench(BOWLS.replace("4*x**2", "4e9*x**2"))
    found = [one.studied("landscape", lane=lane).study.result for lane in (0, 1)]
    assert PANE.scale(found, Options()).plane[1] == pytest.approx(1e4 * found[0].values.max())


def test_all_lanes_are_drawn_in_one_range_also_where_one_fills_the_screen():
    async def walk(driver):
        widgets = driver.simulator.panes.widgets

        def shown():
            return [line for line in driver.text.splitlines() if "in all lanes" in line]

        await driver.until(lambda: any(line.count("in all lanes") == 2 for line in shown()))
        (both,) = shown()
        assert len({widget.scale for widget in widgets.values() if widget.pane.kind == "landscape"}) == 1
        first, second = (part.split()[:2] for part in both.split("L ")[1:])
        assert first[0] == second[0]
        await driver.press("z")
        await driver.until(lambda: [line.count("in all lanes") for line in shown()] == [1])

    drive(scenario(BOWLS), walk)
