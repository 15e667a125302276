"""What the tab key completes: asked as a shell asks, and in a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.tui.commands.test_command import gradstep

BREAKS = " \t\n\"'><=;|&(:"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "my folder").mkdir()
    scenario = (
        'format = 1\nname = "mine"\nseed = 3\n[data]\nkind = "xor"\nnoise = 0.1\n[[lanes]]\nid = "one"\nl2 = 0.1\n'
    )
    for name in ("mine.toml", "my folder/in it.toml", "notes.txt", "exercise.py", "run.npz", "saved.gradstep"):
        (tmp_path / name).write_text(scenario)
    (tmp_path / "damaged.toml").write_bytes(b"\xff")
    return tmp_path


def asked(folder: Path, line: str) -> list[str]:
    """The completions of a line, as argcomplete's script for bash asks for them."""
    environment = {
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_SHELL": "bash",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_COMP_WORDBREAKS": BREAKS,
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(folder / ".said"),
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    done = subprocess.run([sys.executable, "-m", "tui"], cwd=folder, env=os.environ | environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    return (folder / ".said").read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("gradstep ru", ["run"]),
        ("gradstep disc", ["disc-depth"]),
        ("gradstep sa", ["saddle-noise", "saved.gradstep"]),
        ("gradstep run disc", ["disc-depth"]),
        ("gradstep run m", ["memorizing-noise", "mine.toml", "my\\ folder/"]),
        ("gradstep run my\\ folder/", ["my\\ folder/in\\ it.toml"]),
        ('gradstep run "my folder/i', ["my folder/in it.toml"]),
        ("gradstep verify --al", ["--all"]),
        ("gradstep verify disc-depth by-hand-", ["by-hand-deep", "by-hand-xor"]),
        ("gradstep trace disc-depth --lane ", ["wide", "deep"]),
        ("gradstep trace mine.toml --lane ", ["one"]),
        ("gradstep trace damaged.toml --lane ", [""]),
        ("gradstep run mine.toml --set ", ["seed=", "data.kind=", "data.noise=", "lanes.one.l2="]),
        ("gradstep run disc-depth --set lanes.deep.optimizer.l", ["lanes.deep.optimizer.learning_rate="]),
        ("gradstep run disc-depth --cs", ["--csv"]),
        ("gradstep run disc-depth --steps ", [""]),
        ("gradstep check ", ["exercise.py", "my\\ folder/"]),
        ("gradstep completion ", ["bash", "zsh", "fish"]),
        ("gradstep --as", ["--ascii", "--as"]),
        ("gradstep none-of-these --an", ["--anew"]),
    ],
)
def test_a_line_is_completed(folder: Path, line: str, wanted: list[str]) -> None:
    assert [word.rstrip() for word in asked(folder, line)] == wanted


def test_calls_stand_before_scenarios(folder: Path) -> None:
    words = asked(folder, "gradstep ")
    assert words.index("run") < words.index("by-hand") < words.index("mine.toml")
    assert "notes.txt" not in words


def test_neither_numpy_nor_the_app_is_loaded_for_it() -> None:
    program = (
        "import sys\n"
        "from tui.commands.complete import keys, lanes, scenarios\n"
        "from argparse import Namespace\n"
        "assert scenarios('disc') == ['disc-depth'] and lanes(Namespace(scenario='disc-depth')) == ['wide', 'deep']\n"
        "assert 'data.kind=' in keys(Namespace(scenario='disc-depth'))\n"
        "print(sorted({'numpy', 'textual', 'plotext', 'rich', 'tui.app.app'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_printed_that_its_shell_can_read(tmp_path: Path, shell: str) -> None:
    status, out, err = gradstep(tmp_path, "completion", shell)
    assert (status, err) == (0, "")
    assert "gradstep" in out
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    done = subprocess.run([shell, "-n"], input=out, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_another_shell_is_refused(tmp_path: Path) -> None:
    status, _, err = gradstep(tmp_path, "completion", "csh")
    assert status == 2
    assert "csh" in err
    assert "bash" in err


STARTED = {
    "bash": ("bash", "--rcfile", ".zshrc", "-i"),
    "zsh": ("zsh", "-i"),
    "fish": ("fish", "-i", "-C", "source config"),
}
"""How a shell is started that reads what the folder holds for it, and nothing else."""


@pytest.fixture
def shell_folder(folder: Path) -> Path:
    """The folder with a `gradstep` for a shell to find, and what the shell reads first."""
    program = folder / "bin" / "gradstep"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={Path(__file__).parents[3]} exec {sys.executable} -m tui "$@"\n')
    program.chmod(0o755)
    load = 'eval "$(gradstep completion ${ZSH_VERSION:+zsh}${BASH_VERSION:+bash})"\necho loaded\n'
    start = 'test -z "$ZSH_VERSION" || { autoload -Uz compinit && compinit -u; }\nPS1="ready$ "\n'
    (folder / ".zshrc").write_text(start + load)
    prompt = "function fish_prompt; echo -n 'ready$ '; end\nset -g fish_greeting\n"
    (folder / "config").write_text(f"{prompt}gradstep completion fish | source\necho loaded\n")
    return folder


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("gradstep ru", "gradstep run $"),
        ("gradstep run disc", "gradstep run disc-depth $"),
        ("gradstep verify --al", "gradstep verify --all $"),
        ("gradstep run my", r"gradstep run my\\ folder/$"),
        ("gradstep run my\\ folder/", r"gradstep run my\\ folder/in\\ it\.toml $"),
        ("gradstep run mine.toml --set lanes.one.", r"--set lanes\.one\.l2=$"),
    ],
)
@pytest.mark.parametrize("shell", STARTED)
def test_a_shell_completes_what_is_typed(shell_folder: Path, shell: str, typed: str, completed: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    environment = {
        "PATH": f"{shell_folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        **dict.fromkeys(("HOME", "ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(shell_folder)),
    }
    with Terminal(STARTED[shell], env=environment, folder=shell_folder) as terminal:
        terminal.wait_for(r"loaded\s+ready\$")
        terminal.press(*typed, "tab", "#")
        terminal.wait_for(rf"(?m){completed.removesuffix('$')}#")
