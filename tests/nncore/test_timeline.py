"""Time travel: whatever the way to a step, its state is bit for bit that of the run straight there."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.optimizers import AdaGrad, Adam, RmsProp, Sgd
from nncore.schedules import LinearToZero, Step
from nncore.slices import finished
from nncore.timeline import Timeline
from nncore.trace import trace
from nncore.training import Edit, Settings, Trainer

SETTINGS = [
    Settings(Sgd(0.05), batch_size=5),
    Settings(Sgd(0.01, momentum=0.9), batch_size=5),
    Settings(Sgd(0.02, momentum=0.5, nesterov=True), Step(7, 0.5), batch_size=7),
    Settings(Adam(0.01), LinearToZero(300), batch_size=24),
    Settings(Adam(0.02), batch_size=1),
    Settings(RmsProp(0.003), batch_size=0, l1=0.01),
    Settings(AdaGrad(0.1), batch_size=4, l2=0.1, frozen=frozenset({1})),
]
FUNCTION_SETTINGS = [Settings(Sgd(0.1)), Settings(Adam(0.05)), Settings(Sgd(0.02, momentum=0.8), l2=0.1)]

STEPS = st.integers(0, 90)
NUMBERS = st.floats(-2.0, 2.0, allow_subnormal=False)


def edits(settings):
    assignments = st.lists(st.tuples(st.integers(0, 1), NUMBERS), max_size=2).map(tuple)
    return st.lists(st.builds(Edit, STEPS, st.none() | st.sampled_from(settings), assignments), max_size=4)


MOVES = st.lists(
    st.tuples(st.sampled_from(["state_at", "trace", "advance", "left", "steps", "path"]), STEPS, STEPS), max_size=8
)


def run_straight(lane, step):
    trainer = Trainer(lane)
    steps = trainer.run(step)
    return trainer.state(), steps


def wander(timeline, moves):
    for name, step, other in moves:
        match name:
            case "advance":
                finished(timeline.advance(step))
            case "left":  # an advance that somebody gives up after its first slice
                next(timeline.advance(step), None)
            case "steps":
                timeline.steps(min(step, other), max(step, other))
            case _:
                getattr(timeline, name)(step)


def check_everywhere(lane, moves, step, bits):
    timeline = Timeline(lane)
    wander(timeline, moves)
    state, _ = run_straight(lane, step)
    single = Trainer(lane)
    for _ in range(step):
        single.run(1)
    assert bits(timeline.state_at(step)) == bits(state) == bits(single.state())
    following = timeline.trace(step)
    assert following.after.tobytes() == timeline.state_at(step + 1).theta.tobytes() or step + 1 in {
        e.at for e in lane.edits
    }


@given(
    first=st.sampled_from(SETTINGS), changes=edits(SETTINGS), moves=MOVES, step=STEPS, size=st.sampled_from([11, 24])
)
def test_any_way_to_a_step_of_a_network_gives_the_same_bits(make_lane, bits, first, changes, moves, step, size):
    lane = make_lane(first, sizes=(2, 3, 1), samples=size).with_edits(tuple(changes))
    check_everywhere(lane, moves, step, bits)


@given(
    first=st.sampled_from(FUNCTION_SETTINGS),
    changes=edits(FUNCTION_SETTINGS),
    moves=MOVES,
    step=STEPS,
    noise=st.sampled_from([0.0, 0.3]),
)
def test_any_way_to_a_step_of_a_function_gives_the_same_bits(make_saddle, bits, first, changes, moves, step, noise):
    check_everywhere(make_saddle(first, noise).with_edits(tuple(changes)), moves, step, bits)


@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["state_at", "trace", "left"]), st.integers(0, 1500), st.just(0)), max_size=4
    )
)
def test_far_walks_with_little_memory_give_the_same_bits(make_lane, bits, moves):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nncore.timeline.CHECKPOINTS", 6)
        patch.setattr("nncore.timeline.RECENT_STATES", 6)
        patch.setattr("nncore.history.CAPACITY", 16)
        lane = make_lane(SETTINGS[1], [Edit(600, SETTINGS[4]), Edit(800, None, ((0, 0.5),))], sizes=(1, 2, 1))
        timeline = Timeline(lane)
        wander(timeline, moves)
        for step in (timeline.reached, timeline.reached // 2, timeline.reached // 3 + 1):
            assert bits(timeline.state_at(step)) == bits(run_straight(lane, step)[0])


@given(after=STEPS, last=STEPS, reached=STEPS)
def test_what_steps_report_is_what_the_run_reported(make_lane, after, last, reached):
    lane = make_lane(SETTINGS[1], [Edit(30, SETTINGS[2])])
    after, last = min(after, last), max(after, last)
    timeline = Timeline(lane)
    timeline.state_at(reached)
    found, (_, whole) = timeline.steps(after, last), run_straight(lane, 90)
    assert found.first == after + 1
    for name in ("batch_loss", "norms", "rates"):
        assert getattr(found, name).tobytes() == getattr(whole, name)[after:last].tobytes()


def test_a_trace_is_a_function_of_lane_and_state_alone(make_lane):
    lane = make_lane(SETTINGS[2])
    timeline = Timeline(lane)
    timeline.state_at(60)
    seen, fresh = timeline.trace(17), trace(lane, run_straight(lane, 17)[0])
    for name in ("theta", "gradient", "change", "after", "targets", "indices"):
        assert getattr(seen, name).tobytes() == getattr(fresh, name).tobytes()


def test_a_batch_size_changed_inside_an_epoch_goes_on_where_the_epoch_stood(make_lane):
    lane = make_lane(SETTINGS[0], [Edit(2, replace(SETTINGS[0], batch_size=10))], samples=24)
    timeline = Timeline(lane)
    seen = [timeline.trace(step).indices.tolist() for step in range(4)]
    assert [len(batch) for batch in seen] == [5, 5, 10, 4]
    assert sorted(np.concatenate(seen)) == list(range(24))


def test_an_optimizer_of_another_kind_starts_without_memory_and_one_of_the_same_keeps_it(make_lane):
    lane = make_lane(SETTINGS[1])
    before = run_straight(lane, 10)[0]
    same, other = (
        run_straight(replace(lane, edits=(Edit(10, Settings(optimizer, batch_size=5)),)), 10)[0]
        for optimizer in (Sgd(0.2, momentum=0.3), Adam(0.01))
    )
    assert (same.optimizer_state.tobytes(), same.count) == (before.optimizer_state.tobytes(), 10)
    assert (other.optimizer_state.tolist(), other.count) == (np.zeros((2, before.theta.size)).tolist(), 0)


def test_a_path_has_the_first_and_the_last_step_and_their_bits(make_lane):
    timeline = Timeline(make_lane(SETTINGS[0]))
    timeline.state_at(700)
    steps, thetas = timeline.path(500, most=9)
    assert (steps[0], steps[-1]) == (0, 500)
    assert len(steps) <= 9
    for step, theta in zip(steps, thetas, strict=True):
        assert theta.tobytes() == run_straight(timeline.lane, step)[0].theta.tobytes()


def test_a_replay_goes_on_where_it_was_though_other_steps_were_looked_at_meanwhile(make_lane, bits, monkeypatch):
    monkeypatch.setattr("nncore.timeline._WORK_PER_SLICE", 1)
    monkeypatch.setattr("nncore.timeline.RECENT_STATES", 4)
    monkeypatch.setattr("nncore.timeline._FIRST_STRIDE", 256)
    lane = make_lane()
    timeline, other = Timeline(lane), Timeline(lane)
    timeline.state_at(300)
    walk = timeline.advance(100)
    for step in (7, 250):
        next(walk)
        timeline.state_at(step)
    for _ in walk:
        pass
    expected = bits(other.state_at(100))
    monkeypatch.setattr(Trainer, "run_slices", None)
    assert bits(timeline.state_at(100)) == expected
