"""T: one start after the other, and the count of where they ended, on the screen."""

from dataclasses import replace

from tests.pilot import drive, scenario
from tests.tui.conftest import LANES
from tui.session.actions import CountStart, NewSeed
from tui.session.tally import tally

GUIDED = """
[tally]
at = 20
values = [0.1, 0.2]
within = 0.5
[[guide]]
title = "Commit yourself"
ask = "Which one?"
at = 30
choices = [{ say = "wide", when = "wide.train_loss < 1" }, { say = "deep", when = "wide.train_loss >= 1" }]
[[guide]]
title = "Ten times"
say = "T, again and again."
until = { ran = "starts", count = 3 }
[[guide]]
title = "Last"
say = "That was it."
"""


def seeds(driver):
    return tally(driver.session.scenario, driver.session.journal).seeds


def test_the_first_start_counts_the_run_that_stands_there_too():
    async def walk(driver):
        await driver.press("N", "T")
        await driver.settled()
        assert seeds(driver) == (0, 1)
        assert (driver.session.seed, driver.cursor) == (1, (100, None))
        assert "tally" in driver.text
        assert "2 starts" in driver.text
        assert "seed 1: lowest train_loss: " in driver.notes
        await driver.press("T")
        await driver.settled()
        assert seeds(driver) == (0, 1, 2)
        await driver.press("u")
        assert (driver.session.seed, driver.cursor) == (1, (100, None))
        assert seeds(driver) == (0, 1, 2)

    drive(scenario(LANES), walk)


def test_a_run_that_was_changed_is_not_counted_and_the_next_start_is():
    async def walk(driver):
        await driver.press("n", "e")
        await driver.until(lambda: driver.dialog == "Form")
        await driver.type("0.5")
        await driver.press("enter")
        await driver.until(lambda: not driver.dialog)
        await driver.press("T")
        await driver.settled()
        assert seeds(driver) == (1,)

    drive(scenario(LANES), walk)


def test_esc_stops_on_the_way_and_counts_nothing():
    async def walk(driver):
        await driver.press("T")
        await driver.until(lambda: driver.simulator.playback.under_way)
        await driver.press("escape")
        assert not driver.simulator.playback.under_way
        assert not any(isinstance(done, CountStart | NewSeed) for done in driver.session.journal)

    drive(scenario("steps = 10_000_000".join(LANES.split("steps = 100"))), walk)


def test_an_open_question_holds_it_and_a_stage_waits_for_so_many():
    async def walk(driver):
        guide = driver.simulator.guide
        await driver.press("T")
        assert "first your answer" in driver.notes
        assert driver.session.journal == [] or not seeds(driver)
        await driver.press("y")
        await driver.until(lambda: driver.dialog == "Choose")
        await driver.press("1", "enter")
        await driver.until(lambda: not driver.dialog)
        await driver.press("pagedown")
        assert guide.stage.title == "Ten times"
        assert "first your answer" not in driver.notes  # it was about the page before
        await driver.press("T")
        await driver.settled()
        assert (len(seeds(driver)), guide.stage.title) == (2, "Ten times")
        await driver.press("T")
        await driver.settled()
        assert (len(seeds(driver)), guide.stage.title) == (3, "Ten times")
        assert "✓ done" in driver.text
        await driver.press("pagedown")
        assert guide.stage.title == "Last"

    drive(scenario(LANES + GUIDED), walk)


def test_what_came_of_an_answer_is_told_of_the_run_that_was_asked_about():
    async def walk(driver):
        guide = driver.simulator.guide
        await driver.press("y")
        await driver.until(lambda: driver.dialog == "Choose")
        await driver.press("1", "enter")
        await driver.until(lambda: not driver.dialog)
        await driver.press("T")
        await driver.settled()
        assert (seeds(driver), driver.session.seed) == ((0,), 0)
        assert "first what came of your answer" in driver.notes
        await driver.until(lambda: guide.reply == 0)
        await driver.press("T")
        assert driver.session.seed == 0
        await driver.press("pagedown", "T")
        await driver.settled()
        assert (seeds(driver), guide.stage.title) == ((0, 1), "Ten times")

    drive(scenario(LANES + GUIDED.replace("at = 30", "at = 15")), walk)


def test_it_is_brought_into_view_where_not_all_panes_are():
    async def walk(driver):
        await driver.press("T")
        await driver.settled()
        assert "tally" in driver.text
        await driver.press("tab", "T")
        await driver.settled()
        assert "3 starts" in driver.text

    panes = ("function", "weights", "gradients", "loss", "norms", "lesson", "tally")
    drive(replace(scenario(LANES), panes=panes), walk, size=(80, 24))
