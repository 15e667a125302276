"""Any order of moves and changes leaves a session in a state that its lanes, run afresh, are in too."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from nncore.slices import finished
from nncore.training import Trainer
from scenarios.export.toml import toml_text
from scenarios.file.loader import parse
from scenarios.file.schema import MAX_LANES
from tests.undo import undo
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run
from tui.archive.header import UNKNOWN
from tui.exports.scenario_file import scenario_table
from tui.lesson.recording import recall
from tui.session.actions import (
    Branch,
    Close,
    EditSettings,
    NewSeed,
    Predict,
    Rename,
    Reopen,
    SetParameter,
    do,
    free_id,
    in_past,
)
from tui.session.breakpoints import Breakpoint
from tui.session.cursor import Cursor
from tui.session.session import Session

SCENARIO = """
format = 1
name = "three"
steps = 60
[data]
kind = "xor"
samples = 11
[defaults]
batch_size = 4
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "shallow"
hidden = []
[[lanes]]
id = "deep"
hidden = [2, 2, 2]
[[lanes]]
id = "edited"
hidden = [3]
[[lanes.edits]]
at = 9
set = { optimizer.learning_rate = 0.5, batch_size = 3 }
[[predict]]
at = 20
ask = "Is it below 0.4 at step 20?"
answer = "deep.train_loss < 0.4"
[[predict]]
at = 40
ask = "Is it below 0.3 at step 40?"
answer = "deep.train_loss < 0.3"
[[predict]]
at = 60
ask = "Is it below 0.2 at step 60?"
answer = "deep.train_loss < 0.2"
"""

EDITS = {
    "slower": {"optimizer": {"learning_rate": 0.01}},
    "wild": {"optimizer": {"name": "sgd", "learning_rate": 1e60}},
    "adam": {"optimizer": {"name": "adam", "learning_rate": 0.01}},
    "momentum": {"optimizer": {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9}},
    "falling": {"schedule": {"name": "linear_to_zero"}},
    "smaller batch": {"batch_size": 3},
    "full batch": {"batch_size": "full"},
    "frozen": {"freeze": [1], "l2": 0.1},
}
CONDITIONS = ["deep.batch_loss < 0.4", "any.train_loss < 0.4", "step == 12", "epoch >= 3", "any.diverged_at > 0"]
NUMBERS = st.integers(0, MAX_LANES - 1)
STEPS = st.integers(0, 40)


def fresh(lane_run, step):
    """A lane's state after `step` updates, run straight there."""
    trainer = Trainer(lane_run.lane)
    trainer.run(step)
    return trainer.state()


def picture(session):
    """All that undo brings back."""
    step = session.cursor.step
    lanes = []
    for lane_run in session.lane_runs:
        lane = lane_run.lane
        edits = [(edit.at, edit.assignments, lane.settings_at(edit.at)) for edit in lane.edits]
        lanes.append((lane.id, lane.label, edits, lane_run.origin, lane_run.timeline.state_at(step).theta.tobytes()))
    closed = [lane_run.lane.id for lane_run in session.closed] if session.recalled else None
    return session.seed, session.cursor, session.guesses, lanes, closed


def opened_again(session):
    """The session as a saved file of it opens."""
    return Session(decode_run(encode_run(session.saved())))


def undone(session):
    """Undo as the app does it: what was done before the session was opened is recalled first."""
    if not session.undoable and not session.recalled:
        for _ in recall(session):
            pass
    return undo(session)


class Walk(RuleBasedStateMachine):
    @initialize(seed=st.integers(0, 3))
    def begin(self, seed):
        self.session = Session.begin(parse(SCENARIO.encode(), "three.toml", Path(".")), seed)
        self.before = []

    def lane(self, number):
        return number % len(self.session.lane_runs)

    @rule(name=st.sampled_from(["into", "out", "end_of_phase", "next_step", "previous_step"]), times=st.integers(1, 8))
    def move(self, name, times):
        for _ in range(times):
            getattr(self.session, name)()

    @rule(step=STEPS)
    def go_to(self, step):
        self.session.go_to(step)

    @rule(step=STEPS, text=st.sampled_from(CONDITIONS))
    def run(self, step, text):
        start = self.session.cursor.step
        self.session.breakpoints = (Breakpoint(text),)
        finished(self.session.run(step, self.session.stop_search()))
        if self.session.hit is not None:
            assert start < self.session.hit.step <= step
            assert self.session.cursor == Cursor(min(self.session.hit.step, self.session.reached))

    @rule(text=st.sampled_from(CONDITIONS))
    def run_back(self, text):
        before = self.session.cursor
        self.session.breakpoints = (Breakpoint(text),)
        for _ in self.session.run_back(self.session.stop_search()):
            pass
        hit = self.session.hit
        assert self.session.cursor == before if hit is None else self.session.cursor.step == hit.step < before.step

    def put_aside(self):
        self.before.append(picture(self.session))

    @rule(number=NUMBERS, everywhere=st.booleans(), name=st.sampled_from(sorted(EDITS)))
    def edit(self, number, everywhere, name):
        self.put_aside()
        numbers = range(len(self.session.lane_runs)) if everywhere else [self.lane(number)]
        do(self.session, EditSettings(list(numbers), EDITS[name], name))

    @rule(number=NUMBERS, index=st.integers(0, 2), value=st.floats(-2, 2))
    def set_parameter(self, number, index, value):
        self.put_aside()
        do(self.session, SetParameter(self.lane(number), index, value, "set"))

    @rule(number=NUMBERS)
    def branch(self, number):
        lane_run, count = self.session.lane_runs[self.lane(number)], len(self.session.lane_runs)
        if count == MAX_LANES:
            with pytest.raises(ValueError, match="lanes already"):
                do(self.session, Branch(self.lane(number)))
            return
        self.put_aside()
        do(self.session, Branch(self.lane(number)))
        assert len(self.session.lane_runs) == count + 1
        origin, step = self.session.lane_runs[-1].origin, self.session.cursor.step
        assert (origin.lane, origin.step) == (lane_run.lane.id, min(step, lane_run.timeline.reached))
        assert (
            lane_run.timeline.state_at(step).theta.tobytes()
            == self.session.lane_runs[-1].timeline.state_at(step).theta.tobytes()
        )

    @rule(number=NUMBERS)
    def close(self, number):
        if len(self.session.lane_runs) == 1:
            with pytest.raises(ValueError, match="last lane"):
                do(self.session, Close(0))
            return
        self.put_aside()
        closed = self.session.lane_runs[self.lane(number)]
        do(self.session, Close(self.lane(number)))
        assert closed not in self.session.lane_runs

    @rule(number=NUMBERS)
    def rename(self, number):
        self.put_aside()
        lane_run = self.session.lane_runs[self.lane(number)]
        do(self.session, Rename(self.lane(number), "another"))
        renamed = self.session.lane_runs[self.lane(number)]
        assert renamed.lane.label == "another"
        assert renamed.timeline.reached == lane_run.timeline.reached
        assert renamed.timeline.diverged_at == lane_run.timeline.diverged_at

    @rule(number=NUMBERS)
    def reopen(self, number):
        if not self.session.closed or len(self.session.lane_runs) == MAX_LANES:
            with pytest.raises((ValueError, IndexError)):
                do(self.session, Reopen(len(self.session.closed)))
            return
        self.put_aside()
        back = self.session.closed[number % len(self.session.closed)]
        reopened = self.session.closed[number % len(self.session.closed)]
        do(self.session, Reopen(number % len(self.session.closed)))
        assert self.session.lane_runs[-1] is reopened
        assert self.session.lane_runs[-1] is back
        assert back not in self.session.closed

    @rule(question=st.integers(0, 2), answer=st.booleans())
    def guess(self, question, answer):
        do(self.session, Predict(question, answer))

    @rule()
    def save_and_open(self):
        before = picture(self.session)
        self.session = opened_again(self.session)
        assert picture(self.session)[:4] == before[:4]

    @rule()
    def new_seed(self):
        self.put_aside()
        do(self.session, NewSeed())
        assert self.session.cursor == Cursor(0)

    @precondition(lambda self: self.before)
    @rule()
    def undo(self):
        before = self.before.pop()
        guesses = self.session.guesses
        assert undone(self.session)
        now = picture(self.session)
        assert now[:2] == before[:2]
        assert now[2] in (before[2], guesses)
        assert now[3] == before[3]
        assert None in (now[4], before[4]) or now[4] == before[4]

    @invariant()
    def the_cursor_is_in_range(self):
        if not hasattr(self, "session"):
            return
        cursor = self.session.cursor
        assert 0 <= cursor.step <= self.session.reached
        assert cursor.position is None or 0 <= cursor.position < len(self.session.lockstep) - 1
        for number, lane_run in enumerate(self.session.lane_runs):
            assert -1 <= self.session.position(number).index < len(lane_run.operations)

    @invariant()
    def every_lane_is_where_a_fresh_run_of_it_is(self):
        if not hasattr(self, "session"):
            return
        step = self.session.cursor.step
        ids = [lane_run.lane.id for lane_run in self.session.lane_runs]
        assert len(set(ids)) == len(ids) <= MAX_LANES
        for lane_run in self.session.lane_runs:
            mine, theirs = lane_run.timeline.state_at(step), fresh(lane_run, step)
            assert (mine.step, mine.place, mine.count) == (theirs.step, theirs.place, theirs.count)
            assert mine.theta.tobytes() == theirs.theta.tobytes()
            assert mine.optimizer_state.tobytes() == theirs.optimizer_state.tobytes()
            assert mine.diverged_at == theirs.diverged_at


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=25, stateful_step_count=16, deadline=None)


def test_an_edit_in_the_past_forgets_the_future_of_that_lane_alone(bench):
    session = bench().session
    session.go_to(20)
    session.go_to(5)
    assert in_past(session, [0])
    do(session, EditSettings([0], EDITS["slower"], "slower"))
    assert [lane_run.timeline.reached for lane_run in session.lane_runs] == [5, 20]
    assert not in_past(session, [0])
    assert in_past(session, [1])
    assert [edit.at for edit in session.lane_runs[0].lane.edits] == [5]


def test_changes_that_were_to_come_go_with_the_future(bench):
    session = bench(SCENARIO).session
    session.go_to(12)
    session.go_to(4)
    do(session, Branch(2))
    do(session, EditSettings([1], EDITS["slower"], "slower"))
    assert [[edit.at for edit in lane_run.lane.edits] for lane_run in session.lane_runs] == [[], [4], [9], []]
    do(session, EditSettings([2], EDITS["adam"], "adam"))
    assert [edit.at for edit in session.lane_runs[2].lane.edits] == [4]


def test_a_lane_renamed_in_its_past_still_has_the_step_it_stopped_at(bench):
    session = bench().session
    do(session, EditSettings([0], EDITS["wild"], "wild"))
    session.go_to(20)
    stopped = session.lane_runs[0].timeline.diverged_at
    session.go_to(0)
    do(session, Rename(0, "another"))
    assert session.lane_runs[0].timeline.diverged_at == stopped is not None


def test_a_lane_closed_while_the_others_have_stopped_takes_the_cursor_back(bench):
    session = bench().session
    do(session, EditSettings([1], EDITS["wild"], "wild"))
    session.go_to(30)
    session.into()
    do(session, Close(0))
    assert session.stopped
    assert session.cursor == Cursor(session.reached)


def test_labels_and_ids_of_branches(bench):
    session = bench().session
    session.go_to(3)
    do(session, Branch(0))
    session.go_to(4)
    do(session, Branch(2, "mine"))
    labels = [(lane_run.lane.id, lane_run.lane.label) for lane_run in session.lane_runs[2:]]
    assert labels == [("wide_2", "wide from 3"), ("wide_3", "mine")]
    assert undo(session) == "branch of wide from 3 at step 4"


def test_undo_goes_32_changes_back(bench):
    session = bench().session
    for number in range(40):
        do(session, Rename(0, str(number)))
    notes = []
    while note := undo(session):
        notes.append(note)
    assert notes == [f"renaming to {number}" for number in range(39, 7, -1)]
    assert session.lane_runs[0].lane.label == "7"


def test_a_closed_lane_comes_back_although_other_things_were_done_since(bench):
    session = bench(SCENARIO).session
    session.go_to(12)
    closed = session.lane_runs[1]
    do(session, Close(1))
    do(session, EditSettings([0], EDITS["slower"], "slower"))
    session.go_to(20)
    do(session, Reopen(0))
    assert session.lane_runs[2].lane.id == "deep"
    assert session.lane_runs[2] is closed
    assert closed.timeline.reached == 20
    assert session.closed == ()
    do(session, Close(2))
    assert free_id(session, "deep") == "deep_2"
    do(session, Branch(0))
    assert [lane_run.lane.id for lane_run in session.lane_runs] == ["shallow", "edited", "shallow_2"]


def test_what_an_earlier_version_did_not_keep_cannot_be_undone(bench):
    session = bench().session
    session.go_to(3)
    do(session, Rename(0, "another"))
    saved = session.saved()
    again = Session(replace(saved, journal=(UNKNOWN,)))
    assert undone(again) == ""
    assert again.lane_runs[0].lane.label == "another"
    do(again, Rename(0, "third"))
    assert undone(again) == "renaming to third"


@pytest.mark.parametrize("label", ["", " ", "a\x7fb", "\x1b[2J", "a\nb", "a\u2028", "x" * 61])
def test_a_label_that_a_file_could_not_hold_is_refused(bench, label):
    session = bench().session
    with pytest.raises(ValueError, match="allowed: 1 to 60 printable characters"):
        do(session, Rename(0, label))
    assert session.journal == []


@pytest.mark.parametrize("label", ["[relu] \"a\" 'b' \\", "é ü 猫 λ → 0.1", "👩\u200d💻", "x" * 60])
def test_any_other_label_is_read_back_from_files(bench, label):
    session = bench().session
    do(session, Rename(0, label))
    do(session, Branch(0))
    assert opened_again(session).lane_runs[0].lane.label == label
    scenario = parse(toml_text(scenario_table(session.saved())).encode(), "own.toml", Path("."))
    assert scenario.lanes[0].label == label
