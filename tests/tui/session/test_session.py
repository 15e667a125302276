from hypothesis import given, settings
from hypothesis import strategies as st

from tests.undo import undo
from tui.session.actions import NewSeed, do
from tui.session.cursor import Cursor

DIVERGES = """
format = 1
name = "diverges"
steps = 40
[data]
points = [[1.0, 1.0], [2.0, 0.0]]
[[lanes]]
id = "calm"
optimizer = { name = "sgd", learning_rate = 0.01 }
[[lanes]]
id = "wild"
optimizer = { name = "sgd", learning_rate = 1e60 }
"""

MOVES = st.lists(st.sampled_from(["into", "out", "next_step", "previous_step", "ten", "home", "end"]), max_size=25)


def move(session, name):
    targets = {"ten": session.cursor.step + 10, "home": 0, "end": session.reached}
    if name in targets:
        session.go_to(targets[name])
    else:
        getattr(session, name)()


@settings(deadline=None, max_examples=40)
@given(moves=MOVES)
def test_any_walk_that_ends_at_a_step_gives_the_bytes_of_the_way_straight_there(bench, moves):
    walked, straight = bench().session, bench().session
    for name in moves:
        move(walked, name)
    step = walked.cursor.step
    straight.go_to(step)
    for one, other in zip(walked.lane_runs, straight.lane_runs, strict=True):
        mine, theirs = one.timeline.state_at(step), other.timeline.state_at(step)
        assert mine.theta.tobytes() == theirs.theta.tobytes()
        assert mine.optimizer_state.tobytes() == theirs.optimizer_state.tobytes()


def test_a_step_walked_operation_by_operation_is_a_step(bench):
    one, other = bench().session, bench().session
    for _ in range(len(one.lockstep)):
        one.into()
    other.next_step()
    assert one.cursor == other.cursor == Cursor(1)


def test_next_completes_the_step_in_progress_and_back_abandons_it(bench):
    session = bench().session
    session.go_to(3)
    session.into()
    session.into()
    session.next_step()
    assert session.cursor == Cursor(4)
    session.into()
    session.previous_step()
    assert session.cursor == Cursor(4)
    session.previous_step()
    assert session.cursor == Cursor(3)


def test_nothing_goes_before_step_0(bench):
    session = bench().session
    for name in ("out", "previous_step"):
        getattr(session, name)()
        assert session.cursor == Cursor(0)
    session.go_to(-5)
    assert session.cursor == Cursor(0)


def test_going_back_keeps_what_was_reached(bench):
    session = bench().session
    session.go_to(30)
    session.go_to(4)
    assert (session.cursor, session.reached) == (Cursor(4), 30)


def test_a_walk_takes_the_cursor_along(bench):
    session = bench().session
    places = [session.cursor.step for _ in session.advance(400)]
    assert places == sorted(places)
    assert len(set(places)) > 2
    assert session.cursor == Cursor(400)


def test_a_lane_that_diverges_stops_and_the_others_go_on(bench):
    session = bench(DIVERGES).session
    session.go_to(40)
    calm, wild = (lane_run.timeline for lane_run in session.lane_runs)
    assert session.cursor == Cursor(40)
    assert (calm.reached, calm.diverged_at) == (40, None)
    assert wild.diverged_at == wild.reached + 1
    assert not session.stopped


def test_when_all_lanes_stopped_the_cursor_stays_at_the_last_good_step(bench):
    session = bench(DIVERGES.replace("0.01", "1e70")).session
    session.go_to(40)
    last = session.reached
    assert last < 39
    assert session.stopped
    assert session.cursor == Cursor(last)
    for _ in range(3 * len(session.lockstep)):
        session.into()
    assert session.cursor.step == last
    session.previous_step()
    session.previous_step()
    assert session.cursor.step < last


def test_a_new_seed_starts_anew_and_can_be_undone(bench):
    session = bench().session
    session.go_to(7)
    before, lane_runs = session.lane_runs[0].lane.start.tobytes(), session.lane_runs
    do(session, NewSeed())
    assert (session.seed, session.cursor) == (1, Cursor(0))
    assert session.lane_runs[0].lane.start.tobytes() != before
    assert undo(session)
    assert (session.seed, session.cursor, session.lane_runs) == (0, Cursor(7), lane_runs)
    assert not undo(session)
