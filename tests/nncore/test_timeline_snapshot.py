"""A timeline restored from a snapshot stands where it stood, and goes on with the same bits."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.datasets import make
from nncore.kinds import Xor
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.optimizers import Adam, Sgd
from nncore.rng import generator
from nncore.timeline import Timeline
from nncore.training import Edit, Lane, Settings, State


def lane(optimizer=None, edits=()):
    network = Network((2, 4, 1), ("tanh", "linear"))
    model = NetworkModel(network, "squared", "mean", make(Xor(), 24, 10, noise=0.1, seed=3))
    start = 0.5 * generator(0, "start").standard_normal(network.parameter_count)
    return Lane("a", "a", model, Settings(optimizer or Adam(0.01), batch_size=5), start, (7,), tuple(edits))


def bits(state: State):
    return (
        state.theta.tobytes(),
        state.optimizer_state.tobytes(),
        state.step,
        state.count,
        state.place,
        state.samples_seen,
    )


EDITS = (Edit(20, Settings(Sgd(0.1), batch_size=3), ((0, 0.25),)), Edit(40, None, ((3, -1.0),)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 300), st.integers(0, 60), st.integers(1, 5000), st.sampled_from([(), EDITS]))
def test_a_restored_timeline_goes_on_and_back_with_the_same_bits(reached, further, room, edits):
    one = lane(edits=edits)
    timeline = Timeline(one)
    timeline.state_at(reached)
    again = Timeline(one, timeline.snapshot(room))
    assert again.reached == reached
    for step in (reached, reached // 2, reached + further, max(0, reached - 1), 0):
        assert bits(again.state_at(step)) == bits(Timeline(one).state_at(step))
    assert again.repeats()


def test_log_and_evaluations_are_those_of_the_run_that_was_never_left():
    whole, left = Timeline(lane()), Timeline(lane())
    whole.state_at(5000)
    left.state_at(3001)
    left = Timeline(left.lane, left.snapshot())
    left.state_at(5000)
    assert left.log.width == whole.log.width == 4
    assert left.log.extremes.tobytes() == whole.log.extremes.tobytes()
    assert left.evaluations.keys() == whole.evaluations.keys()
    assert all(left.evaluations[at].test_loss == whole.evaluations[at].test_loss for at in whole.evaluations)


def test_a_snapshot_does_not_change_when_its_timeline_goes_on():
    timeline = Timeline(lane())
    timeline.state_at(100)
    snapshot = timeline.snapshot()
    timeline.state_at(200)
    assert snapshot.log.last == 100
    assert max(snapshot.evaluations) == 100
    assert snapshot.states[-1].step == 100


def test_a_thinned_snapshot_keeps_within_its_room_and_replay_fills_the_gaps():
    one = lane()
    timeline = Timeline(one)
    timeline.state_at(4000)
    size = timeline.state_at(4000).nbytes
    snapshot = timeline.snapshot(room=10 * size)
    assert len(snapshot.states) <= 12
    again = Timeline(one, snapshot)
    again.state_at(1999)
    filled = [state.step for state in again.snapshot().states]
    near = max(state.step for state in snapshot.states if state.step < 1999)
    assert set(range(near, 1999, 16)) <= set(filled)


def test_a_lane_that_diverged_is_restored_as_it_stopped():
    one = lane(Sgd(1e200))
    timeline = Timeline(one)
    timeline.state_at(50)
    again = Timeline(one, timeline.snapshot())
    assert again.diverged_at == timeline.diverged_at > 0
    assert again.state_at(50).step == timeline.reached
    assert again.repeats()


@pytest.mark.parametrize("entry", [0, 5])
def test_a_head_of_other_bits_than_replay_gives_is_told(entry):
    one = lane()
    timeline = Timeline(one)
    timeline.state_at(30)
    snapshot = timeline.snapshot()
    theta = snapshot.states[-1].theta.copy()
    theta[entry] = np.nextafter(theta[entry], 9.0)
    foreign = replace(snapshot, states=(*snapshot.states[:-1], replace(snapshot.states[-1], theta=theta)))
    again = Timeline(one, foreign)
    assert not again.repeats()
    assert bits(again.state_at(30)) == bits(foreign.states[-1])
