"""In front of a class: afresh, large, and nothing of it is kept."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from scenarios.file.loader import load
from tests.pilot import drive, scenario
from tests.terminal import Terminal, gradstep
from tests.tui.lesson.test_talk import PLAIN, STOPS

ASKING = "disc-depth"


def kept():
    """All that is kept of runs and lessons."""
    state = Path(os.environ["XDG_STATE_HOME"])
    return {path: path.read_bytes() for path in state.rglob("*") if path.is_file() and path.suffix != ".lock"}


async def present(driver):
    rehearsal = driver.simulator
    await driver.press("C")
    await driver.until(lambda: driver.simulator is not rehearsal and "? help" in driver.text)
    return rehearsal


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_begins_afresh_and_leaves_the_rehearsal_as_it_was(size):
    async def walk(driver):
        await driver.press("n", "n", "n", "R", "n")
        await driver.settled()
        driver.simulator.keeper.keep_on(driver.session)  # as it does every second
        await driver.until(lambda: not driver.app._autosave.busy)
        rehearsed, before = driver.session, kept()
        place, journal = driver.cursor, list(driver.session.journal)
        rehearsal = await present(driver)
        session = driver.session
        assert (session.reached, session.journal, session.guesses) == (0, [], {})
        assert session.seed == session.scenario.seed != rehearsed.seed
        assert driver.simulator.guide.answers == {}
        await driver.press("n", "n", "pagedown", "pagedown", "e")
        await driver.until(lambda: driver.dialog == "Form")
        await driver.press("escape", "n", "space", "space")
        await driver.settled()
        assert driver.simulator.said.message is None
        assert kept() == before
        await driver.press("C")
        await driver.until(lambda: driver.simulator is rehearsal)
        assert (driver.session, driver.cursor, driver.session.journal) == (rehearsed, place, journal)
        await present(driver)
        assert driver.session.reached == 0

    drive(load(ASKING), walk, size=size)


def test_two_panes_at_most_are_in_view_on_every_page_and_the_last_key_is_told():
    async def walk(driver):
        await present(driver)
        guide = driver.simulator.guide
        for _ in range(3 * len(guide.stages)):
            await driver.press("pagedown")
            await driver.settled()
            panes = [pane for pane in driver.simulator.panes.regions if pane.kind != "lesson"]
            assert 1 <= len(panes) <= 2
            assert "next stage of the guide" in driver.text.splitlines()[-1]
            if guide.number == len(guide.stages) - 1:
                return
        raise AssertionError("the last page did not come")

    drive(load(ASKING), walk)


def test_a_question_stays_open_until_the_run_tells_it():
    async def walk(driver):
        await present(driver)
        guide = driver.simulator.guide
        while not guide.asking:
            await driver.press("pagedown")
            await driver.settled()
        number, question = guide.number, guide.stage.question
        step = driver.cursor[0]
        await driver.press("N", "space", "n", "end")
        await driver.settled()
        assert driver.cursor[0] <= step
        assert "a show of hands" in driver.text
        assert all(word not in driver.text for word in ("✓ 1", "✓ 2", "Right.", "skipped"))
        await driver.press("pagedown", "pagedown")
        await driver.settled()
        assert guide.number == number + 1
        driver.simulator.advance_to(question.at)
        await driver.settled()
        while guide.reply != number:
            await driver.press("pagedown")
            await driver.settled()
        await driver.until(lambda: f"Told: {guide.stages[number].title}" in driver.text and "✓" in driver.text)
        assert "You" not in driver.text
        assert guide.marked == {}

    drive(load(ASKING), walk)


def test_a_class_is_asked_for_no_reason_as_nothing_is_kept():
    async def walk(driver):
        await present(driver)
        guide = driver.simulator.guide
        while not guide.asking:
            await driver.press("pagedown")
            await driver.settled()
        assert guide.stage.why
        await driver.press("y")
        await driver.until(lambda: driver.dialog)
        await driver.press("2", "enter")
        await driver.until(lambda: not driver.dialog)
        assert not guide.asking
        assert "Why?" not in driver.text

    drive(load(ASKING), walk)


def test_without_a_guide_it_goes_from_stop_to_stop():
    async def walk(driver):
        await present(driver)
        for key, step, name in (
            ("pagedown", 10, "early {on}"),
            ("pagedown", 30, "late"),
            ("pagedown", 30, "late"),
            ("pageup", 10, "early {on}"),
            ("pageup", 0, "A line"),
        ):
            await driver.press(key)
            await driver.settled()
            await driver.until(lambda step=step: driver.cursor == (step, None))
            assert name in driver.text
        assert [line.count("s") for line in driver.text.splitlines() if line.endswith(" 40 ")] == [2]

    drive(scenario(PLAIN + STOPS), walk)


def test_a_stop_is_gone_to_by_its_name():
    async def walk(driver):
        await driver.press("g")
        await driver.until(lambda: driver.dialog == "Form")
        assert "Places: early {on}, late." in " ".join(driver.text.replace("│", " ").split())
        await driver.type("late")
        await driver.press("enter")
        await driver.settled()
        assert driver.cursor == (30, None)

    drive(scenario(PLAIN + STOPS), walk)


def test_the_themes_are_of_high_contrast_and_the_one_before_comes_back():
    async def walk(driver):
        await driver.press("t")
        before = driver.app.theme
        await present(driver)
        themes = [driver.app.theme]
        for _ in range(2):
            await driver.press("t")
            themes.append(driver.app.theme)
        assert before == "gradstep-light"
        assert themes == ["gradstep-contrast-light", "gradstep-contrast", "gradstep-contrast-light"]
        await driver.press("C")
        await driver.until(lambda: driver.app.theme == before)

    drive(replace(load(ASKING), guide=()), walk)


def test_the_command_presents_picks_the_next_and_keeps_nothing(tmp_path):
    env = {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    with Terminal(gradstep("present", "by-hand"), 80, 24, env=env) as terminal:
        terminal.wait_for("1/10")
        terminal.press("n", "n")
        terminal.wait_for(r"n  ×2  next step")
        terminal.press("o")
        terminal.wait_for("start here: by-hand")
        terminal.press("tent-map", "enter")
        terminal.wait_for(r"tent-map  step 0")
        terminal.press("pgdn")
        terminal.wait_for("pgdn  +next stage")
        terminal.press("C")
        assert terminal.wait(60) == 0
    assert list(tmp_path.rglob("*.*")) == []
