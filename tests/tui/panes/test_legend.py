"""The line at the foot of a pane that fills the screen: what the marks drawn in it mean."""

import pytest
from rich.segment import Segment

from tests.pilot import drive, scenario
from tui.dialogs.help import help_text
from tui.panes.legend import legend_line
from tui.panes.registry import PANES
from tui.render.palette import look

PLAIN, ASCII = look("dark", False, True), look("dark", True, False)
ROWS = (("● ▲", "lanes, by number; in their order"), ("÷7", "seven share a cell: the largest"), ("blue", "positive"))
DIVERGED = """
format = 1
name = "diverged"
steps = 20
panes = ["weights", "loss"]
[data]
kind = "disc"
samples = 20
[defaults]
hidden = [3]
[[lanes]]
id = "wild"
optimizer = { name = "sgd", learning_rate = 1e200 }
[[lanes]]
id = "calm"
"""


def text(rows, drawn, width, one=PLAIN):
    line = legend_line(rows, drawn, width, one)
    assert Segment.get_line_length(line) == width
    return "".join(segment.text for segment in line).rstrip()


def test_what_is_drawn_comes_first_and_signs_that_are_not_are_left_out():
    assert text(ROWS, "÷● blue", 100) == (
        "● ▲ lanes, by number; in their order   ÷7 seven share a cell: the largest   blue positive"
    )
    assert text((*reversed(ROWS),), "÷", 100) == "÷7 seven share a cell: the largest   blue positive"


def test_details_go_before_rows_do():
    assert text(ROWS, "●÷", 75) == "● ▲ lanes, by number   ÷7 seven share a cell   blue positive"
    assert text(ROWS, "●÷", 55) == "● ▲ lanes   ÷7 seven share a cell   blue positive"
    assert text(ROWS, "●÷", 40) == "● ▲ lanes   blue positive   ? more"


def test_in_ascii_marks_are_those_that_are_drawn_there():
    assert text(PANES["loss"].legend, "s", 200, ASCII).startswith("o x s ^ train loss of lanes 1 to 4")
    assert "\n  o x s ^    train loss of lanes 1 to 4" in help_text(PANES["loss"], ascii=True).plain


@pytest.mark.parametrize("kind", [kind for kind, pane in PANES.items() if pane.legend])
@pytest.mark.parametrize("width", [56, 76, 116, 196])
def test_a_legend_says_something_at_every_width(bench, kind, width):
    one = bench()
    one.session.go_to(5)
    view = one.view(width=width)
    rows = PANES[kind].marks(view)
    assert set(rows) <= set(PANES[kind].legend)
    assert text(rows, "".join(mark for mark, _ in rows), width) not in ("", "? more")


def test_a_zoomed_pane_says_what_is_drawn_in_it_and_on_the_strip():
    async def walk(driver):
        await driver.press("N")
        await driver.settled()
        assert "positive" not in driver.text
        before = driver.simulator.panes.focused_widget.size
        await driver.press("z")
        await driver.until(lambda: "+ * # positive" in driver.text or "blue, orange positive" in driver.text)
        widget = driver.simulator.panes.focused_widget
        assert widget.view.height == widget.size.height - 1
        assert "strip x = divergence" in driver.text
        await driver.press("z")
        await driver.until(lambda: "positive" not in driver.text)
        assert widget.size == before

    drive(scenario(DIVERGED), walk, (80, 24))


def test_help_says_what_the_marks_of_the_strip_mean():
    assert "\n  f  branch\n" in help_text(PANES["loss"]).plain
