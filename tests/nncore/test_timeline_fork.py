"""Forks of a timeline, the memory it takes, and what it keeps of a lane that diverges."""

import gc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.metrics import evaluate
from nncore.optimizers import Adam, Sgd
from nncore.slices import finished
from nncore.timeline import Timeline
from nncore.training import Edit, Settings, State, Trainer

SLOW = Settings(Sgd(0.05, momentum=0.9), batch_size=5)
OTHER = Settings(Adam(0.01), batch_size=3, l2=0.1)
WILD = Settings(Sgd(1e30), batch_size=5)


def measured(timeline):
    """Log and evaluations, as they compare bit for bit."""
    values = {
        at: (value.samples_seen, *(float(getattr(value, name)).hex() for name in ("train_loss", "test_loss")))
        for at, value in timeline.evaluations.items()
    }
    return timeline.log.width, timeline.log.last, timeline.log.extremes.tobytes(), values


@given(reached=st.integers(0, 700), at=st.integers(0, 700), further=st.integers(0, 200), back=st.integers(0, 700))
def test_a_fork_is_the_run_made_afresh_and_the_old_one_stays(make_lane, bits, reached, at, further, back):
    lane = make_lane(SLOW)
    old, untouched = Timeline(lane), Timeline(lane)
    old.state_at(reached)
    old.state_at(min(back, reached))
    at = min(at, reached)
    changed = lane.with_edits((Edit(at, OTHER, ((0, 0.5),)),))
    new, fresh = finished(old.fork(changed, at)), Timeline(changed)
    for step in (at, at + further):
        assert bits(new.state_at(step)) == bits(fresh.state_at(step))
        assert new.reached == fresh.reached == step
        assert measured(new) == measured(fresh)
    untouched.state_at(reached)
    assert old.reached == reached
    assert measured(old) == measured(untouched)
    assert bits(old.state_at(reached // 2)) == bits(untouched.state_at(reached // 2))
    for state in new.snapshot().states:
        assert len(state.optimizer_state) == changed.settings_at(state.step).optimizer.state_size
    assert bits(new.state_at(at // 2)) == bits(fresh.state_at(at // 2))


def test_a_fork_from_far_behind_goes_on_as_its_own_run(make_lane, bits):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nncore.history.CAPACITY", 8)
        lane = make_lane(SLOW, sizes=(1, 1))
        old = Timeline(lane)
        old.state_at(500)
        new = finished(old.fork(lane.with_edits((Edit(101, OTHER),)), 101))
        fresh = Timeline(new.lane)
        assert bits(new.state_at(300)) == bits(fresh.state_at(300))
        assert new.log.last == 300
        whole, other = (part.log.extremes for part in (new, fresh))
        np.testing.assert_array_equal(np.nanmin(whole[0], axis=0), np.nanmin(other[0], axis=0))
        np.testing.assert_array_equal(np.nanmax(whole[1], axis=0), np.nanmax(other[1], axis=0))


@pytest.mark.parametrize("at", [0, 16, 17])
def test_of_two_edits_at_one_step_the_second_starts_from_what_was_before_the_first(make_lane, bits, at):
    lane = make_lane(SLOW)
    once = lane.with_edits((Edit(at, OTHER, ((0, 0.5),)),))
    twice = lane.with_edits((*once.edits, Edit(at, replace(SLOW, l2=0.3))))
    timeline = Timeline(lane)
    timeline.state_at(40)
    timeline = finished(timeline.fork(once, at))
    timeline.state_at(40)
    timeline = finished(timeline.fork(twice, at))
    for step in (at, at + 30, at + 1):
        assert bits(timeline.state_at(step)) == bits(Timeline(twice).state_at(step))


def test_evaluations_are_those_of_the_states(make_lane):
    timeline = Timeline(make_lane(SLOW))
    timeline.state_at(600)
    assert set(range(129)) <= timeline.evaluations.keys()
    assert set(range(512, 601, 8)) == {at for at in timeline.evaluations if at >= 512}
    for at in (0, 77, 200, 600):
        state = Trainer(timeline.lane)
        state.run(at)
        assert timeline.evaluations[at].train_loss == evaluate(timeline.lane, state.state()).train_loss


def bytes_of_states():
    """What all states that anything holds take."""
    gc.collect()
    return sum(one.nbytes for one in gc.get_objects() if type(one) is State)


@pytest.mark.parametrize("optimizer", [Sgd(0.01), Adam(0.01)])
def test_memory_stays_within_its_budgets(make_lane, monkeypatch, optimizer):
    monkeypatch.setattr("nncore.timeline.RECENT_BYTES", 20_000)
    monkeypatch.setattr("nncore.timeline.CHECKPOINT_BYTES", 30_000)
    before = bytes_of_states()
    lane = make_lane(Settings(Sgd(0.01), batch_size=5), [Edit(300, Settings(optimizer, batch_size=5))])
    timeline = Timeline(lane)
    for step in (2000, 100, 1500, 3000, 5):
        timeline.state_at(step)
        assert bytes_of_states() - before <= 50_000 + 2 * timeline.state_at(step).nbytes
    assert len(timeline.log.extremes[0]) <= 2048
    assert len(timeline.evaluations) < 128 + 64 * 6


def test_a_lane_that_diverges_stops_before_that_step_and_its_past_stays_walkable(make_lane, bits):
    lane = make_lane(SLOW, [Edit(40, WILD)])
    timeline = Timeline(lane)
    last = timeline.state_at(200)
    stop = timeline.diverged_at
    assert stop is not None
    assert 40 < stop == timeline.reached + 1 == last.diverged_at
    assert np.isfinite(last.theta).all()
    assert bits(timeline.state_at(10**6)) == bits(last)
    calm = Timeline(lane)
    for step in (0, 20, 40, stop - 1, 3):
        assert bits(timeline.state_at(step)) == bits(calm.state_at(step))
        assert not timeline.state_at(step).diverged_at
    trace = timeline.trace(stop - 1)
    assert not trace.finite
    assert trace.after.tobytes() == last.theta.tobytes()
    assert len(timeline.steps(stop - 3, stop + 5).rates) == 2
    assert timeline.steps(stop + 1, stop + 5).norms.shape == (0, 2)


def test_a_fork_before_the_divergence_lives(make_lane, bits):
    lane = make_lane(SLOW, [Edit(40, WILD)])
    timeline = Timeline(lane)
    timeline.state_at(200)
    new = finished(timeline.fork(replace(lane, edits=()), 40))
    assert new.state_at(200).step == 200
    assert bits(new.state_at(200)) == bits(Timeline(replace(lane, edits=())).state_at(200))
    assert timeline.diverged_at


@pytest.mark.parametrize("wild", [0, 1, 2])
def test_a_replica_that_diverges_leaves_the_others_as_they_are(make_lane, wild):
    single = make_lane(Settings(Sgd(0.05, momentum=0.9), batch_size=5), activation="relu")
    starts = np.stack([single.start, single.start + 0.1, single.start - 0.1])
    starts[wild] *= 1e80
    stack = replace(single, start=starts, seeds=(0, 1, 2))
    trainer = Trainer(stack)
    steps, state = trainer.run(30), trainer.state()
    assert state.diverged_at[wild] > 0
    assert np.isfinite(state.theta).all()
    assert np.isnan(steps.batch_loss[state.diverged_at[wild] - 1 :, wild]).all()
    for number in range(3):
        alone = Trainer(replace(single, start=starts[number], seeds=(number,)))
        alone.run(30)
        own = alone.state()
        assert int(own.diverged_at) == state.diverged_at[number]
        assert own.theta.tobytes() == state.theta[number].tobytes()
        assert own.optimizer_state.tobytes() == state.optimizer_state[:, number].tobytes()


def test_a_whole_stack_that_diverges_stops(make_lane):
    single = make_lane(WILD)
    trainer = Trainer(replace(single, start=np.stack([single.start] * 2), seeds=(0, 1)))
    steps = trainer.run(50)
    assert trainer.stopped
    assert trainer.step == len(steps.rates) < 50
    assert len(trainer.run(5).rates) == 0
