"""Everything is imported and started without the names that macOS or Windows lack."""

import subprocess
import sys

import pytest

from tests.scenarios.own_code.learners import RIGHT
from tests.terminal import Terminal
from tests.test_architecture import PACKAGES, ROOT, modules
from tui.archive import interrupted

WITHOUT = """
import asyncio, os, signal, sys
for name in ("sched_getaffinity", "sched_setaffinity", "process_cpu_count", "O_NONBLOCK", "killpg"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGHUP", "SIGPIPE"):
    delattr(signal, name)
for name in ("add_signal_handler", "remove_signal_handler"):
    delattr(asyncio.unix_events._UnixSelectorEventLoop, name)
sys.modules["fcntl"] = sys.modules["resource"] = None
"""
IMPORT = WITHOUT + "import importlib\nfor name in sys.argv[1:]:\n    importlib.import_module(name)\n"
START = WITHOUT + "from tui.cli import main\nsys.exit(main(sys.argv[1:]))\n"


def test_every_module_is_imported():
    names = [name for package in PACKAGES for name in modules(package)]
    subprocess.run([sys.executable, "-c", IMPORT, *names], cwd=ROOT, check=True)


def test_a_file_is_checked(tmp_path):
    (tmp_path / "mine.py").write_text(RIGHT)
    command = [sys.executable, "-c", START, "check", str(tmp_path / "mine.py")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "all right" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["list"], ["run", "by-hand", "--steps", "1"], ["verify", "disc-depth", "--seeds", "2"]]
)
def test_calls_are_done(arguments):
    done = subprocess.run([sys.executable, "-c", START, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_the_app_keeps_a_run_takes_it_up_and_ends(tmp_path):
    places = {"env": {"XDG_STATE_HOME": str(tmp_path)}, "folder": ROOT}
    with Terminal([sys.executable, "-c", START, "by-hand"], **places) as terminal:
        terminal.wait_for(r" \? help")
        terminal.press("n", "n")
        terminal.wait_for("step 2 UPDATE")
        while not list(tmp_path.rglob(f"running/*{interrupted.SUFFIX}")):
            terminal.pump(0.02)
        terminal.press("ctrl+c")
        assert terminal.wait() == 130
    with Terminal([sys.executable, "-c", START], **places) as terminal:
        terminal.wait_for("interrupted just now: by-hand, step 2")
        terminal.press("down", "enter")
        terminal.wait_for("step 2 UPDATE")
        terminal.press("q")
        assert terminal.wait() == 0
    assert not list(tmp_path.rglob(f"running/*{interrupted.SUFFIX}"))


def test_a_signal_ends_it_with_the_run_kept(tmp_path):
    places = {"env": {"XDG_STATE_HOME": str(tmp_path)}, "folder": ROOT}
    with Terminal([sys.executable, "-c", START, "by-hand"], **places) as terminal:
        terminal.wait_for(r" \? help")
        terminal.press("n")
        terminal.wait_for("step 1 UPDATE")
        terminal.kill(15)
        assert terminal.wait() == 128 + 15
    assert list(tmp_path.rglob(f"running/*{interrupted.SUFFIX}"))
