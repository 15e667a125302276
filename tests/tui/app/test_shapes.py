"""The screen at every size, for every lesson, after any keys."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.events import Resize
from textual.geometry import Size

from scenarios.file.catalog import library_course
from tests.pilot import drive, keys_of, scenario
from tests.tui.conftest import LANES
from tui.keymap.table import SIMULATOR
from tui.panes.layout import GUIDE, MINIMUM
from tui.panes.registry import PANES
from tui.simulator.screen import SimulatorScreen

SMALLEST, LARGE = (60, 20), (200, 60)
KEYS = [key for command in SIMULATOR for key in keys_of(command)] + ["up", "down", "left", "right"]
FREE = sorted(set(KEYS) - {"q", "S", "x", "o", "E"})
"""Keys that stay in the simulator, or in dialogs that esc closes."""

POINT = """
format = 1
name = "valley"
question = "Where to?"
text = "Down."
steps = 30
[[lanes]]
id = "down"
[lanes.function]
expression = "x**2 + 4*y**2"
start = { x = 1.0, y = 0.5 }
[lanes.optimizer]
name = "sgd"
learning_rate = 0.1
"""


async def alone(driver):
    """Leave the guide, where there is one."""
    if driver.simulator.guide.on:
        await driver.press("G")
        await driver.until(lambda: not driver.simulator.panes.guided)


def valid(driver):
    """Every pane in view lies inside the screen, and one of them is in focus."""
    width, height = driver.app.size
    simulator = driver.simulator
    if simulator.has_class("small"):
        return True
    regions = simulator.panes.regions
    assert simulator.panes.focused_pane in regions or set(regions) == {GUIDE}
    for pane, region in simulator.panes.regions.items():
        assert 0 <= region.x <= region.x + region.width <= width, pane
        assert 0 <= region.y <= region.y + region.height <= height - 5, pane
    assert 0 <= simulator.panes.front < len(driver.session.lane_runs)
    assert all(len(line) <= width for line in driver.text.splitlines())
    return True


@pytest.mark.parametrize(
    ("name", "size"),
    [(entry.name, (SMALLEST, LARGE)[number % 2]) for number, entry in enumerate(library_course().lessons)],
)
def test_every_lesson_opens_and_steps_at_one_end_of_the_sizes(name, size):
    async def walk(driver):
        await driver.press("s", "n", "s", "p")
        assert valid(driver)
        assert name in driver.text
        await alone(driver)
        await driver.press("N")
        await driver.settled()
        assert driver.cursor[0] >= 10

    drive(name, walk, size)


@pytest.mark.parametrize(
    ("name", "size"),
    [("disc-depth", SMALLEST), ("saddle-noise", (120, 40))],
)
def test_every_kind_of_pane_zooms_and_can_be_entered(name, size):
    async def walk(driver):
        await alone(driver)
        driver.simulator.panes.kinds = tuple(PANES)
        driver.simulator.place_panes()
        await driver.press("n")
        for kind in PANES:
            while driver.simulator.panes.focused_pane.kind != kind:
                await driver.press("tab")
            await driver.press("z", "enter", "right", "down", "s")
            (pane,) = driver.simulator.panes.regions
            assert pane.kind == kind
            assert valid(driver)
            await driver.press("escape", "escape", "escape")
            assert not driver.simulator.panes.zoomed

    drive(name, walk, size)


def test_below_the_least_size_a_plain_message_says_what_is_needed():
    async def walk(driver):
        for size in ((59, 20), (60, 19), (20, 5), (5, 2), (1, 1)):
            await driver.resize(*size)
            if size[0] > 45:
                assert driver.text.split() == f"gradstep needs 60×20 cells, here are {size[0]}×{size[1]}".split()
            await driver.press("n", "s", "z", "tab")
        await driver.resize(*MINIMUM)
        assert "two-lanes" in driver.text
        assert valid(driver)

    drive(scenario(LANES), walk, (40, 10))


@pytest.mark.parametrize("opened", ["?", "b", "e", "g", "m", "w", "i", "f", "x", "y", "S"])
def test_dialogs_stay_whole_while_the_terminal_changes_its_size(opened):
    async def walk(driver):
        await driver.press(opened)
        for size in ((200, 60), (60, 20), (30, 8), (80, 24)):
            await driver.resize(*size)
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        assert valid(driver)

    drive(scenario(LANES), walk)


@settings(max_examples=12)
@given(
    st.sampled_from([LANES, POINT]),
    st.lists(st.one_of(st.sampled_from(FREE), st.tuples(st.integers(1, 210), st.integers(1, 62))), max_size=30),
)
def test_any_keys_and_sizes_leave_a_valid_screen(text, events):
    async def walk(driver):
        for event in events:
            if isinstance(event, tuple):
                await driver.resize(*event)
            else:
                await driver.press(event)
            if driver.dialog:
                await driver.press("escape")
                await driver.until(lambda: not driver.dialog)
        await driver.press("space", "space", "escape")
        driver.simulator.playback.pause()
        await driver.resize(100, 30)
        assert valid(driver)
        await driver.press("r")
        await driver.settled()
        assert driver.cursor == (0, None)

    drive(scenario(text), walk)


def test_a_size_that_came_under_a_dialog_is_found_once_that_has_closed(monkeypatch):
    async def walk(driver):
        await driver.press("question_mark")
        await driver.until(lambda: driver.dialog)
        with monkeypatch.context() as untold:
            untold.setattr(SimulatorScreen, "on_resize", lambda _: None)
            await driver.resize(80, 24)
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        await driver.until(lambda: max(one.x + one.width for one in driver.simulator.panes.regions.values()) == 80)
        assert valid(driver)

    drive(scenario(LANES), walk)


def test_a_size_is_not_lost_with_the_timer_that_would_have_told_it():
    async def walk(driver):
        driver.app.set_timer = lambda *_, **__: SimpleNamespace(stop=lambda: None)  # as one whose call came late
        driver.app.post_message(Resize(Size(80, 24), Size(80, 24)))
        await driver.until(lambda: driver.app.screen.size == (80, 24))
        await driver.until(lambda: max(map(len, driver.text.splitlines())) == 80)

    drive(scenario(LANES), walk)
