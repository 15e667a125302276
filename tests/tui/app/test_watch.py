"""What a number was over the whole run, asked from inside: with Pilot, and in a real terminal."""

from types import SimpleNamespace

import numpy as np
import pytest

from scenarios.guide import Target
from tests.pilot import drive, scenario
from tests.terminal import Terminal, gradstep
from tests.tui.conftest import LANES
from tui.panes.layout import PaneId
from tui.render.numbers import num
from tui.render.selection import Sample, WatchedStep
from tui.simulator.tasks.watch import offered

SMALL = LANES.replace("steps = 100", 'steps = 100\nwatch = ["wide.W1[4,1]"]\npanes = ["weights", "loss"]')


def test_a_selected_weight_is_offered_and_its_run_so_far_is_there_to_go_to():
    async def walk(driver):
        panes, session = driver.simulator.panes, driver.session
        session.go_to(90)
        assert session.watched == ("wide.W1[4,1]",)
        await driver.press("2", "enter", "right", "v")
        await driver.until(lambda: driver.dialog == "WatchList")
        assert driver.app.screen.focused.value == "deep.W4[0,1]"
        await driver.press("enter", "escape")
        await driver.until(lambda: not driver.dialog and "steps 0 to 90" in driver.text)
        assert panes.focused_pane == PaneId("watch", None)
        curve = driver.simulator.frame().watch[1].curve
        place = session.lane_runs[1].lane.model.layers[3].index(0, 1)
        thetas = [session.lane_runs[1].timeline.state_at(step).theta[place] for step in range(91)]
        np.testing.assert_array_equal(curve.low, thetas)
        await driver.press("z", "enter", "down", "left", "left")
        selected = panes.focused_widget.selection
        assert selected == WatchedStep(selected.number, 1)
        assert f"deep.W4[0,1], step {selected.number}: {num(thetas[selected.number])}" in driver.text
        await driver.press("enter")
        await driver.settled()
        assert driver.cursor == (selected.number, None)
        await driver.press("s")
        await driver.until(lambda: "before → after" in driver.text)

    drive(scenario(SMALL), walk)


def test_what_cannot_be_watched_is_told_while_it_is_typed_and_a_list_can_be_emptied():
    async def walk(driver):
        await driver.press("v")
        await driver.until(lambda: driver.dialog == "WatchList")
        await driver.type("deep.trian_loss")
        await driver.until(lambda: 'did you mean "train_loss"' in driver.text)
        await driver.press("enter")
        assert driver.session.watched == ("wide.W1[4,1]",)
        await driver.type("")
        await driver.press("down", "x", "escape")
        await driver.until(lambda: not driver.dialog)
        assert driver.session.watched == ()
        assert "watch" not in driver.simulator.panes.kinds

    drive(scenario(SMALL), walk)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_in_a_terminal_a_typed_name_shows_the_whole_run(size):
    with Terminal(gradstep("disc-depth"), *size) as terminal:
        terminal.wait_for("paused")
        terminal.press("G", "g")
        terminal.wait_for("go to")
        terminal.press(*"300", "enter")
        terminal.wait_for("step 300")
        terminal.press("v")
        terminal.wait_for("→ completes")
        terminal.press(*"deep.W2[3,1]", "enter", "esc")
        terminal.wait_for("steps 0 to 300")
        terminal.wait_for(r"deep\.W2\[3,1\] .*\d")


@pytest.mark.parametrize(
    ("selected", "thing", "name"),
    [
        ([], None, ""),
        ([Target("weights"), Target("W", "deep", 2, (1, 0))], None, "deep.W2[1,0]"),
        ([Target("gradients"), Target("db", "deep", 1, (2,))], None, "deep.db1[2]"),
        ([Target("network"), Target("z", "deep", 1, (2,))], None, ""),
        ([Target("function")], Sample(7), "deep.output[7,0]"),
    ],
)
def test_what_is_selected_is_offered_by_its_name(selected, thing, name, bench):
    widget = SimpleNamespace(selection=thing, view=bench().view(lane=1))
    panes = SimpleNamespace(selected_targets=selected, inside=thing is not None, focused_widget=widget)
    assert offered(SimpleNamespace(panes=panes)) == name
