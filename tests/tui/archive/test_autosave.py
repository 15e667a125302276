"""The last run is on disk while its program lives, is offered once it has died, and is gone after a clean end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scenarios import atomic_write
from scenarios.file.loader import load
from scenarios.runs.build import build
from tui.archive import interrupted as places
from tui.archive.autosave import Autosave
from tui.archive.interrupted import MOST_KEPT, interrupted, remove
from tui.archive.saved_run_file import open_run
from tui.session.actions import Turn, do
from tui.session.cursor import Cursor
from tui.session.lane_run import LaneRun
from tui.session.session import Session
from tui.session.snapshot import SavedRun


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "user_state_path", lambda name: tmp_path / name)


def run_at(step):
    scenario = load("saddle-noise")
    lane_runs = tuple(map(LaneRun.begin, build(scenario)))
    for lane_run in lane_runs:
        lane_run.timeline.state_at(step)
    return SavedRun(scenario, 0, lane_runs, Cursor(step))


def kept(*steps):
    """An autosave that has written runs at these steps."""
    autosave = Autosave()
    for step in steps:
        autosave.save(run_at(step))
    while autosave.busy:
        pass
    assert autosave.problem == ""
    return autosave


def die(autosave):
    """What the system does with the lock of a program that is killed."""
    autosave._place[1].release()


def test_the_run_of_a_living_program_is_not_offered_and_that_of_a_dead_one_is():
    autosave = kept(3, 8)
    assert interrupted() is None
    die(autosave)
    assert open_run(interrupted()).cursor == Cursor(8)


def test_a_run_that_was_taken_up_is_kept_until_it_is_written_again():
    die(kept(6))
    old = interrupted()
    autosave = Autosave()
    assert old.exists()
    autosave.save(open_run(old), instead_of=old)
    while autosave.busy:
        pass
    assert not old.exists()
    assert interrupted() is None
    die(autosave)
    assert open_run(interrupted()).cursor == Cursor(6)


def test_of_runs_that_wait_for_the_disk_the_newest_is_the_one_that_stays():
    autosave = kept(*range(20))
    die(autosave)
    assert open_run(interrupted()).cursor == Cursor(19)


def test_nothing_is_left_of_a_program_that_ended_as_its_user_wanted():
    autosave = kept(3)
    folder = places.folder()
    assert len(list(folder.iterdir())) == 2
    autosave.done()
    assert list(folder.iterdir()) == []
    assert interrupted() is None


def test_several_programs_do_not_meet():
    one, other = kept(3), kept(5)
    die(one)
    assert open_run(interrupted()).cursor == Cursor(3)
    other.done()
    assert open_run(interrupted()).cursor == Cursor(3)
    remove(interrupted())
    assert interrupted() is None


def test_the_newest_of_several_runs_is_offered_and_the_oldest_are_forgotten():
    for step in range(MOST_KEPT + 3):
        autosave = kept(step)
        os.utime(autosave._place[0], (step, step))
        die(autosave)
    kept().done()
    cursors = []
    while (path := interrupted()) is not None:
        cursors.append(open_run(path).cursor.step)
        remove(path)
    assert cursors == [MOST_KEPT + 2, MOST_KEPT + 1, MOST_KEPT]


def test_without_a_place_to_write_to_it_says_so_and_the_run_goes_on():
    places.folder().parent.mkdir(parents=True)
    places.folder().write_text("no folder")
    autosave = Autosave()
    while autosave.busy:
        pass
    assert autosave.problem.startswith("runs cannot be kept on the way: ")
    autosave.save(run_at(1))
    autosave.done()


def test_after_a_failure_the_next_run_is_written_and_what_it_replaces_goes_then(monkeypatch):
    die(kept(6))
    old = interrupted()

    def full(file):
        raise OSError(28, "No space left on device")

    autosave = Autosave()
    with monkeypatch.context() as disk:
        disk.setattr(atomic_write.os, "fsync", full)
        autosave.save(open_run(old), instead_of=old)
        while autosave.busy:
            pass
    assert autosave.problem == "runs cannot be kept on the way: No space left on device"
    assert old.exists()
    autosave.save(run_at(7))
    while autosave.busy:
        pass
    assert autosave.problem == ""
    assert not old.exists()
    die(autosave)
    assert open_run(interrupted()).cursor == Cursor(7)


def test_a_run_is_described_by_what_is_in_its_file():
    die(kept(5))
    assert places.described(interrupted()) == "saddle-noise, step 5"
    session = Session.begin(load("by-hand"))
    do(session, Turn(2))
    autosave = Autosave()
    autosave.save(session.saved())
    while autosave.busy:
        pass
    die(autosave)
    assert places.described(interrupted()) == "by-hand, page 3, step 0"
    interrupted().write_bytes(b"gradstep run 1\n but damaged")
    assert places.described(interrupted()) == ""


PROGRAM = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
from test_autosave import Autosave, kept, places, run_at
places.user_state_path = lambda name: Path(sys.argv[3]) / name
autosave = kept(4)
print("saved", flush=True)
sys.stdin.read()
"""


def test_a_program_that_is_killed_leaves_its_run(tmp_path):
    here = Path(__file__).parent
    command = [sys.executable, "-c", PROGRAM, str(here.parents[2]), str(here), str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout.readline() == "saved\n"
        assert interrupted() is None
        program.send_signal(signal.SIGKILL)
    assert open_run(interrupted()).cursor == Cursor(4)
