"""The dialog that goes the way of a value backwards, with its keys; and the keys of a real terminal."""

from tests.pilot import drive, scenario
from tests.terminal import Terminal, gradstep

ADAM = """
format = 1
name = "adam"
steps = 400
[data]
kind = "disc"
samples = 40
[[lanes]]
id = "one"
hidden = [6, 4]
activation = "tanh"
batch_size = 12
optimizer = { name = "adam", learning_rate = 0.01 }
"""


def endless():
    """A far way back."""
    while True:
        yield


def test_keys_follow_a_term_tell_more_go_back_and_go_there(monkeypatch):
    async def walk(driver):
        def dialog():
            return driver.app.screen

        async def told(text):
            await driver.until(lambda: driver.dialog == "WhyDialog" and text in driver.text)

        driver.session.go_to(30)
        await driver.press("escape", "1")
        panes = driver.simulator.panes
        while panes.focused_pane.kind != "weights":
            await driver.press("tab")
        await driver.press("enter", "i")
        await driver.until(lambda: driver.dialog == "Table" and "why: the way of its numbers" in driver.text)
        await driver.press("enter")
        await told("Step 30 changed it by ")
        await driver.press("s", "enter")  # the learning rate, where the way ends
        assert "Step 30 changed it by " in driver.text
        await driver.press("s", "enter")
        await told("W₃[0,0] step 30 ← ∂L/∂W₃[0,0]")
        assert "the other 6 samples" in driver.text
        lines = dialog()._rows.option_count
        await driver.press("end", "enter")
        await driver.until(lambda: dialog()._rows.option_count > lines)
        assert "the other 6 samples" not in driver.text
        await driver.press("home", "enter")
        await told("← δ₃[0] sample ")
        await driver.press("backspace", "backspace", "backspace")
        await told("Step 30 changed it by ")
        assert dialog()._rows.highlighted == 2
        await driver.press("home", "enter", "enter")
        await told("W₃[0,0] step 30 ← W₃[0,0] step 29 ← W₃[0,0] step 28")
        await driver.press("g")
        await driver.until(lambda: not driver.dialog and driver.cursor == (28, None))
        assert panes.inside
        assert " W₃[0,0] " in driver.text

        await driver.press("I")
        await told("W₃[0,0] after step 28")
        monkeypatch.setattr(dialog(), "_look", lambda *_: endless())
        await driver.press("enter")
        await told("esc stops")
        await driver.press("escape")
        assert driver.dialog == "WhyDialog"
        await told("W₃[0,0] step 28")
        assert "W₃[0,0] after step 28" in driver.text
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)

    drive(scenario(ADAM), walk)


def test_in_a_terminal():
    with Terminal(gradstep("disc-depth")) as terminal:
        terminal.wait_for(r" \? help")
        terminal.press("G", "g", "5", "enter")
        terminal.wait_for(r"^ \S+ +step 5\b")
        terminal.press("I", *"W1[3,1]", "enter")
        terminal.wait_for(r"Step 5 changed it by \S+, from ")
        terminal.press("down", "down", "enter")
        terminal.wait_for(r"W₁\[3,1\] step 5 ← ∂L/∂W₁\[3,1\]")
        terminal.press("backspace")
        terminal.wait_for(r"Step 5 changed it by \S+, from ")
        terminal.press("esc", "B", *"W1[3,1]", "enter")
        terminal.wait_for(r"They add up to \S+; the change is \S+\.")
