"""Places with names, in a real terminal: named, gone to, saved and exported."""

from scenarios.file.loader import load
from tests.terminal import Terminal, gradstep


def test_a_place_is_named_and_gone_to_and_exported(tmp_path):
    with Terminal(gradstep("disc-depth"), env={}, folder=tmp_path) as terminal:
        terminal.wait_for("guide")
        terminal.press("G", "n", "s", "s", "M")
        terminal.wait_for("step 2, pre-activation a₁ of wide")
        terminal.press(*"the first sum", "enter")
        terminal.wait_for("m  step 2, pre-activation a₁ of wide  the first sum")
        terminal.press("esc")
        terminal.wait_gone("You stand here")
        terminal.press("n", "n", "g")
        terminal.wait_for("Places: the first sum")
        terminal.press(*"the first sum", "enter")
        terminal.wait_for(r"step 2 FORWARD · pre-activation a₁")
        terminal.press("x")
        terminal.wait_for("scenario")
        terminal.press("l")
        terminal.wait_for(r"\.toml")
        terminal.press("q")
        assert terminal.wait() == 0
    (written,) = tmp_path.glob("*.toml")
    (stop,) = load(str(written)).stops
    assert (stop.at, stop.name, str(stop.operation)) == (1, "the first sum", "wide.a 1")


def test_a_breakpoint_stops_at_the_update_that_killed_a_unit():
    with Terminal(gradstep("dead-relus"), env={}) as terminal:
        terminal.wait_for("guide")
        terminal.press("G", "b")
        terminal.wait_for("A condition stops playing")
        terminal.press(*"rough.dead1[4] == 1", "enter")
        terminal.wait_for(r"on +rough.dead1\[4\] == 1")
        terminal.press("down", "i")
        terminal.wait_for("at operations")
        terminal.press("esc")
        terminal.wait_gone("A condition stops playing")
        terminal.press("]")
        terminal.wait_for(r"breakpoint: step 7, update of layer 1 of rough: rough.dead1\[4\] == 1 · .* 0 → 1")
        terminal.press("n", "[")
        terminal.wait_for(r"step 7 UPDATE · update of layer 1")
        terminal.press("a", "n")
        terminal.wait_for(r"step 7 UPDATE · update of layer 1")
        terminal.press("q")
        assert terminal.wait() == 0


def test_where_a_branch_first_differs_from_its_lane():
    with Terminal(gradstep("by-hand"), 120, 40, env={}) as terminal:
        terminal.wait_for("guide")
        terminal.press("G", "n", "n", "f")
        terminal.wait_for("branch of ")
        terminal.press(*"0.3", "enter")
        terminal.wait_for(r" 2: ")
        terminal.press("n", "n", "L")
        terminal.wait_for(r"The first difference is in step 3: W₁\[0,0\] after the update")
        terminal.press("g")
        terminal.wait_for(r"step 3 UPDATE · update of layer 1")
        terminal.wait_for(r"weights − \S+ ±")
        terminal.press("q")
        assert terminal.wait() == 0
