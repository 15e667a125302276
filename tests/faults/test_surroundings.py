"""Disks without room, folders that are not there, streams that are closed: said in a line, and the program goes on."""

import os
import resource
import shutil
import subprocess
import sys

import pytest

from tests.faults import checks
from tests.faults.monkey import Monkey
from tests.terminal import gradstep
from tui.archive.saved_run_file import open_run

UNLIMITED = resource.RLIM_INFINITY


def full(command):
    """A command none of whose files can grow, as on a disk without room."""
    return ["sh", "-c", 'ulimit -S -f 0; exec "$@"', "sh", *command]


def test_without_room_on_the_disk_the_app_says_so_once_and_says_again_when_there_is(tmp_path):
    monkey = Monkey(tmp_path, *full(gradstep("by-hand")))
    with monkey.running():
        monkey.press("n")
        monkey.shows("cannot be kept")
        monkey.press("R")
        monkey.shows("seed 1")
        monkey.press("x")
        monkey.shows("Save or export")
        monkey.press("s")
        monkey.shows("cannot write")
        monkey.answers()
        assert checks.files_of(monkey.exports) == {}
        monkey.press("n")
        resource.prlimit(monkey.terminal.pid, resource.RLIMIT_FSIZE, (UNLIMITED, UNLIMITED))
        monkey.shows("again")
        while not monkey.kept:
            monkey.reads(0.05)
        assert open_run(monkey.kept[0]).seed == 1
        monkey.ends("q")


@pytest.mark.parametrize("what", ["a file", "nothing that can be made"])
def test_without_a_folder_for_its_state_the_app_goes_on(tmp_path, what):
    monkey = Monkey(tmp_path, *gradstep("by-hand"))
    if what == "a file":
        monkey.state.write_text("no folder")
    else:
        monkey.state.symlink_to("/proc/nosuch")
    with monkey.running():
        monkey.press("n")
        monkey.shows("cannot be kept")
        monkey.answers()
        monkey.ends("q")


@pytest.mark.parametrize("key", ["s", "t"])
def test_an_export_into_a_folder_that_is_gone_is_refused_in_words(tmp_path, key):
    monkey = Monkey(tmp_path, *gradstep("by-hand"))
    with monkey.running():
        monkey.press("n")
        monkey.shows("UPDATE")
        shutil.rmtree(monkey.exports)
        monkey.press("x", key)
        monkey.answers()
        monkey.exports.mkdir()
        monkey.ends("q")


WRITES = {
    "csv": ("run", "by-hand", "--csv", "a.csv"),
    "record": ("run", "by-hand", "--record", "a.npz"),
    "new": ("new", "a.toml"),
}


@pytest.mark.parametrize("call", WRITES)
@pytest.mark.parametrize("why", ["no room", "no folder"])
def test_what_a_call_cannot_write_it_says_in_a_line_and_leaves_nothing(tmp_path, call, why):
    *words, name = WRITES[call]
    where = name if why == "no room" else f"nosuch/{name}"
    command = full(gradstep(*words, where)) if why == "no room" else gradstep(*words, where)
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=here())
    checks.done_or_refused(done.returncode, done.stdout, done.stderr.rpartition("\r")[2], name)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def here():
    """An environment in which the program is found from any folder."""
    return os.environ | {"PYTHONPATH": os.getcwd()}


CLOSED = {"0": "<&-", "1": ">&-", "2": "2>&-", "012": "<&- >&- 2>&-"}


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("words", ["by-hand", "list", "run by-hand --json", "run nosuch"])
def test_closed_streams_make_no_traceback_and_no_other_status(closed, words):
    command = f'exec "$0" -m tui {words} {CLOSED[closed]}'
    done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, text=True)
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == (2 if words in ("by-hand", "run nosuch") else 0), done.stderr
    assert done.stderr.count("\n") == (done.returncode == 2 and "2" not in closed)


@pytest.mark.parametrize(("words", "status"), [("run nosuch", 2), ("list", 0), ("run by-hand", 0)])
def test_where_errors_cannot_be_written_the_status_is_as_ever(words, status):
    with open("/dev/full", "wb") as full_device:
        done = subprocess.run(gradstep(*words.split()), stdout=subprocess.PIPE, stderr=full_device)
    assert done.returncode == status


def test_a_terminal_without_utf_8_gets_ascii(tmp_path):
    command = ["env", "LC_ALL=POSIX", "PYTHONUTF8=0", "PYTHONCOERCECLOCALE=0", *gradstep("by-hand")]
    monkey = Monkey(tmp_path, *command)
    with monkey.running():
        assert monkey.terminal.raw.isascii()
        monkey.press("n")
        monkey.shows("UPDATE")
        monkey.ends("q")
