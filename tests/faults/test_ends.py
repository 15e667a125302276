"""Programs that are killed lose no run that was on disk; programs that are quit leave none."""

import os
import signal
from random import Random

import pytest

from tests.faults import checks
from tests.faults.monkey import Monkey
from tests.terminal import gradstep
from tui.archive.interrupted import interrupted
from tui.archive.saved_run_file import open_run

KILLS = 4


@pytest.mark.parametrize("end", ["q", "ctrl+q"])
def test_a_program_that_is_quit_right_after_a_key_leaves_no_run(tmp_path, end):
    monkey = Monkey(tmp_path, *gradstep("by-hand"))
    with monkey.running():
        monkey.press("n")
        monkey.shows("UPDATE")
        monkey.ends(end)
    assert monkey.kept == []


def seen(monkey):
    """The step and the number of actions of the run that is kept, and what was exported."""
    runs = monkey.kept
    place = [(run.cursor.step, len(run.journal)) for run in map(open_run, runs)]
    return place[0] if place else (0, 0), checks.files_of(monkey.exports)


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_program_killed_at_any_moment_loses_nothing_that_was_on_disk(tmp_path, monkeypatch, seed):
    random = Random(seed)
    monkey = Monkey(tmp_path, *gradstep("gd-vs-sgd"))
    with monkey.running():
        monkey.press("w")
        monkey.shows("rename it")
        monkey.press("r")
        monkey.shows("rename the lane")
        monkey.press(*"mine", "enter", "+", "space")
        monkey.shows("▶")
        while not monkey.kept:
            monkey.reads(0.02)
        for _ in range(random.randrange(1, 12)):
            monkey.press(
                *random.choice((["x", "s"], ["x", "c"], ["x", "j"], ["x", "p"], ["f", "enter"], ["space"], ["n"]))
            )
            monkey.reads(random.uniform(0, 0.2))
        step, before = seen(monkey)
        monkey.terminal.kill(signal.SIGKILL)
        while monkey.reads(0.02):
            pass
    monkeypatch.setenv("XDG_STATE_HOME", str(monkey.state))
    offered = interrupted()
    run = open_run(offered)
    assert run.lane_runs[0].lane.label == "mine"
    assert len(run.journal) >= step[1]
    checks.files_are_kept(
        {name: content for name, content in before.items() if not name.endswith(".part")},
        checks.files_of(monkey.exports),
    )
    checks.exports_are_whole(monkey.exports, killed=True)


def test_the_next_start_offers_the_run_of_a_killed_program_and_takes_it_up(tmp_path):
    monkey = Monkey(tmp_path, *gradstep("by-hand"))
    with monkey.running():
        monkey.press("n", "n", "n")
        monkey.shows("step 3 UPDATE")
        while not (monkey.kept and open_run(monkey.kept[0]).cursor.step == 3):
            monkey.reads(0.02)
        os.kill(monkey.terminal.pid, signal.SIGKILL)
    picker = Monkey(tmp_path, *gradstep())
    with picker.running(shows="interrupted"):
        picker.press("down", "enter")
        picker.shows("step 3 UPDATE")
        picker.press("n")
        picker.shows("step 4 UPDATE")
        picker.ends("q")
    assert picker.kept == []
