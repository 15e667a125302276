"""The installed command in a real pseudo-terminal: keys as a terminal sends them, and the terminal it leaves behind."""

import os
import re
import signal
import subprocess
import sys

import pytest

from scenarios.file.loader import load
from tests.terminal import Terminal, gradstep
from tui.session.session import Session

READY = r" \? help"
ESCAPE = re.compile(rb"\x1b\[[0-9;:<=>?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[^\[\]]|[\r\n]")


def opened(*arguments, size=(120, 40), **environment):
    return Terminal(gradstep(*arguments), *size, env=environment)


def header(terminal):
    return terminal.text.splitlines()[0]


def at(terminal, step, phase=""):
    """Wait until the header says that step (counted from 1, as there) and phase."""
    return terminal.wait_for(rf"^ \S+ +step {step}\b *{phase}")


def test_the_first_five_minutes_of_the_readme():
    with opened() as terminal:
        terminal.wait_for("type to filter")
        terminal.press(*"by-hand")
        terminal.wait_for("by hand")
        terminal.press("enter")
        terminal.wait_for("The whole network")
        terminal.press("s")
        at(terminal, 1, "BATCH")
        terminal.press("s")
        terminal.wait_for("the next page asks you")
        terminal.press("pgdn")
        terminal.press("Y", *"0.5 + 0.5 + 1", "enter", *"-0.5", "enter", "esc")
        terminal.wait_for(r"A₁ = Z₀ W₁ᵀ \+ b₁ +1×2 = \(1×2\)\(2×2\) \+ 2")
        terminal.wait_for(r"a₁ of sample 0, unit \d: ")
        terminal.press("G", "n", "n", "n")
        at(terminal, 3, "UPDATE")
        terminal.press("p")
        at(terminal, 2, "UPDATE")

        terminal.press("o")
        terminal.wait_for("type to filter")
        terminal.press(*"disc-depth")
        terminal.wait_for("Shallow and wide")
        terminal.press("enter")
        at(terminal, 0)
        terminal.wait_for("Two networks, one disc")
        terminal.press("n", "n", "n")
        terminal.wait_for("✓ done")
        terminal.press("pgdn")
        terminal.wait_for("One step, taken apart")
        terminal.press("n")
        terminal.wait_for("✓ done")
        terminal.press("N")
        terminal.wait_for("a question comes first")
        terminal.press("pgdn")
        terminal.wait_for("Commit yourself")
        terminal.press("N")
        terminal.wait_for("first your answer")
        at(terminal, 4, "UPDATE")
        terminal.press("y")
        terminal.wait_for("a digit, enter · esc")
        terminal.press("enter", "2", "1", "2", "enter")
        terminal.wait_for("not graded")
        terminal.press("esc")
        terminal.wait_for("step 500 tells")
        terminal.press("pgdn")
        terminal.wait_for("Run ─")
        terminal.press("+", "+", "+", "+", "space")
        terminal.wait_for("pgdn tells")
        at(terminal, 500, "UPDATE")
        terminal.press("pgdn")
        terminal.wait_for("Told: Commit yourself")
        terminal.press("G")

        terminal.press("b")
        terminal.wait_for("A condition stops playing")
        terminal.press(*"deep.train_loss < 0.02", "enter")
        terminal.wait_for("on +deep.train_loss < 0.02")
        terminal.press("esc")
        terminal.wait_gone("A condition stops playing")
        terminal.press("home")
        at(terminal, 0)
        terminal.press("]")
        hit = terminal.wait_for(r"step (\d+): deep.train_loss < 0.02")[1]
        at(terminal, hit)

        terminal.press("f")
        terminal.wait_for("branch of ")
        terminal.press(*"0.03", "enter")
        terminal.wait_for(r" 3: ")
        terminal.press("space")
        at(terminal, 1000)
        terminal.press("w")
        terminal.wait_for("what differs between it and")
        terminal.press("1")
        terminal.wait_for(r"optimizer learning_rate +\S+ +\S+")
        terminal.press("esc")
        terminal.wait_gone("optimizer learning_rate")
        terminal.press("q")
        assert terminal.wait() == 0


def test_s_and_a_walk_through_every_operation_of_a_step():
    session = Session.begin(load("disc-depth"))
    with opened("disc-depth") as terminal:
        terminal.wait_for(READY)
        terminal.press("2")
        seen = []
        for _ in range(len(session.lockstep)):
            terminal.press("s")
            session.into()
            index = session.position(1).index
            at(terminal, 1, rf".* op {index + 1}/26")
            seen.append(header(terminal))
        assert session.cursor.step == 1
        assert len(set(seen)) == len(seen)
        for before in seen[-2::-1]:
            terminal.press("a")
            terminal.wait_for(re.escape(before.split("  ")[0]))
        terminal.press("a")
        at(terminal, 0)


def test_keys_as_a_terminal_sends_them():
    with opened("by-hand") as terminal:
        terminal.wait_for(READY)
        for key, place in {
            "right": (1, "UPDATE"),
            "down": (2, "BATCH"),
            "up": (1, "UPDATE"),
            "left": (0, ""),
            "N": (10, "UPDATE"),
            "home": (0, ""),
            "end": (10, "UPDATE"),
            "P": (0, ""),
            ".": (1, "UPDATE"),
            ",": (0, ""),
            "space": (10, "UPDATE"),
            "<": (0, ""),
        }.items():
            terminal.press(key)
            at(terminal, *place)
        terminal.press("pgup", "G")
        terminal.wait_for("─ weights")
        terminal.press("tab", "tab", "tab", "enter", "enter")
        terminal.wait_for(r"0\.5000|W₁")
        terminal.press("b")
        terminal.wait_for("A condition stops playing")
        terminal.press(*"step == 4", "enter")
        terminal.wait_for("on +step == 4")
        terminal.press("esc")
        terminal.wait_gone("A condition stops playing")
        terminal.press("]")
        at(terminal, 4)
        terminal.press("n", "n", "[")
        at(terminal, 4)
        terminal.press("?")
        terminal.wait_for("help · esc closes")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0


def test_keys_look_at_a_part_of_the_loss_chart():
    with opened("disc-depth", size=(80, 24)) as terminal:
        at(terminal, 0)
        terminal.press("G", "g")
        terminal.wait_for("condition")
        terminal.press(*"200", "enter")
        at(terminal, 200)
        terminal.press("tab", "enter")
        terminal.wait_for(r"\+ - zoom +, \. pan +0 all .* esc out")
        terminal.press("+", "+")
        terminal.wait_for("loss · log · steps 150…200 of 200")
        terminal.press(",")
        terminal.wait_for("steps 125…175 of 200")
        terminal.press("0")
        terminal.wait_for("loss · log · over steps")
        at(terminal, 200)


def test_messages_are_shown_as_they_are_written_and_the_newest_is_in_view():
    with opened("by-hand", size=(80, 24)) as terminal:
        terminal.wait_for(READY)
        for label in ("[relu]", "[b]bold", "W[1,2]", "last [/]"):
            terminal.press("w")
            terminal.wait_for("rename it")
            terminal.press("r")
            terminal.wait_for("rename the lane")
            terminal.press(*label, "enter")
            terminal.wait_for(f"renamed to {re.escape(label)}")


def test_resizing_while_it_plays_is_harmless():
    with opened("gd-vs-sgd") as terminal:
        terminal.wait_for(READY)
        terminal.press("G", *"++++", "space")
        for size in ((80, 24), (200, 60), (50, 12), (60, 20), (120, 40)):
            terminal.resize(*size)
            terminal.wait_for("needs 60×20 cells" if size == (50, 12) else READY)
        at(terminal, 1000)
        terminal.press("q")
        assert terminal.wait() == 0


ENDS = {
    "q": 0,
    "ctrl+q": 0,
    "ctrl+c": 128 + signal.SIGINT,
    signal.SIGTERM: 128 + signal.SIGTERM,
    signal.SIGHUP: 128 + signal.SIGHUP,
}


def assert_clean(terminal):
    """What a program that has ended leaves of a terminal is as it was before."""
    while terminal.pump(0.05) and b"\x1b[?25h" not in terminal.raw[-200:]:
        pass
    for mode, off in ((1049, b"l"), (25, b"h"), (1000, b"l"), (1003, b"l"), (1006, b"l"), (2004, b"l")):
        last = re.findall(rb"\x1b\[\?%d([hl])" % mode, terminal.raw)[-1]
        assert last == off, mode
    after = terminal.raw.rsplit(b"\x1b[?1049l", 1)[1]
    assert ESCAPE.sub(b"", after).strip() == b""


@pytest.mark.parametrize("playing", [False, True])
@pytest.mark.parametrize("end", ENDS)
def test_every_end_leaves_a_clean_terminal(end, playing):
    with opened("gd-vs-sgd", size=(80, 24)) as terminal:
        terminal.wait_for(READY)
        terminal.press("n")
        at(terminal, 1)
        if playing:
            terminal.press("-", "-", "space")
            terminal.wait_for("▶ 5/s")
        if isinstance(end, str):
            terminal.press(end)
        else:
            terminal.kill(end)
        assert terminal.wait() == ENDS[end]
        assert_clean(terminal)


STUCK = {
    "a pane's thread": "import tui.widgets.pane_widget as it; it._WORKER.submit(wait)",
    "a dialog's thread": "import tui.dialogs.seeds as it; it.seed_fan = wait",
    "the screen itself": "from tui.simulator.keys import Simulator as it; it.on_unmount = wait",
}


def test_starts_are_counted_one_after_the_other():
    with opened("xor-starts", size=(80, 24)) as terminal:
        terminal.wait_for(READY)
        terminal.press("G", "T")
        terminal.wait_for("tally · train_loss at step 500 · 2 starts")
        terminal.press("T")
        terminal.wait_for("3 starts")
        for place, counts in {"0": (1, 2, 3), "1/16": (1, 1, 0), "1/12": (1, 0, 0), "1/8": (0, 0, 0)}.items():
            terminal.wait_for(rf"│{place} +" + r"\D+".join(map(str, counts)) + r"\D")
        terminal.wait_for("seed 3: two (0|1/16|1/12|1/8), three ")


@pytest.mark.parametrize("where", STUCK)
def test_ctrl_q_ends_a_program_that_is_stuck_and_leaves_a_clean_terminal(where):
    program = (
        "import sys, threading\n"
        "def wait(*_): threading.Event().wait()\n"
        f"{STUCK[where]}\n"
        "from tui.cli import main\n"
        "sys.exit(main(['by-hand']))"
    )
    with Terminal([sys.executable, "-c", program], 80, 24) as terminal:
        terminal.wait_for(READY)
        terminal.press("n")
        at(terminal, 1)
        terminal.press("S")
        terminal.wait_for("32 seeds")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
        assert_clean(terminal)


def test_bytes_that_are_no_text_are_dropped():
    with opened("by-hand") as terminal:
        terminal.wait_for(READY)
        os.write(terminal.file, b"n\xff\xfen\xc3n")
        at(terminal, 3)
        terminal.press("b")
        terminal.wait_for("A condition stops playing")
        os.write(terminal.file, b"\x1b[200~step\xe9 == \xff4\x1b[201~\r")
        terminal.wait_for("on +step == 4")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0


def test_the_picker_ends_with_esc_and_with_ctrl_c():
    for key, status in {"esc": 0, "ctrl+c": 128 + signal.SIGINT}.items():
        with opened() as terminal:
            terminal.wait_for("type to filter")
            terminal.press(key)
            assert terminal.wait() == status


def test_without_a_terminal_there_is_one_line_and_status_2():
    done = subprocess.run(gradstep("by-hand"), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "terminal" in done.stderr


@pytest.mark.parametrize("walk", ["picker", "disc-depth"])
def test_ascii_writes_no_other_byte(walk):
    arguments = [] if walk == "picker" else [walk]
    written = b""
    with opened("--ascii", *arguments) as terminal:
        if walk == "picker":
            terminal.wait_for("type to filter")
            terminal.press("down", "down")
            terminal.wait_for("stages")
        else:
            terminal.wait_for(READY)
            for key, seen in {
                "s": "BATCH",
                "n": "UPDATE",
                "N": "step 11 UPDATE",
                "?": "next step: complete",
                "b": "A condition stops playing",
                "e": "learning rate",
                "i": "inspect",
                "w": "rename it",
                "y": "turns the pages",
                "m": "space ticks",
                "ctrl+p": "Search for commands",
            }.items():
                terminal.press(key)
                terminal.wait_for(seen)
                written += terminal.raw
                if key not in "snN":
                    terminal.press("esc")
                    terminal.wait_gone(seen)
        written += terminal.raw
    assert len(written) > 1000
    assert max(written) < 128


def test_no_color_starts_and_steps():
    with opened("disc-depth", NO_COLOR="1") as terminal:
        terminal.wait_for(READY)
        terminal.press("s", "n", "n")
        at(terminal, 2)
        colors = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)[;m]", terminal.raw)
        assert all(red == green == blue for red, green, blue in colors)


@pytest.mark.parametrize(
    "environment", [{"GRADSTEP_ASCII": "1"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "latin-1"}]
)
def test_a_variable_asks_for_ascii_too(environment):
    with opened("by-hand", **environment) as terminal:
        terminal.wait_for(READY)
        assert terminal.raw.isascii()


def test_a_csv_file_takes_the_place_of_a_lessons_data(tmp_path):
    rows = "37;1,5;yes\n20;2,5;no\n41;0,5;no\n33;3,5;yes\n" * 5
    (tmp_path / "own.csv").write_text(f"age;the dose;cured\n{rows}")
    with Terminal(gradstep("convex-vs-nonconvex"), env={}, folder=tmp_path) as terminal:
        at(terminal, 0)
        terminal.press("E")
        terminal.wait_for(r"data\.csv")
        terminal.press(*["up"] * 4, *"none.csv")
        terminal.wait_for("No such file or directory")
        terminal.press(*["backspace"] * 8, *"own.csv", "enter")
        terminal.wait_for("the dose")
        terminal.press("s")
        terminal.wait_for(r"age = \S+ \[\d+\S*\], the dose = \S+ \[\d\S*\], cured = \d\S+ \((yes|no)\)")
        terminal.press("q")


def test_a_key_is_varied_over_many_seeds():
    with opened("by-hand") as terminal:
        terminal.wait_for(READY)
        terminal.press("S")
        terminal.wait_for("v varies a key")
        terminal.press("v")
        terminal.wait_for("vary a key")
        terminal.press("enter")
        terminal.wait_for("learning_rate = (?s:.)*, best(?s:.)*v varies a key")
