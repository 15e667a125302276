"""`gradstep exercise` and `gradstep check` as people call them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.own_code.learners import RIGHT, changed
from tests.tui.commands.test_command import ROOT, gradstep, process, refusal, result

OWN = """
format = 1
name = "own"
steps = 3
[data]
kind = "xor"
samples = 8
[[lanes]]
id = "f"
hidden = []
[[lanes]]
id = "deep"
hidden = [2, 3]
"""
FUNCTION = """
format = 1
name = "valley"
steps = 3
[[lanes]]
id = "f"
[lanes.function]
expression = "x**2"
start = { x = 1 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.toml").write_text(OWN)
    (tmp_path / "valley.toml").write_text(FUNCTION)
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "sub").mkdir()
    return tmp_path


def test_an_exercise_is_written_and_can_be_checked_from_anywhere(folder: Path) -> None:
    status, out, _ = gradstep(folder, "exercise", "own.toml", "sub/mine.py", "--lane", "deep")
    assert (status, out) == (0, "sub/mine.py is written; complete it, and try: gradstep check sub/mine.py\n")
    assert "# gradstep exercise ../own.toml --lane deep\n" in (folder / "sub" / "mine.py").read_text()
    for where, name in ((folder, "sub/mine.py"), (folder / "sub", "mine.py")):
        status, out, err = gradstep(where, "check", name)
        assert (status, err) == (1, "")
        assert "for own, lane deep, in a process of its own: 10 s, 1 GiB" in out
        assert "forward: the function is not written yet: go on here" in out


def test_nothing_is_overwritten_unasked(folder: Path) -> None:
    assert "right.py exists already; it is overwritten with --force only" in refusal(
        folder, "exercise", "by-hand", "right.py"
    )
    assert gradstep(folder, "exercise", "by-hand", "right.py", "--force")[0] == 0
    assert "raise NotImplementedError" in (folder / "right.py").read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["exercise", "valley.toml", "mine.py"], "valley has no network: its lanes are functions"),
        (
            ["exercise", "own.toml", "mine.py", "--lane", "deeq"],
            'found lane "deeq"; allowed: f, deep; did you mean "deep"?',
        ),
        (["exercise", "own.toml", "mine.txt"], 'found "mine.txt"; allowed: a file that ends in .py'),
        (["exercise", "own.toml", "none/mine.py"], "cannot write none/mine.py"),
        (["exercise", "bi-hand", "mine.py"], 'there is no such scenario; did you mean "by-hand"?'),
        (["check", "none.py"], "none.py: cannot read it: No such file or directory"),
        (["check", "sub"], "sub: cannot read it: Is a directory"),
        (["check", "empty.py"], "empty.py names no scenario; try: gradstep check empty.py SCENARIO"),
        (["check", "right.py", "valley.toml"], "valley has no network"),
        (["check", "right.py", "--watch", "--json"], "found several of --watch, --json, --open; allowed: one of them"),
    ],
)
def test_what_cannot_be_done_is_refused(folder: Path, words: list[str], says: str) -> None:
    assert says in refusal(folder, *words)


def test_a_right_file(folder: Path) -> None:
    status, out, err = gradstep(folder, "check", "right.py")
    assert (status, err) == (0, "")
    assert out.splitlines()[2:] == ["forward ✓   loss ✓   backward ✓   update ✓   three steps ✓", "", "all right"]
    found = result(folder, "check", "right.py")
    assert set(found) == {"passed", "done", "first", "version", "numpy", "scenario_hash", "overrides"}
    assert (found["passed"], found["first"]) == (True, None)
    assert found["done"] == ["forward", "loss", "backward", "update", "steps"]


def test_a_check_needs_nothing_of_the_app(folder: Path) -> None:
    program = (
        "import sys\nfrom tui.cli import main\nstatus = main(['check', 'right.py'])\n"
        "sys.exit(status or bool({'textual', 'plotext', 'checked'} & sys.modules.keys()))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program], cwd=folder, env=environment, check=True, capture_output=True)


def test_a_terminal_without_unicode(folder: Path) -> None:
    (folder / "wrong.py").write_text(changed((" * (A[d - 1] > 0)", "")))
    for words, environment in ((["--ascii"], {}), ([], {"LC_ALL": "POSIX"}), ([], {"GRADSTEP_ASCII": "1"})):
        _, out, _ = gradstep(folder, *words, "check", "wrong.py", env=environment)
        assert out.isascii()
        assert "forward ok   loss ok   backward" in out
        assert "WRONG   update ok   three steps -" in out


def test_the_scenario_of_the_call_is_in_place_of_that_of_the_file(folder: Path) -> None:
    status, out, _ = gradstep(folder, "check", "right.py", "own.toml", "--lane", "f")
    assert status == 1
    assert "for own, lane f" in out


def wrong(folder: Path, *words: str) -> dict[str, Any]:
    (folder / "wrong.py").write_text(changed((" * (A[d - 1] > 0)", ""), ("W[d] - alpha", "W[d] + alpha")))
    status, out, err = gradstep(folder, "check", "wrong.py", "--json", *words)
    assert (status, err) == (1, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_wrong_file_as_json(folder: Path) -> None:
    found = wrong(folder)
    assert found["passed"] is False
    assert found["done"] == ["forward", "loss", "backward delta 2", "backward dW 2", "backward db 2"]
    assert "rest" not in found
    first = found["first"]
    assert set(first) == {
        *("function", "operation", "layer", "entry", "yours", "expected", "mistake", "mistakes", "says", "line")
    }
    assert (first["function"], first["operation"], first["layer"]) == ("backward", "delta", 1)
    assert (first["mistake"], first["mistakes"]) == ("no-derivative", ["no-derivative"])
    assert len(first["entry"]) == 2
    assert first["yours"] != first["expected"]


def test_everything_that_is_wrong_as_json(folder: Path) -> None:
    found = wrong(folder, "--all")
    assert [(one["operation"], one["layer"], one["mistake"]) for one in found["rest"]] == [
        ("update", 1, "uphill"),
        ("update", 2, "uphill"),
    ]


def test_an_error_is_told_with_the_line_of_the_file(folder: Path) -> None:
    (folder / "wrong.py").write_text(changed(("    A, Z = {}, {0: X}\n", "    A, Z = {}, {0: X}[1]\n")))
    status, out, err = gradstep(folder, "check", "wrong.py")
    assert (status, err) == (1, "")
    assert out.endswith("forward: KeyError: 1\nwrong.py, line 6: A, Z = {}, {0: X}[1]\n")


def test_what_a_file_prints_or_says_cannot_disturb_the_terminal(folder: Path) -> None:
    begin = "    A, Z = {}, {0: X}\n"
    (folder / "wrong.py").write_text(changed((begin, begin + "    print('\\x1b[2J'); raise ValueError('\\x1b[31m')\n")))
    _, out, _ = gradstep(folder, "check", "wrong.py")
    assert "\x1b" not in out
    assert "\\x1b[2J" in out
    assert "ValueError: \\x1b[31m" in out


def test_ctrl_c_ends_what_runs(folder: Path) -> None:
    begin = "import os, pathlib\npathlib.Path('pid').write_text(str(os.getpid()))\nprint(1)\nwhile True: pass\n"
    (folder / "loop.py").write_text(f"# gradstep exercise by-hand\n{begin}")
    with process(folder, "check", "loop.py") as checking:
        while not (folder / "pid").exists() or not (folder / "pid").read_text():
            assert checking.poll() is None
        checking.send_signal(signal.SIGINT)
        assert checking.wait(20) == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int((folder / "pid").read_text()), 0)


def test_watching_checks_at_every_save_until_ctrl_c(folder: Path) -> None:
    file = folder / "mine.py"
    file.write_text(changed((" * (A[d - 1] > 0)", "")))
    with process(folder, "check", "mine.py", "--watch") as watching:

        def until(*texts: str) -> None:
            for text in texts:
                assert any(text in line for line in watching.stdout or ()), text

        until("σ′ is missing", "waiting until mine.py is saved")
        file.write_text("")
        until("mine.py names no scenario", "waiting until mine.py is saved")
        (folder / "new.py").write_text(RIGHT)
        (folder / "new.py").replace(file)
        until("all right", "waiting until mine.py is saved")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(20) == 130
