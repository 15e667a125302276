"""Where a step is large a short move goes in slices: shown is the same, and given up it has moved nothing."""

import pytest

from nncore import arrays
from nncore.slices import finished
from tests.journal import bare
from tui.session.actions import Branch, EditSettings, NewSeed, Rename, SetParameter, Undo, do
from tui.session.breakpoints import Breakpoint
from tui.session.cursor import Cursor, Lockstep
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player

WAYS = [Lockstep.next_step, Lockstep.into, Lockstep.end_of_phase, Lockstep.out, Lockstep.previous_step]


@pytest.fixture
def large(bench, monkeypatch):
    """A bench of lanes whose steps are large, and the same where they are small."""

    def session():
        one = bench().session
        one.go_to(3)
        return one

    small = session()
    work = max(lane_run.lane.model.work for lane_run in small.lane_runs)
    monkeypatch.setattr(arrays, "SLICE_WORK", 2 * work)
    made = session()
    assert made.large
    return made, small


def shown(session):
    frame = FrameBuilder(session).frame(Player())
    return [(lane.theta.tobytes(), lane.trace.gradient.tobytes(), lane.trace.step, lane.index) for lane in frame.lanes]


def slices(walk):
    return sum(1 for _ in walk)


@pytest.mark.parametrize("way", WAYS)
def test_a_short_move_goes_in_slices_and_shows_the_same(large, way):
    made, small = large
    walk = made.moving(way)
    assert made.cursor == small.cursor
    count = slices(walk)
    small.move(way)
    assert made.cursor == small.cursor
    assert (count > 20) == (way is not Lockstep.out)  # whose numbers were made for the cursor at rest
    assert shown(made) == shown(small)


def test_inside_a_step_its_numbers_are_there(large):
    made, _ = large
    assert slices(made.moving(Lockstep.into)) > 20
    assert slices(made.moving(Lockstep.into)) == 0


def test_all_that_is_shown_is_made_on_the_way(large, monkeypatch):
    made, _ = large
    finished(made.moving(Lockstep.next_step))
    monkeypatch.setattr("nncore.timeline.trace", None)
    monkeypatch.setattr("tui.session.figures.evaluate", None)
    shown(made)


@pytest.mark.parametrize("after", [1, 10, 40, 100])
def test_a_move_given_up_leaves_the_run_as_it_was(large, after):
    made, small = large
    before, was = made.cursor, shown(made)
    walk = made.moving(Lockstep.next_step)
    for _ in range(after):
        next(walk)
        assert made.cursor == before
    walk.close()
    assert (made.cursor, shown(made)) == (before, was)
    made.next_step()
    small.next_step()
    assert shown(made) == shown(small)
    ends = [
        [timeline.log.extremes.tobytes(), sorted(timeline.evaluations), timeline.state_at(4).theta.tobytes()]
        for session in (made, small)
        for timeline in (lane_run.timeline for lane_run in session.lane_runs)
    ]
    assert ends[: len(ends) // 2] == ends[len(ends) // 2 :]


CHANGES = {
    "edit": EditSettings((0, 1), {"l2": 0.1}, "l2"),
    "assign": SetParameter(1, 0, 0.5, "set"),
    "branch": Branch(0, "another", {"batch_size": 3}),
    "rename": Rename(0, "another"),
    "seed": NewSeed(),
}


@pytest.mark.parametrize("action", CHANGES.values(), ids=CHANGES)
def test_a_change_goes_in_slices_and_so_does_its_undo(large, action, monkeypatch):
    made, small = large
    for session in (made, small):
        session.stand_at(Cursor(3, 1))
    for change in (action, Undo()):
        count = slices(do.slices(made, change))
        assert count > 20 or change is not action  # whose lanes may be there still
        do(small, change)
        assert bare(made.journal) == bare(small.journal)
        with monkeypatch.context() as computed:
            computed.setattr("nncore.timeline.trace", None)
            computed.setattr("tui.session.figures.evaluate", None)
            assert shown(made) == shown(small)


@pytest.mark.parametrize("after", [1, 5, 20])
@pytest.mark.parametrize("action", CHANGES.values(), ids=CHANGES)
def test_a_change_given_up_leaves_the_run_as_it_was(large, action, after):
    made, small = large
    before = made.lane_runs
    walk = do.slices(made, action)
    for _ in range(after):
        next(walk)
    walk.close()
    assert (made.lane_runs, made.seed, made.undoable, made.journal) == (before, small.seed, "", [])
    assert shown(made) == shown(small)


def test_what_comes_next_is_made_without_going_there(large):
    made, _ = large
    assert slices(made.look_ahead()) > 20
    assert made.cursor == Cursor(3)
    assert slices(made.moving(Lockstep.into)) == 0


def test_a_step_looked_at_in_the_midst_of_another_changes_nothing(large):
    made, small = large
    walk = made.moving(Lockstep.next_step)
    for step in (1, 0, 2):
        next(walk)
        for lane_run in made.lane_runs:
            lane_run.timeline.steps(step, step + 1)
    finished(walk)
    small.next_step()
    assert shown(made) == shown(small)


def test_a_breakpoint_stops_a_large_run_where_it_stops_a_small_one(large):
    made, small = large
    for session in (made, small):
        session.set_breakpoints((Breakpoint("step == 6"),))
    assert slices(made.run(9, made.stop_search())) > 100
    finished(small.run(9, small.stop_search()))
    assert made.cursor == small.cursor == Cursor(6)
    assert made.hit == small.hit
