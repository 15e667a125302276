"""Every key of the table has a check here that it does what its help says; a key without one fails."""

import re
from pathlib import Path

import pytest
from textual.binding import Binding

from scenarios.file.loader import load
from tests.pilot import drive, keys_of
from tests.tui.app.before_a_class import presents_to_a_class_and_comes_back
from tests.tui.app.kept_choices import changes_the_theme, draws_in_ascii_or_in_unicode, switches_all_guides
from tests.tui.app.lane_difference import subtracts_a_lane_and_says_where_both_differ
from tests.tui.app.loss_chart import shows_all_of_the_loss_chart_again
from tests.tui.app.map_keys import (
    draws_maps_in_halves_of_cells,
    goes_to_the_next_wrong_sample,
    leaves_the_wrong_samples_alone_on_the_maps,
)
from tests.tui.app.named_places import names_a_place_and_goes_back
from tests.tui.app.three_lanes import LANES
from tests.tui.app.watch_keys import keeps_a_watch
from tests.tui.app.ways_back import (
    blames_the_samples_that_made_a_weight_what_it_is,
    goes_the_way_of_a_value_backwards,
    inspects,
    opens_the_autopsy,
)
from tui.keymap.table import SIMULATOR
from tui.widgets.bindings import bindings

GROUPS = {key: command.group for command in SIMULATOR for key in keys_of(command)}
CHECKS = {}


def keys(*names):
    """Register a check of keys: a coroutine that is handed the driver and the key."""

    def register(check):
        CHECKS.update(dict.fromkeys(names, check))
        return check

    return register


async def opened(driver, key, dialog):
    await driver.press(key)
    await driver.until(lambda: driver.dialog == dialog)


async def closed(driver, key="escape"):
    await driver.press(key)
    await driver.until(lambda: not driver.dialog)


async def filled(driver, key, text):
    await opened(driver, key, "Form")
    await driver.type(text)
    await closed(driver, "enter")


async def at(driver, step):
    """Stand at rest after a step."""
    driver.session.go_to(step)
    await driver.press("escape")


def theta(driver, step, lane=0):
    return driver.session.lane_runs[lane].timeline.state_at(step).theta.tobytes()


@keys("n", "right")
async def completes_a_step(driver, key):
    await at(driver, 3)
    await driver.press("s", key, key)
    assert driver.cursor == (5, None)


@keys("d")
async def goes_to_the_end_of_the_phase(driver, key):
    driver.session.go_to(3)
    for phase in ("BATCH", "FORWARD", "LOSS", "BACKWARD"):
        await driver.press(key)
        lane = driver.simulator.frame().lane
        assert [one.phase == phase for one in lane.operations[lane.index : lane.index + 2]] == [True, False]


@keys("p", "left")
async def abandons_a_step_or_undoes_one(driver, key):
    await at(driver, 3)
    await driver.press("s", "s", key)
    assert driver.cursor == (3, None)
    await driver.press(key)
    assert driver.cursor == (2, None)


@keys("s", "down")
async def goes_into_the_next_operation(driver, key):
    await at(driver, 3)
    await driver.press(key, key)
    assert driver.cursor == (3, 1)


@keys("a", "up")
async def goes_back_one_operation(driver, key):
    await at(driver, 3)
    await driver.press("s", "s", key)
    assert driver.cursor == (3, 0)


@keys("N", "P", "comma", "full_stop")
async def goes_some_steps(driver, key):
    await at(driver, 40)
    await driver.press(key)
    await driver.settled()
    assert driver.cursor == (40 + {"N": 10, "P": -10, "comma": -20, "full_stop": 20}[key], None)


@keys("g")
async def goes_to_a_step(driver, key):
    await filled(driver, key, "7")
    await driver.settled()
    assert driver.cursor == (7, None)


keys("M")(names_a_place_and_goes_back)


@keys("home", "end", "r")
async def goes_to_an_end(driver, key):
    await at(driver, 20)
    await at(driver, 10)
    reached = driver.session.reached
    await driver.press(key)
    await driver.settled()
    assert driver.cursor == ({"end": reached}.get(key, 0), None)
    assert driver.session.reached == reached


@keys("space", "less_than_sign")
async def plays_and_pauses(driver, key):
    await at(driver, 300)
    await driver.press(key)
    await driver.until(lambda: driver.cursor[0] != 300)
    assert "paused" not in driver.text
    await driver.press(key)
    await driver.until(lambda: "paused" in driver.text)
    assert (driver.cursor[0] > 300) == (key == "space")


@keys("plus", "equals_sign", "minus")
async def changes_the_speed(driver, key):
    def speed():
        return int(re.search(r"(\d+)/s", driver.text)[1])

    before = speed()
    await driver.press(key)
    await driver.until(lambda: speed() != before)
    assert (speed() < before) == (key == "minus")


@keys("tab", "shift+tab")
async def goes_to_the_next_pane(driver, key):
    panes = driver.simulator.panes
    before = panes.focused_pane
    await driver.press(key)
    assert panes.focused_pane != before
    await driver.press({"tab": "shift+tab", "shift+tab": "tab"}[key])
    assert panes.focused_pane == before


@keys("z")
async def zooms(driver, key):
    panes = driver.simulator.panes
    before = dict(panes.regions)
    await driver.press(key)
    assert list(panes.regions) == [panes.focused_pane]
    await driver.press(key)
    assert panes.regions == before


@keys("enter", "escape")
async def goes_into_the_pane_and_out(driver, key):
    panes = driver.simulator.panes
    while panes.focused_pane.kind != "weights":
        await driver.press("tab")
    await driver.press("enter", "right")
    assert panes.inside
    assert " W₁[0,1] = " in driver.text
    await driver.press("escape")
    assert not panes.inside


keys("W")(goes_to_the_next_wrong_sample)
keys("F")(leaves_the_wrong_samples_alone_on_the_maps)
keys("H")(draws_maps_in_halves_of_cells)


@keys("1", "2", "3", "4")
async def brings_a_lane_to_the_front(driver, key):
    if len(driver.session.lane_runs) == 3:
        await opened(driver, "f", "Form")
        await closed(driver, "enter")
    await driver.press("1" if key != "1" else "2", key)
    assert driver.simulator.panes.front == int(key) - 1


@keys("l", "c")
async def changes_an_axis_of_the_loss(driver, key):
    await driver.until(lambda: "loss · log · over steps" in driver.text)
    await driver.press(key)
    changed = {"l": "loss · linear · over steps", "c": "loss · log · over samples"}[key]
    await driver.until(lambda: changed in driver.text)
    await driver.press(*{"l": "l", "c": "cc"}[key])


keys("0")(shows_all_of_the_loss_chart_again)


@keys("pagedown", "pageup")
async def scrolls_the_lesson(driver, key):
    lesson = driver.simulator.panes.lesson
    await driver.press("pagedown", "pagedown")
    before = lesson.scroll_lines
    await driver.press(key)
    assert (lesson.scroll_lines > before) == (key == "pagedown")
    assert lesson.scroll_lines != before


@keys("h")
async def reads_the_background(driver, key):
    await opened(driver, key, "Background")
    assert "Look here." in driver.text
    await closed(driver, key)


@keys("G")
async def follows_the_guide_or_leaves_it(driver, key):
    assert not driver.simulator.guide.on  # this scenario has none
    await driver.press(key)
    assert not driver.simulator.guide.on


keys("ctrl+g")(switches_all_guides)
keys("A")(draws_in_ascii_or_in_unicode)


@keys("m")
async def chooses_panes(driver, key):
    await opened(driver, key, "ChoosePanes")
    await driver.press("space")
    await closed(driver, "enter")
    assert "function" not in driver.simulator.panes.kinds


keys("t")(changes_the_theme)
keys("C", "f5")(presents_to_a_class_and_comes_back)


@keys("e")
async def edits(driver, key):
    await at(driver, 2)
    await filled(driver, key, "0.5")
    settings = driver.session.lane_runs[0].lane.settings_at
    assert [settings(step).optimizer.learning_rate for step in (1, 2)] == [0.1, 0.5]


@keys("f")
async def branches(driver, key):
    step = driver.cursor[0]
    await filled(driver, key, "0.25")
    assert driver.session.lane_runs[3].origin.step == step
    assert theta(driver, step, 3) == theta(driver, step)


@keys("w")
async def closes_a_lane_and_brings_it_back(driver, key):
    for answer, lanes in ("c", 3), ("b", 4):
        await opened(driver, key, "Menu")
        await closed(driver, answer)
        assert len(driver.session.lane_runs) == lanes


@keys("u")
async def undoes(driver, key):
    await driver.press("n", "R")
    await driver.press(key)
    assert (driver.session.seed, driver.cursor[0] > 0) == (0, True)


@keys("b", "right_square_bracket", "left_square_bracket")
async def sets_a_breakpoint_and_runs_to_it(driver, key):
    if not driver.session.breakpoints:
        await opened(driver, "b", "BreakpointList")
        await driver.type("step == 12")
        await driver.press("enter")
        await closed(driver)
    assert len(driver.session.breakpoints) == 1
    await at(driver, {"left_square_bracket": 20}.get(key, 5))
    if key != "b":
        await driver.press(key)
        await driver.settled()
        assert driver.cursor == (12, None)


keys("i")(inspects)
keys("I")(goes_the_way_of_a_value_backwards)
keys("B")(blames_the_samples_that_made_a_weight_what_it_is)
keys("D")(opens_the_autopsy)
keys("L")(subtracts_a_lane_and_says_where_both_differ)
keys("v")(keeps_a_watch)


@keys("y")
async def asks_for_a_prediction(driver, key):
    await at(driver, 0)
    await opened(driver, key, "Choose")
    await driver.press("1")
    await closed(driver, "enter")
    assert driver.simulator.verdicts.guesses == {0: True}
    await driver.press("s", "s")
    await opened(driver, key, "Form")
    assert "Step 1, activation z₁" in driver.text
    await closed(driver)


@keys("Q")
async def asks_the_quiz(driver, key):
    await opened(driver, key, "Choose")
    await driver.until(lambda: "At a tenth" in driver.text)
    await driver.press("1", "enter")
    await driver.until(lambda: driver.dialog == "Told")
    await closed(driver)
    assert not driver.simulator.quiz.open(driver.simulator.before_lesson)


@keys("R", "T")
async def starts_again_with_a_new_seed(driver, key):
    seed, before = driver.session.seed, theta(driver, 0)
    await driver.press("n", key)
    await driver.until(lambda: (driver.session.seed, driver.cursor[0]) == (seed + 1, {"R": 0, "T": 1000}[key]))
    assert theta(driver, 0) != before


@keys("S", "Y", "question_mark", "o")
async def opens_a_screen(driver, key):
    seeds, sheet, help = ("Seeds", "seeds of three"), ("FillInStep", "fill in"), ("Help", "The pane in focus")
    name, text = {"S": seeds, "Y": sheet, "question_mark": help, "o": ("Picker", "choose")}[key]
    await opened(driver, key, name)
    await driver.until(lambda: text in driver.text)
    await closed(driver)


@keys("E")
async def changes_the_scenario(driver, key):
    await filled(driver, key, "70")
    assert driver.session.scenario.seed == 70


@keys("x")
async def exports(driver, key):
    await opened(driver, key, "Menu")
    await closed(driver, "c")
    await driver.until(lambda: list(Path.cwd().glob("*.csv")))


@keys("q")
async def quits(driver, key):
    await driver.press(key)
    await driver.until(lambda: not driver.app._running or driver.app._exit)


def test_every_key_has_a_check():
    assert set(CHECKS) == {binding.key for binding in Binding.make_bindings(bindings(SIMULATOR))}


@pytest.mark.parametrize("group", list(dict.fromkeys(GROUPS.values())))
def test_every_key_does_what_its_help_says(group, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("three.toml").write_text(LANES, encoding="utf-8")

    async def walk(driver):
        for key, check in CHECKS.items():
            if GROUPS.get(key, "Step") == group:
                await check(driver, key)

    drive(load("three.toml"), walk)
