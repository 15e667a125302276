"""Lanes that go while one of them is in front: what is on the screen is what there is."""

import os

import pytest

from scenarios.file.loader import load
from tests.pilot import drive, scenario
from tests.tui.conftest import LANES
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run


@pytest.fixture
def path(tmp_path):
    """A file of two lanes."""
    file = tmp_path / "own.toml"
    file.write_text(LANES, encoding="utf-8")
    return file


async def branch(driver):
    """Branch the lane in front at step 1; the branch is in front then."""
    await driver.press("n", "f")
    await driver.until(lambda: driver.dialog == "Form")
    await driver.press("enter")
    await driver.until(lambda: not driver.dialog)
    assert (len(driver.session.lane_runs), driver.simulator.panes.front) == (3, 2)


async def two_lanes(driver):
    """Two lanes stand on the screen, one of them in front, and keys that ask for it are answered."""
    await driver.settled()
    assert len(driver.session.lane_runs) == 2
    assert driver.simulator.panes.front == 1
    assert {pane.lane for pane in driver.simulator.panes.regions} <= {None, 0, 1}
    await driver.press("w")
    await driver.until(lambda: driver.dialog == "Menu")
    assert "Lane 2: deep" in driver.text


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@pytest.mark.parametrize("key", ["u", "R", "E"])
def test_a_branch_that_goes_leaves_the_last_lane_in_front(path, key, size):
    async def walk(driver):
        await branch(driver)
        await driver.press(key)
        if driver.dialog:
            await driver.press("enter")
            await driver.until(lambda: not driver.dialog)
        await two_lanes(driver)

    drive(load(str(path)), walk, size=size)


def test_a_closed_lane_comes_back_at_once():
    async def walk(driver):
        await driver.press("n", "w")
        await driver.until(lambda: driver.dialog == "Menu")
        await driver.press("c")
        await driver.until(lambda: not driver.dialog)
        assert [lane_run.lane.id for lane_run in driver.session.lane_runs] == ["deep"]
        await driver.press("p", "u")
        assert [lane_run.lane.id for lane_run in driver.session.lane_runs] == ["wide", "deep"]
        assert {pane.lane for pane in driver.simulator.panes.regions} == {None, 0, 1}

    drive(scenario(LANES), walk)


@pytest.mark.parametrize("saved", [False, True])
def test_lanes_that_were_closed_are_offered_and_come_back(saved):
    async def walk(driver):
        await driver.press("n", "w", "c", "n", "n")
        await driver.until(lambda: driver.cursor == (3, None))
        if saved:
            driver.app.open_run(decode_run(encode_run(driver.session.saved())))
            await driver.until(lambda: driver.session.journal and not driver.session.recalled)
        await driver.press("w")
        await driver.until(lambda: driver.dialog == "Menu")
        assert "bring wide back" in driver.text
        await driver.press("b")
        await driver.until(lambda: not driver.dialog)
        assert [lane_run.lane.id for lane_run in driver.session.lane_runs] == ["deep", "wide"]
        assert driver.simulator.panes.front == 1
        assert driver.session.lane_runs[1].timeline.reached == 3

    drive(scenario(LANES), walk)


def test_a_branch_in_a_run_that_was_opened_takes_no_name_of_a_lane_that_was_closed():
    async def walk(driver):
        await branch(driver)
        await driver.press("w", "c")
        await driver.until(lambda: len(driver.session.lane_runs) == 2)
        driver.app.open_run(decode_run(encode_run(driver.session.saved())))
        await driver.until(lambda: driver.session.journal and not driver.session.recalled)
        await driver.press("1", "f")
        await driver.until(lambda: driver.dialog == "Form")
        await driver.press("enter")
        await driver.until(lambda: len(driver.session.lane_runs) == 3)
        session = driver.session
        assert [lane_run.lane.id for lane_run in (*session.lane_runs, *session.closed)] == [
            "wide",
            "deep",
            "wide_3",
            "wide_2",
        ]

    drive(scenario(LANES), walk)


def test_what_was_done_before_a_run_was_saved_can_be_undone():
    async def walk(driver):
        await driver.press("N")
        await branch(driver)
        driver.app.open_run(decode_run(encode_run(driver.session.saved())))
        await driver.until(lambda: driver.session.journal and not driver.session.recalled)
        await driver.press("u")
        await driver.until(lambda: "undone: branch of wide at step 11" in driver.notes)
        assert len(driver.session.lane_runs) == 2
        assert driver.cursor == (11, None)
        await driver.press("u")
        await driver.until(lambda: "nothing to undo" in driver.notes)

    drive(scenario(LANES), walk)


def test_a_file_that_is_only_touched_leaves_the_run_alone(path):
    async def walk(driver):
        await branch(driver)
        session = driver.session
        driver.simulator.file_watch.look()
        os.utime(path, (0, 0))
        driver.simulator.file_watch.look()
        path.write_text(LANES + "# a remark\n", encoding="utf-8")
        driver.simulator.file_watch.look()
        assert driver.session is session

    drive(load(str(path)), walk)


def test_a_file_is_not_read_again_below_a_dialog_and_undo_brings_the_run_back(path):
    async def walk(driver):
        await branch(driver)
        session = driver.session
        driver.simulator.file_watch.look()
        path.write_text(LANES.replace("learning_rate = 0.1", "learning_rate = 0.2"), encoding="utf-8")
        os.utime(path, (0, 0))
        await driver.press("w")
        await driver.until(lambda: driver.dialog == "Menu")
        driver.simulator.file_watch.look()
        assert driver.session is session
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        driver.simulator.file_watch.look()
        await two_lanes(driver)
        assert driver.session is not session
        await driver.press("escape", "u")
        await driver.until(lambda: driver.session is session)
        assert len(driver.session.lane_runs) == 3
        await driver.press("u")
        await driver.until(lambda: len(driver.session.lane_runs) == 2)

    drive(load(str(path)), walk)


def test_a_file_read_again_drops_the_branches_and_keeps_the_step(path):
    async def walk(driver):
        await branch(driver)
        driver.simulator.file_watch.look()
        path.write_text(LANES.replace("learning_rate = 0.1", "learning_rate = 0.2"), encoding="utf-8")
        os.utime(path, (0, 0))
        driver.simulator.file_watch.look()
        assert driver.session.lane_runs[0].lane.settings.optimizer.learning_rate == 0.2
        await driver.until(lambda: driver.cursor == (1, None))
        await two_lanes(driver)

    drive(load(str(path)), walk)
