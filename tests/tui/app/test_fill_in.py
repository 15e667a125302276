"""Y: a step filled in on the screen and in a real terminal."""

from pathlib import Path

import pytest

from scenarios.file.loader import load, parse
from tests.pilot import drive
from tests.terminal import Terminal, gradstep
from tests.tui.lesson.test_fill_in import BY_HAND
from tui.render.numbers import num
from tui.session.actions import EditSettings, Fill, do
from tui.session.guesses import read_number

GUIDED = """
format = 1
name = "guided"
question = "Which?"
text = "Look."
seed = 0
steps = 10
panes = ["weights", "lesson"]
[data]
points = [[1, 2, 2]]
[[lanes]]
id = "hand"
hidden = [2]
optimizer = { name = "sgd", learning_rate = 0.1 }
[lanes.parameters]
W1 = [[0.5, 0.25], [-1, 0.25]]
b1 = [1, 0]
W2 = [[0.5, 1]]
b2 = [0.5]
[[guide]]
title = "Back through a unit"
say = "Fill in the error signal of layer 1."
until = { filled = "delta 1" }
[[guide]]
title = "And on"
say = "Now both gradients."
until = { filled = "dW 1" }
[[guide]]
title = "Found"
say = "It is found."
"""
FREE = GUIDED.partition("[[guide]]")[0]


def fills(driver):
    return [
        (action.operation, action.right, action.hinted, action.shown)
        for action in driver.session.journal
        if isinstance(action, Fill)
    ]


async def opened(driver):
    await driver.press("Y")
    await driver.until(lambda: driver.dialog == "FillInStep" and "fill in" in driver.text)


async def type_in(driver, *texts):
    for text in texts:
        await driver.press(*text, "enter")


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_the_whole_step_of_by_hand_is_filled_in_and_the_cursor_follows(size):
    async def walk(driver):
        await opened(driver)
        for position, (title, texts) in zip((1, 2, 3, *range(5, 14)), BY_HAND.items(), strict=True):  # z₂ is a₂
            await driver.until(lambda title=title: title in driver.text)
            await type_in(driver, *texts)
            await driver.until(lambda title=title: f"{title}: ✓" in driver.text)
            assert driver.text.count("right at once") == 1
            assert driver.cursor == ((0, position) if position < 13 else (1, None))
            await driver.press("enter")
        await driver.until(lambda: not driver.dialog)
        assert "step 1 is filled in: 27 right at once" in driver.text
        assert [one[:2] for one in fills(driver)][:4] == [("a 1", 2), ("z 1", 2), ("a 2", 1), ("loss", 1)]
        assert [operation for operation, *_ in fills(driver)][4:] == [
            *("delta 2", "dW 2", "db 2", "delta 1", "dW 1", "db 1", "update 1", "update 2")
        ]

    drive(parse(FREE.encode(), "free.toml", Path(".")), walk, size)


def test_what_was_filled_in_is_there_again_in_a_run_that_was_left():
    left = []

    async def leave(driver):
        await opened(driver)
        await type_in(driver, "1", "2", "-0.5")
        await driver.until(lambda: fills(driver) == [("a 1", 1, 1, 0)])
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        left.append(driver.session.saved())

    async def come_back(driver):
        await driver.until(lambda: "? help" in driver.text)
        await opened(driver)
        assert "1 right at once" in driver.text
        assert "1 after a hint" in driver.text
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        do(driver.session, EditSettings((0,), {"l2": 0.1}, "l2"))
        await opened(driver)
        assert "0 right at once" in driver.text

    drive(parse(FREE.encode(), "free.toml", Path(".")), leave)
    drive(left[0], come_back)


def test_what_was_filled_in_is_there_again_after_esc():
    async def walk(driver):
        await opened(driver)
        await type_in(driver, "2")
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        assert fills(driver) == []
        await opened(driver)
        assert "2.000✓" in driver.text
        await type_in(driver, "1", "-0.5")
        await driver.until(lambda: fills(driver) == [("a 1", 1, 1, 0)])
        await driver.press("escape", "Y")
        await driver.until(lambda: "activation z₁" in driver.text)

    drive(parse(FREE.encode(), "free.toml", Path(".")), walk)


def test_a_stage_that_waits_for_an_operation_opens_there_and_is_done_when_it_is_found():
    async def walk(driver):
        await opened(driver)
        assert "error signal δ₁" in driver.text
        await type_in(driver, "-0.5*0.5", "-0.5")
        await driver.until(lambda: "σ′ is missing" in driver.text)
        await type_in(driver, "0")
        await driver.until(lambda: fills(driver) == [("delta 1", 1, 1, 0)])
        assert driver.cursor == (0, 9)
        await driver.press("enter")
        await driver.until(lambda: not driver.dialog and "✓ done" in driver.text)
        assert not driver.simulator.panes.inside  # the key was the sheet's
        await driver.press("pagedown")
        await driver.until(lambda: "Now both gradients." in driver.text)
        await opened(driver)
        assert "gradient ∂L/∂W₁" in driver.text
        await type_in(driver, *BY_HAND["gradient ∂L/∂W₁"])
        await driver.press("enter")
        await driver.until(lambda: not driver.dialog)
        await driver.press("pagedown")
        await driver.until(lambda: "It is found." in driver.text)

    drive(parse(GUIDED.encode(), "guided.toml", Path(".")), walk)


def test_the_guide_of_by_hand_is_followed_to_its_question():
    """The sheet ends with what a stage waits for, and where a question comes."""

    async def walk(driver):
        await driver.press("s", "pagedown")
        await opened(driver)
        for title in list(BY_HAND)[:10]:
            await driver.until(lambda title=title: title in driver.text or not driver.dialog)
            if not driver.dialog:
                await driver.press(*["pagedown"] * driver.simulator.guide.done)
                await opened(driver)
            await type_in(driver, *BY_HAND[title], "")
        await driver.until(lambda: not driver.dialog)
        await driver.press("pagedown")
        assert driver.simulator.guide.asking
        assert driver.simulator.guide.stage.title == "Commit yourself"

    drive(load("by-hand"), walk)


def test_the_cursor_follows_where_the_guide_held_it_and_the_next_sheet_opens_with_something_to_fill_in():
    async def walk(driver):
        await driver.press("s", "pagedown")
        await opened(driver)
        await type_in(driver, "2", "-0.5", "")
        await driver.until(lambda: not driver.dialog)
        assert driver.cursor == (0, 1)
        await driver.press("pagedown")
        await opened(driver)
        assert "activation z₁" in driver.text

    drive(load("by-hand"), walk)


def test_all_that_was_filled_in_is_in_view_where_the_question_comes():
    async def walk(driver):
        await driver.press("s", "pagedown")
        for title, texts in list(BY_HAND.items())[:10]:
            if not driver.dialog:
                await driver.press(*["pagedown"] * driver.simulator.guide.done)
                await opened(driver)
            await driver.until(lambda title=title: title in driver.text)
            await type_in(driver, *texts, "")
        await driver.until(lambda: not driver.dialog)
        assert driver.cursor == (0, 11)
        assert driver.simulator.guide.held
        await driver.press("s")
        assert driver.cursor == (0, 11)

    drive(load("by-hand"), walk)


@pytest.mark.parametrize("long", ["-1*1+0.25*2", "(1+2)*3/7 "])
def test_of_a_long_wrong_number_its_cell_shows_what_it_comes_to(long):
    async def walk(driver):
        await opened(driver)
        await driver.press(*long)
        assert f" …{long[-8:]}".rstrip() in driver.text
        await driver.press("enter")
        await driver.until(lambda: f"{num(read_number(long))}✗" in driver.text)

    drive(parse(FREE.encode(), "free.toml", Path(".")), walk)


@pytest.mark.parametrize("size", [(60, 20), (100, 30)])
def test_it_follows_the_size_and_other_samples_and_units_in_plain_characters(size):
    async def walk(driver):
        await opened(driver)
        await driver.resize(*size)
        await driver.until(lambda: "one of 128" in driver.text)
        before = driver.text
        await driver.press("S", "pagedown")
        await driver.until(lambda: driver.text != before)
        await driver.press("B")
        await driver.until(lambda: "128 samples are too many" in driver.text)
        await driver.press("question_mark")
        await driver.until(lambda: "A1 = Z0 W1" in driver.text)

    drive("disc-depth", walk, ascii=True)


def test_a_lane_that_has_stopped_says_that_nothing_comes_next():
    text = FREE.replace("learning_rate = 0.1", "learning_rate = 1e200")

    async def walk(driver):
        driver.session.go_to(9)
        await driver.press("Y")
        await driver.until(lambda: "nothing to fill in comes next" in driver.text)
        assert not driver.dialog

    drive(parse(text.encode(), "wild.toml", Path(".")), walk)


def test_the_whole_step_is_filled_in_in_a_real_terminal():
    with Terminal(gradstep("by-hand"), 80, 24) as terminal:
        terminal.wait_for(r" \? help")
        terminal.press("G", "Y")
        terminal.wait_for("fill in A₁")
        terminal.press(*"0.5*1 + 0.25*2", "enter")
        terminal.wait_for("the bias is missing: add b₁ = 1")
        for title, texts in BY_HAND.items():
            terminal.wait_for(title)
            for text in texts:
                terminal.press(*text, "enter")
            terminal.wait_for(f"{title}: .* shown")
            terminal.press("enter")
        terminal.wait_for(r"step 1 UPDATE")
        terminal.wait_for("26 right at once, 1 after a hint, 0 shown")
        terminal.press("q")
        assert terminal.wait() == 0
