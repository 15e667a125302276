"""Frames that are held: only the latest is drawn, and only by panes in view."""

import gc
import weakref

from tests.pilot import drive, scenario
from tests.tui.conftest import LANES
from tui.panes.registry import PANES
from tui.session.actions import Branch, do


def test_a_delayed_drawing_of_a_frame_from_before_a_lane_came_is_left_out(monkeypatch):
    async def walk(driver):
        held = []
        monkeypatch.setattr(driver.simulator, "after", lambda seconds, callback: held.append(callback))
        await driver.press("n")
        simulator = driver.simulator
        do(driver.session, Branch(0))
        simulator.place_panes()
        assert {pane.lane for pane in simulator.panes.regions} >= {2}
        assert held
        for draw in held:
            draw()
        held.clear()
        await driver.press("n")
        assert held
        for draw in held:
            draw()
        assert all(simulator.panes.widgets[pane].view.frame is simulator._latest for pane in simulator.panes.regions)

    drive(scenario(LANES), walk)


def test_panes_out_of_sight_hold_no_frame():
    async def walk(driver):
        simulator = driver.simulator
        simulator.panes.kinds = tuple(PANES)
        simulator.place_panes()
        await driver.press("n")
        await driver.until(lambda: all(simulator.panes.widgets[pane].view for pane in simulator.panes.regions))
        before = weakref.ref(simulator.panes.focused_widget.view.frame)
        await driver.press("z")
        await driver.press("n")
        (shown,) = simulator.panes.regions
        hidden = [widget for pane, widget in simulator.panes.widgets.items() if pane != shown]
        assert len(hidden) > 3
        assert all((widget.view, widget._work, widget._slice) == (None, None, None) for widget in hidden)
        await driver.until(lambda: gc.collect() is not None and before() is None)

    drive(scenario(LANES), walk)
