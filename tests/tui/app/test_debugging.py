"""Dialogs, breakpoints, predictions, branches and lanes that diverge, as a student meets them."""

import numpy as np
import pytest

from scenarios.quantities.definitions import QUANTITIES
from tests.pilot import drive, scenario
from tests.tui.conftest import LANES
from tui.lesson.verdicts import Verdicts

DIVERGING = """
format = 1
name = "too-fast"
question = "Which one stays?"
text = "One of them is too fast."
steps = 60
[data]
kind = "disc"
samples = 20
[defaults]
hidden = [4]
[[lanes]]
id = "calm"
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "wild"
optimizer = { name = "sgd", learning_rate = 1e200 }
[[predict]]
ask = "Does calm learn?"
answer = "calm.train_loss < 1e9"
at = 5
"""


async def fill(driver, key, text, dialog="Form"):
    """Open a dialog, put a text into its first field, and take it."""
    await driver.press(key)
    await driver.until(lambda: driver.dialog == dialog and driver.app.screen.focused)
    await driver.type(text)
    await driver.press("enter")


@pytest.mark.parametrize(
    ("key", "dialog"),
    [
        ("question_mark", "Help"),
        ("b", "BreakpointList"),
        ("e", "Form"),
        ("f", "Form"),
        ("g", "Form"),
        ("y", "Form"),
        ("E", "Form"),
        ("i", "Table"),
        ("I", "Form"),
        ("B", "Form"),
        ("w", "Menu"),
        ("x", "Menu"),
        ("m", "ChoosePanes"),
        ("S", "Seeds"),
        ("o", "Picker"),
        ("ctrl+p", "CommandPalette"),
    ],
)
def test_every_dialog_closes_with_esc_and_changes_nothing(key, dialog):
    async def walk(driver):
        await driver.press("n", "n", "s")
        simulator = driver.simulator
        before = (
            driver.cursor,
            driver.session.lane_runs,
            driver.session.breakpoints,
            simulator.panes.kinds,
            simulator.panes.front,
        )
        await driver.press(key)
        await driver.until(lambda: driver.dialog == dialog)
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        after = (
            driver.cursor,
            driver.session.lane_runs,
            driver.session.breakpoints,
            simulator.panes.kinds,
            simulator.panes.front,
        )
        assert driver.simulator is simulator
        assert after == before

    drive(scenario(DIVERGING.replace("1e200", "0.1")), walk)


def test_a_breakpoint_that_is_typed_says_what_its_quantity_means():
    async def walk(driver):
        await driver.press("b")
        await driver.until(lambda: driver.dialog == "BreakpointList")
        await driver.type("wide.grad_norm")
        said = f"grad_norm: {QUANTITIES['grad_norm'].meaning}"
        await driver.until(lambda: str(driver.app.screen.query_one("#meaning").render()) == said)

    drive(scenario(LANES), walk)


def test_playing_backwards_stops_at_a_breakpoint_and_the_screen_goes_on_saying_why():
    async def walk(driver):
        await driver.press("N", "N", "N")
        await driver.settled()
        await fill(driver, "b", "step == 12", "BreakpointList")
        await driver.type("wide.batch_loss < 1e9 and step == 20")
        await driver.press("enter", "escape")
        await driver.until(lambda: not driver.dialog)
        for step in (20, 12):
            await driver.press("less_than_sign")
            await driver.until(lambda step=step: driver.cursor == (step, None))
            await driver.settled()
        driver.simulator.said.no_more()
        await driver.press("1")
        assert "stopped, as step == 12 became true" in driver.text
        await driver.press("n")
        assert "stopped, as" not in driver.text

    drive(scenario(LANES), walk)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_breakpoint_stops_the_run_where_it_becomes_true(backwards):
    async def walk(driver):
        await fill(driver, "b", "wide.batch_loss > 0.15", "BreakpointList")
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        (lane_run, _) = driver.session.lane_runs
        true = np.append(False, lane_run.timeline.steps(0, 100).batch_loss > 0.15)  # there is none at step 0
        becomes = [int(step) for step in np.flatnonzero(true[1:] & ~true[:-1]) + 1]
        assert len(becomes) > 2
        if backwards:
            await driver.press("end")
            await driver.settled()
            end = driver.cursor[0]
            await driver.press("left_square_bracket")
            await driver.settled()
            assert driver.cursor == (max(step for step in becomes if step < end), None)
        else:
            await driver.press(*["plus"] * 9, "space")
            await driver.settled()
            assert driver.cursor == (becomes[0], None)
            await driver.press("right_square_bracket")
            await driver.settled()
            assert driver.cursor == (becomes[1], None)
        assert "wide.batch_loss > 0.15" in driver.notes

    drive(scenario(LANES), walk)


def test_a_condition_that_is_true_already_is_said_to_be():
    async def walk(driver):
        await driver.press("n", "n")
        await fill(driver, "g", "step >= 1")
        await driver.until(lambda: "true here already, at step 2: step >= 1" in driver.notes)
        assert driver.cursor == (2, None)

    drive(scenario(LANES), walk)


def test_a_wrong_condition_is_told_as_it_is_typed_and_not_taken():
    async def walk(driver):
        for text in ("wide.hessian_max", "narrow.train_loss < 1", "wide.train_loss <", "first_step(step == 3) > 1"):
            await fill(driver, "b", text, "BreakpointList")
            assert str(driver.app.screen.query_one("#problem").content)
            await driver.press("escape")
            await driver.until(lambda: not driver.dialog)
            assert driver.session.breakpoints == ()

    drive(scenario(LANES), walk)


def test_a_lane_that_diverges_stops_with_its_reason_and_the_other_goes_on():
    async def walk(driver):
        await driver.press("space")
        await driver.press(*["plus"] * 9)
        await driver.settled()
        assert driver.cursor == (60, None)
        calm, wild = driver.session.lane_runs
        assert calm.timeline.diverged_at is None
        assert wild.timeline.diverged_at < 10
        await driver.press("2")
        assert f"stopped at step {wild.timeline.diverged_at}" in driver.text
        await driver.press("D")
        await driver.until(lambda: driver.dialog == "Table")
        assert "was the first to overflow" in driver.text
        await driver.press("h")
        await driver.until(lambda: not driver.dialog)
        assert driver.cursor[0] < wild.timeline.diverged_at
        await driver.press("1", "D")
        assert "is alive" in driver.notes

    drive(scenario(DIVERGING), walk)


@pytest.mark.parametrize(("answer", "verdict"), [("yes", "you were right"), ("no", "you were wrong")])
def test_a_prediction_is_taken_and_told(answer, verdict):
    async def walk(driver):
        await driver.press("y")
        await driver.until(lambda: driver.dialog == "Choose")
        await driver.press("1" if answer == "yes" else "2", "enter")
        await driver.until(lambda: not driver.dialog)
        assert driver.simulator.verdicts.guesses == {0: answer == "yes"}
        await driver.press("N")
        await driver.settled()
        await driver.until(lambda: driver.simulator.verdicts.answers)
        assert driver.simulator.verdicts.score == (answer == "yes", 1)
        await driver.until(lambda: verdict in driver.notes)
        await driver.press("y")
        await driver.until(lambda: driver.dialog == "Form")
        assert "Step 11, pre-activation a₁" in driver.text

    drive(scenario(DIVERGING), walk)


def test_a_dialog_pauses_and_the_header_says_so():
    async def walk(driver):
        await driver.press("space")
        await driver.until(lambda: "▶" in driver.text)
        await driver.press("e")
        await driver.until(lambda: driver.dialog == "Form")
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        assert "paused" in driver.text

    drive("gd-vs-sgd", walk)


def test_a_branch_starts_at_the_cursor_with_one_thing_changed():
    async def walk(driver):
        await driver.press("N")
        await driver.settled()
        await fill(driver, "f", "0.01")
        await driver.until(lambda: not driver.dialog)
        wide, _, branch = driver.session.lane_runs
        assert branch.origin.step == 10
        assert driver.simulator.panes.front == 2
        await driver.press("N")
        await driver.settled()
        assert branch.timeline.state_at(10).theta.tobytes() == wide.timeline.state_at(10).theta.tobytes()
        assert branch.lane.settings_at(10).optimizer.learning_rate == 0.01
        assert wide.lane.settings_at(10).optimizer.learning_rate == 0.1
        assert (branch.timeline.state_at(20).theta != wide.timeline.state_at(20).theta).any()
        await driver.press("w")
        await driver.until(lambda: driver.dialog == "Menu")
        await driver.press("1")
        await driver.until(lambda: driver.dialog == "Table")
        assert "optimizer learning_rate" in driver.text
        await driver.press("escape", "u", "u")
        assert len(driver.session.lane_runs) == 2

    drive(scenario(LANES), walk)


@pytest.mark.parametrize(("answer", "lanes", "reached"), [("c", 2, 5), ("b", 3, 10), ("escape", 2, 10)])
def test_an_edit_in_the_past_asks(answer, lanes, reached):
    async def walk(driver):
        await driver.press("N")
        await driver.settled()
        await driver.press("p", "p", "p", "p", "p")
        await fill(driver, "e", "0.5")
        await driver.until(lambda: driver.dialog == "Menu")
        await driver.press(answer)
        await driver.until(lambda: not driver.dialog)
        assert driver.cursor == (5, None)
        assert len(driver.session.lane_runs) == lanes
        assert driver.session.lane_runs[0].timeline.reached == reached

    drive(scenario(LANES), walk)


def test_a_selected_weight_is_set_to_a_number():
    async def walk(driver):
        while driver.simulator.panes.focused_pane.kind != "weights":
            await driver.press("tab")
        await driver.press("enter", "right")
        await fill(driver, "e", "0.125")
        await driver.until(lambda: not driver.dialog)
        assert driver.session.lane_runs[0].timeline.state_at(0).theta[1] == 0.125
        assert "W₁[0,1] = 0.1250" in driver.text
        await driver.press("u")
        assert driver.session.lane_runs[0].timeline.state_at(0).theta[1] != 0.125

    drive(scenario(LANES), walk)


def test_keys_are_answered_while_a_claim_is_checked_and_esc_leaves_it_until_the_cursor_moves(monkeypatch):
    begun = []

    def endless(self, kind, number):
        begun.append(number)
        while True:
            yield

    monkeypatch.setattr(Verdicts, "telling", endless)

    async def walk(driver):
        simulator = driver.simulator
        await driver.until(lambda: begun)
        await driver.until(lambda: "checking" in driver.text)
        await driver.press("n", "l")
        assert driver.cursor == (1, None)
        assert not simulator.options.log
        await driver.until(lambda: len(begun) == 2)
        await driver.press("escape", "l")
        assert simulator.playback.errand is None
        assert len(begun) == 2
        await driver.press("n")
        await driver.until(lambda: len(begun) == 3)

    drive(scenario(LANES + '[[claims]]\ntext = "."\nat = 0\ncheck = "wide.train_loss > 0"\n'), walk)
