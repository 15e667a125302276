"""Lesson runs: recorded, repeated, and recalled by a run that was saved and opened."""

import json

import pytest
from msgspec.structs import replace

from scenarios.errors import ScenarioError
from scenarios.file.loader import load
from tests.undo import undo
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run
from tui.lesson import recording
from tui.lesson.recording import read, recall, recorded, repeat
from tui.session.actions import Branch, Close, CountStart, EditSettings, Fill, Predict, Rename, SetParameter, do
from tui.session.session import Session
from tui.session.tally import tally
from tui.simulator.scenario_form import rework_fields, reworked


def homework(session):
    """What a student might do."""
    do(session, Predict(0, True))
    session.go_to(40)
    do(session, EditSettings([0], {"optimizer": {"learning_rate": 0.01}}, "slower"))
    session.go_to(60)
    do(session, Branch(1, set={"optimizer": {"learning_rate": 0.3}}))
    do(session, Close(3))
    do(session, Branch(1, assign=(3, 0.25)))
    do(session, SetParameter(2, 3, 0.25, "set"))
    do(session, Close(0))
    session.go_to(90)


def states(session):
    return [
        (lane_run.lane.id, lane_run.timeline.state_at(session.cursor.step).theta.tobytes())
        for lane_run in session.lane_runs
    ]


def repeated(session):
    again, verdicts = repeat(read(recorded(session).encode(), "run.json"), "run.json")
    return again, verdicts


def test_a_lesson_run_ends_where_it_ended():
    session = Session.begin(load("gd-vs-sgd"))
    homework(session)
    again, verdicts = repeated(session)
    assert states(again) == states(session)
    assert again.cursor == session.cursor
    assert again.guesses == session.guesses == {0: True}
    assert [lane_run.lane.id for lane_run in again.closed] == ["sgd8_2", "full"]
    assert verdicts.session is again


def test_counted_starts_are_kept():
    session = Session.begin(load("gd-vs-sgd"))
    do(session, CountStart(0, (0.5, None, 0.25)))
    session.go_to(3)
    opened = Session(decode_run(encode_run(session.saved())))
    again, _ = repeated(session)
    assert tally(opened.scenario, opened.journal) == tally(again.scenario, again.journal)
    assert tally(again.scenario, again.journal).seeds == (0,)


def test_a_question_that_a_lesson_asked_before_it_had_a_guide_is_passed_over():
    session = Session.begin(load("disc-depth"))
    session.go_to(3)
    table = json.loads(recorded(session)) | {"actions": [{"at": [0, None], "do": "guess", "question": 0, "answer": 1}]}
    again, verdicts = repeat(read(json.dumps(table).encode(), "run.json"), "run.json")
    assert again.cursor.step == 3
    assert verdicts.score == (0, 0)


def test_a_run_that_was_saved_and_opened_still_knows_what_was_done():
    session = Session.begin(load("gd-vs-sgd"))
    homework(session)
    opened = Session(decode_run(encode_run(session.saved())))
    do(opened, Rename(0, "mine"))
    again, _ = repeated(opened)
    assert states(again) == states(opened) == states(session)
    assert again.lane_runs[0].lane.label == "mine"


def test_a_run_that_was_saved_and_opened_undoes_all_that_was_done_before():
    session = Session.begin(load("gd-vs-sgd"))
    homework(session)
    opened = Session(decode_run(encode_run(session.saved())))
    do(opened, Rename(0, "mine"))
    assert (undo(opened), undo(opened)) == ("renaming to mine", "")
    assert len(list(recall(opened))) > 1
    assert [lane_run.lane.id for lane_run in opened.closed] == ["sgd8_2", "full"]
    while note := undo(session):
        assert undo(opened) == note
        assert opened.cursor == session.cursor
        assert states(opened) == states(session)
    assert undo(opened) == ""


def test_undo_in_a_run_that_was_opened_keeps_the_steps_of_lanes_that_are_not_undone():
    session = Session.begin(load("gd-vs-sgd"))
    session.go_to(30)
    do(session, Branch(0, set={"optimizer": {"learning_rate": 0.3}}))
    session.go_to(300)
    opened = Session(decode_run(encode_run(session.saved())))
    kept = opened.lane_runs[:3]
    for _ in recall(opened):
        pass
    assert undo(opened) == undo(session) == "branch of all 64 samples at step 30"
    assert opened.lane_runs == kept
    assert opened.reached == session.reached == 300


def test_a_scenario_that_was_changed_in_the_app_is_changed_in_its_lesson_run():
    scenario = load("gd-vs-sgd")
    fields = rework_fields(scenario, 0)
    values = {field.name: field.value for field in fields} | {"lanes.full.hidden": "[3, 2]", "seed": "5"}
    session = Session.begin(reworked(scenario, fields, values))
    homework(session)
    again, _ = repeated(session)
    assert states(again) == states(session)
    assert again.lane_runs[0].lane.model.network.sizes == session.lane_runs[0].lane.model.network.sizes
    opened = Session(decode_run(encode_run(session.saved())))
    assert opened.scenario.overrides == session.scenario.overrides == ("seed=5", "lanes.full.hidden=[3, 2]")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"end": [-1, None]}, "end"),
        ({"end": [3, 999]}, "end"),
        ({"actions": [{"at": [0, None], "do": "fly"}]}, "action 1"),
        ({"actions": [{"at": [0, None], "do": "close", "lane": 9}]}, "action 1"),
        ({"actions": [{"at": [0, None], "do": "reopen", "closed": 0}]}, "action 1"),
        ({"actions": [{"at": [0, None], "do": "edit", "lanes": [0], "set": {"l2": -1}, "note": ""}]}, "action 1"),
        ({"actions": [{"at": ["x", None], "do": "undo"}]}, "action 1"),
        ({"actions": [{"at": [0, None], "do": "branch", "lane": 0, "label": "", "assign": [9999, 1]}]}, "action 1"),
        ({"actions": [{"at": [0, None], "do": "branch", "lane": 0, "label": "", "set": {"l3": 1}}]}, "action 1"),
        ({"actions": [{"do": "undo"}]}, "action 1"),
        ({"set": ["lanes.full.hidden=oops"]}, "lanes.full.hidden"),
        ({"end": [10**9, None]}, "end"),
        ({"end": [10**9, None], "set": ["steps=1000000000"]}, "end"),
        ({"actions": [{"at": [10**9, None], "do": "undo"}]}, "action 1"),
        ({"actions": [{"at": [10**30, None], "do": "undo"}]}, "action 1"),
        ({"actions": [{"at": [2, None], "do": "new_seed"}, {"at": [8 * 10**6, None], "do": "undo"}]}, "action 2"),
        ({"actions": [{"at": [0, None], "do": "guess", "question": 9, "answer": 1}]}, "action 1"),
        ({"actions": [{"at": [0, None], "do": "answer", "lane": 0, "about": [0, 99], "answer": 1}]}, "action 1"),
        ({"actions": [{"at": [0, None], "do": "answer", "lane": 0, "about": [-1, 0], "answer": 1}]}, "action 1"),
        ({"actions": [{"at": [0, None], "do": "answer", "lane": 9, "about": None, "answer": 1}]}, "action 1"),
        ({"actions": [{"at": [0, None], "do": "edit", "lanes": [-1], "set": {}, "note": ""}]}, "action 1"),
    ],
)
def test_what_cannot_be_done_again_is_said_with_its_place(change, key):
    table = json.loads(recorded(Session.begin(load("gd-vs-sgd")))) | change
    with pytest.raises(ScenarioError, match=key.replace(".", r"\.")):
        repeat(read(json.dumps(table).encode(), "run.json"), "run.json")


def test_bytes_that_are_no_text_are_no_lesson_run():
    content = recorded(Session.begin(load("by-hand"))).encode().replace(b"by-hand", b"by-\xff")
    with pytest.raises(ScenarioError, match=r"run\.json: is no lesson run"):
        read(content, "run.json")


def test_a_scenario_that_cannot_be_opened_is_said_of_the_lesson_run():
    table = json.loads(recorded(Session.begin(load("by-hand")))) | {"scenario": "nosuch"}
    with pytest.raises(ScenarioError, match=r"run\.json: scenario: .*nosuch"):
        repeat(read(json.dumps(table).encode(), "run.json"), "run.json")


def test_what_is_repeated_is_bounded_and_the_limit_is_named(monkeypatch):
    table = json.loads(recorded(Session.begin(load("gd-vs-sgd"))))
    table["actions"] = [{"at": [10**9, None], "do": "undo"}]
    with pytest.raises(ScenarioError, match=r"action 1: cannot be done: .* 1,000,000,000,000 multiply-adds"):
        repeat(read(json.dumps(table).encode(), "run.json"), "run.json")
    monkeypatch.setattr(recording, "MOST_WORK", 10**10)
    table["actions"] = [{"at": [0, None], "do": "new_seed"}] * 10**4
    with pytest.raises(ScenarioError, match=r"action 1[0-9][0-9]: cannot be done: .* 10,000,000,000 multiply-adds"):
        repeat(read(json.dumps(table).encode(), "run.json"), "run.json")


def test_a_journal_that_takes_too_long_to_repeat_is_not_undone():
    session = Session.begin(load("gd-vs-sgd"))
    homework(session)
    opened = Session(decode_run(encode_run(session.saved())))
    opened.journal[1] = replace(opened.journal[1], at=(10**9, None))
    assert len(list(recall(opened))) < 100
    assert not opened.undoable
    assert opened.recalled


def filled(*fills, name="by-hand", step=0, operations=0):
    session = Session.begin(load(name))
    session.go_to(step)
    for _ in range(operations):
        session.into()
    for fill in fills:
        do(session, fill)
    return session


@pytest.mark.parametrize(
    ("fill", "operations"),
    [
        (Fill(0, "a 1", 1, 1, 0), 1),
        (Fill(0, "dW 1", 4, 0, 0), 12),
        (Fill(0, "update 2", 1, 1, 1), 14),
        (Fill(0, "loss", 0, 0, 1), 5),
    ],
)
def test_what_was_filled_in_is_repeated(fill, operations):
    session = filled(fill, operations=operations)
    again, _ = repeated(session)
    assert again.journal == session.journal


@pytest.mark.parametrize(
    ("fill", "says"),
    [
        (Fill(0, "a 1", 3, 0, 0), "3 numbers were filled in, but a 1 has 2"),
        (Fill(0, "db 1", 1, 1, 1), "3 numbers were filled in, but db 1 has 2"),
        (Fill(0, "update 1", 7, 0, 0), "7 numbers were filled in, but update 1 has 6"),
        (Fill(0, "delta 3", 1, 0, 0), "delta 3 is nothing to fill in here"),
        (Fill(0, "batch", 1, 0, 0), "batch is nothing to fill in here"),
        (Fill(4, "a 1", 1, 0, 0), "there is no lane 4"),
    ],
)
def test_a_score_of_numbers_that_there_are_not_is_refused(fill, says):
    with pytest.raises(ScenarioError, match=f"action 1: cannot be done: {says}"):
        repeated(filled(fill, operations=3))
