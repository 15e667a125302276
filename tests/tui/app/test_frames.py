"""Frames that are held: only the latest is drawn, and only by panes in view."""

import gc
import weakref

from tests.pilot import drive, scenario
from tests.tui.conftest import LANES
from tui.panes.registry import PANES


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
