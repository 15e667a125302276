"""Where a step is large the keys answer while it is made, the header says how far it is, and esc leaves it."""

import pytest

from nncore import arrays
from nncore.timeline import Timeline
from tests.pilot import drive, scenario
from tests.tui.conftest import LANES


@pytest.fixture
def held(monkeypatch):
    """Lanes whose steps are large; no trace of the step in `held`, or of a later one, is made before it is empty."""
    holding, make = [1], Timeline.trace_slices

    def trace_slices(timeline, step):
        while holding and step >= holding[0]:
            yield
        return (yield from make(timeline, step))

    monkeypatch.setattr(arrays, "SLICE_WORK", 2**14)
    monkeypatch.setattr(Timeline, "trace_slices", trace_slices)
    return holding


@pytest.mark.parametrize(
    ("key", "going", "place"), [("n", "step 2", (2, None)), ("s", "operation 1 of step 2", (1, 0))]
)
def test_a_large_step_is_an_errand(held, key, going, place):
    async def walk(driver):
        playback = driver.simulator.playback
        await driver.press("n")
        await driver.settled()
        assert driver.cursor == (1, None)
        await driver.press(key)
        await driver.until(lambda: f"going to {going}…, part " in driver.text)
        under_way = playback._errand
        await driver.press(key, "h", "escape")  # it goes there already, and a dialog is answered meanwhile
        assert playback._errand is under_way
        await driver.press("escape")
        assert (playback.errand, driver.cursor) == (None, (1, None))
        await driver.press(key)
        held.clear()
        await driver.settled()
        assert driver.cursor == place

    drive(scenario(LANES), walk)


@pytest.mark.parametrize(
    ("keys", "words"), [("R", "seed 1"), (("f", *["enter"] * 20), "branching off wide from 1")], ids=["seed", "branch"]
)
def test_a_change_is_an_errand(held, keys, words):
    async def walk(driver):
        session = driver.simulator.session
        held.clear()
        await driver.press("n")
        await driver.settled()
        held.append(0)
        before = session.lane_runs
        await driver.press(*keys)
        await driver.until(lambda: f"{words}…, part " in driver.text)
        await driver.press("h", "escape")  # a dialog is answered meanwhile
        assert driver.simulator.playback.errand
        await driver.press("escape")
        assert (driver.simulator.playback.errand, session.lane_runs) == (None, before)
        await driver.press(*keys)
        held.clear()
        await driver.settled()
        assert session.lane_runs != before
        await driver.press("u")
        await driver.settled()
        assert session.lane_runs == before

    drive(scenario(LANES), walk)


def test_playing_gives_way_within_a_step(held):
    async def walk(driver):
        await driver.press("space")
        await driver.until(lambda: driver.cursor == (1, None))
        await driver.press("h")
        await driver.until(lambda: driver.dialog)
        await driver.press("escape", "space")
        assert (driver.simulator.playback.under_way, driver.cursor) == (False, (1, None))

    drive(scenario(LANES), walk)
