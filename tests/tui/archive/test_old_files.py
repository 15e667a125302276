"""Files of the program as it was: they open, stand where they stood, and replay to the numbers that they had.

`tests/fixtures/expected.json` was written by the program that wrote the files. Where arithmetic is the same, down
to the processor's instructions, bytes are compared; elsewhere numbers, to 1e-9.
"""

import json
import platform
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np
import pytest

from scenarios.file.loader import load
from tests.journal import bare
from tests.terminal import gradstep
from tests.undo import undo
from tui.archive.interrupted import described, interrupted
from tui.archive.saved_run_file import open_run
from tui.archive.versions import versions
from tui.lesson.recording import read, recall, repeat
from tui.session.session import Session

FIXTURES = Path(__file__).parents[2] / "fixtures"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text("utf-8"))
SAVED = sorted((FIXTURES / "saved").glob("*.gradstep"))
LESSONS = sorted((FIXTURES / "lessons").glob("*.json"))
INTERRUPTED = sorted((FIXTURES / "interrupted").glob("*.gradstep"))
NEAR = 1e-9


def arithmetic():
    """What the last bits of a number depend on."""
    here = {name: versions()[name] for name in ("numpy", "blas", "machine")}
    simd = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    return {**here, "simd": list(simd), "libc": " ".join(platform.libc_ver())}


def state(lane_run, step):
    """The numbers of a lane after `step` updates, rounded, and the hashes of their bytes."""
    found = lane_run.timeline.state_at(step)
    return {
        "step": found.step,
        "theta": [float(f"{value:.13g}") for value in found.theta],
        "theta_hash": sha256(found.theta.tobytes()).hexdigest(),
        "slots": [[float(f"{value:.13g}") for value in slot] for slot in found.optimizer_state],
        "slots_hash": sha256(found.optimizer_state.tobytes()).hexdigest(),
    }


def picture(session, steps):
    """All that a session is, and its lanes' numbers at some steps."""
    return {
        "scenario": session.scenario.name,
        "file": session.scenario.file,
        "overrides": list(session.scenario.overrides),
        "seeds": [session.first_seed, session.seed],
        "cursor": [session.cursor.step, session.cursor.position],
        "reached": session.reached,
        "breakpoints": [[point.text, point.on] for point in session.breakpoints],
        "hits": list(session.hits),
        "guesses": {str(number): guess for number, guess in session.guesses.items()},
        "answered": [[one.ask, one.answer, one.truth, one.right] for one in session.answered],
        "view": [session.view.front, session.view.panes and list(session.view.panes)],
        "journal": msgspec.to_builtins(bare(session.journal)),
        "lanes": [
            {
                "id": lane_run.lane.id,
                "label": lane_run.lane.label,
                "reached": lane_run.timeline.reached,
                "diverged_at": lane_run.timeline.diverged_at,
                "origin": lane_run.origin and [lane_run.origin.lane, lane_run.origin.step],
                "edits": [edit.at for edit in lane_run.lane.edits],
                "states": [state(lane_run, step) for step in steps],
            }
            for lane_run in session.lane_runs
        ],
    }


def past(session):
    """What can be undone and brought back, once the journal was done again; the session ends where it began."""
    for _ in recall(session):
        pass
    closed, notes = [lane_run.lane.label for lane_run in session.closed], []
    while note := undo(session):
        notes.append(
            [note, [lane_run.lane.id for lane_run in session.lane_runs], [session.cursor.step, session.cursor.position]]
        )
    return {"closed": closed, "undone": notes}


@pytest.fixture
def lesson_run(request, tmp_path):
    """A lesson run of then, of the scenario as it was then: that of the library may have changed since."""
    path = tmp_path / request.param.name
    run = json.loads(request.param.read_text("utf-8"))
    path.write_text(json.dumps({**run, "scenario": str(request.param.with_suffix(".toml"))}), "utf-8")
    return path


def without_words(report, path):
    """A report without the words of the questions about next numbers, which are made anew, and without its file."""
    lesson = len(load(str(FIXTURES / "lessons" / f"{path.stem}.toml")).predictions)
    asked = [{**one, "ask": ""} if place >= lesson else one for place, one in enumerate(report["predictions"])]
    return {**report, "predictions": asked, "scenario": ""}


SAME = EXPECTED["arithmetic"] == arithmetic()


def agree(found, expected, at=""):
    """The same, hashes where the arithmetic is the same, and numbers to 1e-9."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys(), at
        for key, value in expected.items():
            if SAME or not key.endswith("_hash"):
                agree(found[key], value, f"{at}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), at
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            agree(one, other, f"{at}[{place}]")
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=NEAR, abs=NEAR), at
    else:
        assert found == expected, at


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_saved_run_opens_as_it_was_left(path):
    run, expected = open_run(path), EXPECTED["saved"][path.stem]
    session = Session(run)
    agree(picture(session, expected["steps"]), expected["picture"])
    assert not (SAME and run.notes)
    agree(past(session), expected["past"])


@pytest.mark.parametrize("lesson_run", LESSONS, ids=lambda path: path.stem, indirect=True)
def test_a_lesson_run_replays_to_where_it_ended(lesson_run):
    expected = EXPECTED["lessons"][lesson_run.stem]
    session, _ = repeat(read(lesson_run.read_bytes(), lesson_run.name), lesson_run.name)
    found = {**picture(session, expected["steps"]), "file": expected["picture"]["file"]}
    for one, other in zip(found["answered"], expected["picture"]["answered"], strict=True):
        one[0] = other[0]  # these words are made anew
    agree(found, expected["picture"])


@pytest.mark.parametrize("lesson_run", LESSONS, ids=lambda path: path.stem, indirect=True)
def test_the_command_reports_a_lesson_run_as_it_did(lesson_run):
    done = subprocess.run(gradstep("replay", str(lesson_run), "--json"), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    found, expected = json.loads(done.stdout), EXPECTED["lessons"][lesson_run.stem]["report"]
    known = {name: value for name, value in found.items() if name in expected}  # more is told by now
    agree(without_words(known, lesson_run), without_words(expected, lesson_run))


@pytest.mark.parametrize("path", INTERRUPTED, ids=lambda path: path.stem)
def test_an_interrupted_run_is_offered_and_taken_up(path, tmp_path, monkeypatch):
    expected = EXPECTED["interrupted"][path.stem]
    running = tmp_path / "gradstep" / "running"
    running.mkdir(parents=True)
    for file in (path, path.with_suffix(".lock")):
        shutil.copy(file, running)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    offered = interrupted()
    assert described(offered) == expected["described"]
    session = Session(open_run(offered))
    agree(picture(session, expected["steps"]), expected["picture"])
    agree(past(session), expected["past"])


def test_every_kind_of_action_stands_in_the_files():
    done = {
        action["do"]
        for group in ("saved", "lessons")
        for one in EXPECTED[group].values()
        for action in one["picture"]["journal"]
    }
    assert done == {"edit", "assign", "branch", "close", "reopen", "rename", "new_seed", "undo", "guess", "answer"}
    assert len(SAVED) == len(LESSONS) == 3
    assert len(INTERRUPTED) == 2
