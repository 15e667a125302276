"""A disk that takes nothing: what the app writes unasked may fail, and everything else goes on."""

import resource
import shutil
from pathlib import Path

import pytest

from tests.terminal import Terminal, gradstep

READY = r" \? help"
FULL = "runs cannot be kept on the way: File too large"
AGAIN = "runs are kept on the way again"


def limited(*arguments):
    """The command in a process whose files may have no bytes, which the limit's owner may change."""
    return ["/bin/sh", "-c", 'ulimit -S -f 0; exec "$@"', "sh", *gradstep(*arguments)]


def states(terminal):
    return [words for words in (FULL, AGAIN) if words in terminal.text]


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of other processes cannot be changed here")
def test_a_disk_that_is_full_is_told_once_and_once_when_it_has_room_again(tmp_path):
    environment = {"XDG_STATE_HOME": str(tmp_path / "state")}
    with Terminal(limited("by-hand"), env=environment) as terminal:
        terminal.wait_for(READY)
        terminal.press("n")
        terminal.wait_for(FULL)
        terminal.press("esc")
        terminal.wait_gone(FULL)
        terminal.press("n", "n")
        terminal.wait_for(r"step 3 UPDATE")
        assert states(terminal) == []
        resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        terminal.wait_for(AGAIN)
        assert list((tmp_path / "state" / "gradstep" / "running").glob("*.gradstep"))
        terminal.press("q")
        assert terminal.wait() == 0
    assert list((tmp_path / "state" / "gradstep" / "running").iterdir()) == []


def test_files_opened_on_a_full_disk_are_told_not_to_be_remembered(tmp_path):
    scenario = tmp_path / "mine.toml"
    shutil.copy(Path("scenarios/library/by-hand.toml"), scenario)
    with Terminal(limited(str(scenario)), env={"XDG_STATE_HOME": str(tmp_path / "state")}) as terminal:
        terminal.wait_for(READY)
        terminal.wait_for("what was opened cannot be remembered: File too large")
        terminal.press("q")
        assert terminal.wait() == 0


def test_no_place_at_all_is_told_and_the_app_goes_on(tmp_path):
    (tmp_path / "state").write_text("no folder")
    with Terminal(gradstep("by-hand"), env={"XDG_STATE_HOME": str(tmp_path / "state")}) as terminal:
        terminal.wait_for(READY)
        terminal.press("n")
        terminal.wait_for("runs cannot be kept on the way: ")
        terminal.press("n")
        terminal.wait_for("step 2 UPDATE")


def test_x_in_a_folder_that_was_removed_says_so(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    with Terminal(gradstep("by-hand"), folder=folder, env={"PYTHONPATH": str(Path.cwd())}) as terminal:
        terminal.wait_for(READY)
        folder.rmdir()
        terminal.press("x")
        terminal.wait_for("the folder that gradstep was started in")
        terminal.press("n")
        terminal.wait_for("step 1 UPDATE")
