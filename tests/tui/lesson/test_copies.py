"""Lesson runs that hold the same work are told as copies, and those that are alike by chance are not."""

from dataclasses import replace

import msgspec
import pytest

from tests.tui.lesson.classroom import LESSON, begun, worked
from tui.lesson.copies import copies
from tui.lesson.recording import read, recorded
from tui.session.actions import EditSettings, NewSeed, Predict, do
from tui.session.session import Session

LONG = "The rate is small, so the loss stays far below a million."


@pytest.fixture
def lesson(tmp_path):
    path = tmp_path / "hill.toml"
    path.write_text(LESSON)
    return path


def handed_in(session):
    return read(recorded(session).encode(), "")


def test_a_run_that_goes_on_from_a_neighbours_is_told(lesson):
    session = worked(begun(lesson))
    runs = {"ana": handed_in(session)}
    session.go_to(50)
    session.learner = "ben"
    do(session, NewSeed())
    runs["ben"] = handed_in(session)
    assert copies(runs) == {
        "ana": ["the same run as ben, with 1 entry fewer"],
        "ben": ["the same run as ana, with 1 entry more"],
    }


def test_a_copy_is_told_whatever_was_edited_in_it(lesson):
    run = handed_in(worked(begun(lesson)))
    first, *rest = run.actions
    edited = [msgspec.structs.replace(first, answer=False), *rest]
    copy = msgspec.structs.replace(run, learner="ben", run="0123456789abcdef", actions=edited)
    assert copies({"ana": run, "ben": copy})["ben"] == [f"{len(rest)} of {len(run.actions)} entries are those of ana"]


def test_learners_who_answer_alike_on_their_own_are_not_told(lesson):
    runs = {name: handed_in(worked(begun(lesson, name), reason="depth")) for name in ("ana", "ben")}
    assert copies(runs) == {}
    old = {name: msgspec.structs.replace(run, gradstep_lesson_run=1, run="") for name, run in runs.items()}
    for run in old.values():
        run.actions = [msgspec.structs.replace(action, after="", seen=None) for action in run.actions]
    assert copies(old) == {}


def test_a_start_that_was_handed_out_is_nobodys_work(lesson):
    start, runs = begun(lesson, ""), {}
    do(start, EditSettings((0,), {"l2": 0.001}, "l2"))
    for name, step in {"ana": 25, "ben": 0}.items():
        session = Session(replace(start.saved(), learner=name))
        session.go_to(step)
        do(session, Predict(0, True))
        runs[name] = handed_in(session)
    runs["cleo"] = handed_in(Session(replace(start.saved(), learner="cleo")))
    assert copies(runs) == {}


def test_the_same_long_reason_word_for_word_is_told_of_two_learners(lesson):
    reasons = {"ana": LONG, "ben": LONG.upper(), "cleo": "the slope", "dan": "the slope"}
    runs = {name: handed_in(worked(begun(lesson, name), reason=said)) for name, said in reasons.items()}
    runs["again"] = handed_in(worked(begun(lesson, "ana"), first=1, reason=LONG))
    told, reason = "the reason at stage 1 is word for word that of", '"The rate is small, so the loss stays fa…"'
    assert copies(runs) == {
        "ana": [f"{told} ben: {reason}"],
        "ben": [f"{told} ana, again: {reason.upper()}"],
        "again": [f"{told} ben: {reason}"],
    }
