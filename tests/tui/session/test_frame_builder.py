import numpy as np
import pytest

from nncore.operations import Phase
from tui.explain.notation import stopped_words


def test_in_the_update_phase_theta_is_new_in_the_layers_already_updated(bench):
    one = bench()
    one.session.go_to(2)
    state = one.session.lane_runs[1].timeline.state_at(2).theta
    for _ in range(len(one.session.lockstep) - 1):
        one.session.into()
    lane = one.frame(1).lane
    assert (lane.operation.phase, lane.operation.layer) == (Phase.UPDATE, 3)
    assert lane.step == 2
    for layer, block in enumerate(lane.lane.model.blocks, 1):
        expected = lane.trace.after if layer <= 3 else state
        assert lane.theta[block].tobytes() == expected[block].tobytes()
    one.session.into()
    assert one.frame(1).lane.theta.tobytes() == lane.trace.after.tobytes()


def test_at_rest_the_trace_is_that_of_the_step_before(bench):
    one = bench()
    one.session.go_to(5)
    lane = one.frame().lane
    assert (lane.step, lane.trace.step, lane.index) == (5, 4, len(lane.operations) - 1)
    assert lane.trace.after.tobytes() == lane.theta.tobytes()


def test_before_the_first_step_nothing_is_computed(bench):
    lane = bench().frame().lane
    assert (lane.operation, lane.index, lane.step) == (None, -1, 0)
    assert not lane.done(Phase.BATCH, 0)


def test_stepping_through_operations_computes_no_second_trace(bench):
    one = bench()
    one.session.go_to(5)
    one.session.into()
    first = one.frame().lane
    one.session.into()
    second = one.frame().lane
    assert second.trace is first.trace
    assert second.evaluation is first.evaluation
    assert second.curves is first.curves


def test_curves_are_copied_again_once_the_run_went_on(bench):
    one = bench()
    one.session.go_to(5)
    five = one.frame().lane.curves
    one.session.go_to(3)
    assert one.frame().lane.curves is five
    one.session.go_to(6)
    assert one.frame().lane.curves is not five
    assert five.evaluated[-1] == 5


def test_curves_reach_the_last_step_with_the_samples_seen_by_then(bench):
    """20 samples in batches of 8, 8 and 4: 3 steps an epoch."""
    one = bench()
    one.session.go_to(301)
    lane = one.frame().lane
    assert lane.curves.evaluated[-1] == 301
    assert lane.curves.samples[-1] == 100 * 20 + 8
    assert lane.curves.train_loss[-1] == lane.evaluation.train_loss


def test_curves_hold_every_step_of_a_short_run(bench):
    one = bench()
    one.session.go_to(9)
    curves = one.frame().lane.curves
    timeline = one.session.lane_runs[0].timeline
    assert curves.steps.tolist() == list(range(1, 10))
    assert curves.batch_loss[0].tolist() == curves.batch_loss[1].tolist()
    for step in range(9):
        trace = timeline.trace(step)
        assert curves.batch_loss[0, step] == trace.loss
        norms = [np.linalg.norm(trace.gradient[block]) for block in one.session.lane_runs[0].lane.model.blocks]
        assert curves.layer_norms[:, 0, step] == pytest.approx(norms)
        assert curves.norm[0, step] == pytest.approx(np.linalg.norm(trace.gradient))


WILD = """
format = 1
name = "wild"
[data]
points = [[1.0, 1.0], [2.0, 0.0]]
[[lanes]]
id = "calm"
optimizer = { name = "sgd", learning_rate = 0.01 }
[[lanes]]
id = "wild"
optimizer = { name = "sgd", learning_rate = 1e60 }
"""


def test_a_lane_that_stopped_says_when_and_what_overflowed(bench):
    one = bench(WILD)
    one.session.go_to(20)
    calm, wild = one.frame().lanes
    stop = one.session.lane_runs[1].timeline.diverged_at
    assert (calm.stopped, calm.step) == (None, 20)
    assert wild.step == stop - 1
    assert stopped_words(wild.stopped).startswith(f"stopped at step {stop}: ")
    assert stopped_words(wild.stopped).endswith("is no longer finite (D: autopsy)")
    one.session.go_to(0)
    assert not one.frame().lanes[1].stopped


def test_the_lane_in_front_stays_within_the_lanes(bench):
    one = bench()
    assert [one.frame(front).front for front in (0, 1, 5)] == [0, 1, 1]
