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
