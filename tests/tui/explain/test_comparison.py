"""Two lanes side by side: what differs in their making, and what came of it."""

import numpy as np
import pytest

from tui.explain.comparison import compare
from tui.render.numbers import num
from tui.session.actions import EditSettings, do

SAME = """
format = 1
name = "same"
steps = 50
[data]
kind = "xor"
samples = 9
test_samples = 4
[defaults]
hidden = [2]
batch_size = 4
optimizer = { name = "sgd", learning_rate = 0.1, momentum = 0.5 }
[[lanes]]
id = "one"
[[lanes]]
id = "two"
"""


def rows(bench, first=0, second=1):
    lanes = bench.frame().lanes
    return {row.what: (row.first, row.second) for row in compare(lanes[first], lanes[second])}


def test_lanes_of_one_kind_differ_in_nothing_that_was_made(bench):
    made = bench(SAME)
    made.session.go_to(5)
    found = rows(made)
    assert next(iter(found)) == "step"
    assert found["step"] == ("5", "5")
    assert found["distance of θ between them"] == (num(0.0), num(0.0))
    assert found["samples seen"] == ("17", "17")  # 4, 4, 1, 4, 4
    assert found["parameters"] == ("9", "9")
    # 17 times what a sample takes: 4 + 2 forwards, 4 + 2 for ∂W, 2 for δ₁
    assert found["multiply-adds"] == ("238", "238")


def test_an_edit_shows_as_what_it_changed_and_what_came_of_it(bench):
    made = bench(SAME)
    session = made.session
    session.go_to(6)
    do(session, EditSettings([1], {"optimizer": {"learning_rate": 0.2}, "freeze": [1]}, "faster"))
    session.go_to(20)
    found = rows(made)
    assert found["optimizer learning_rate"] == ("0.1", "0.2")
    assert found["freeze"] == ("[]", "[1]")
    assert found["edits"] == ("none", "at 6")
    assert not {"optimizer", "optimizer momentum", "layers", "batch_size", "loss"} & found.keys()
    one, two = (lane_run.timeline.state_at(20) for lane_run in session.lane_runs)
    distance = num(float(np.linalg.norm(one.theta - two.theta)))
    assert found["distance of θ between them"] == (distance, distance)
    starts = [
        num(float(np.linalg.norm(s.theta - t.lane.start))) for s, t in zip((one, two), session.lane_runs, strict=True)
    ]
    assert found["distance of θ from its start"] == tuple(starts)


def test_lanes_of_different_shape_have_no_distance(bench):
    made = bench()
    made.session.go_to(3)
    found = rows(made)
    assert found["layers"] == ("2-5-1", "2-3-2-3-1")
    assert found["activations"] == ("relu, linear", "relu, relu, relu, linear")
    assert "distance of θ between them" not in found


def test_the_first_step_at_the_worse_ones_loss(bench):
    made = bench()
    made.session.go_to(40)
    lanes = made.frame().lanes
    losses = [float(lane.evaluation.train_loss) for lane in lanes]
    goal = max(losses)
    (name,) = [row.what for row in compare(*lanes) if row.what.startswith("first at")]
    assert name == f"first at train loss {num(goal)}"
    for lane, said in zip(lanes, rows(made)[name], strict=True):
        timeline = made.session.lane_runs[lane.number].timeline
        measured = [float(timeline.evaluations[step].train_loss) for step in range(41)]
        assert said == f"step {next(step for step, loss in enumerate(measured) if loss <= goal)}"


def test_a_lane_that_stopped_is_compared_where_it_stopped(bench):
    made = bench(SAME)
    do(made.session, EditSettings([1], {"optimizer": {"learning_rate": 1e200}}, "wild"))
    made.session.go_to(10)
    found = rows(made)
    stopped = made.session.lane_runs[1].timeline
    assert found["step"] == ("10", str(stopped.reached))
    lengths = found["distance of θ from its start"]
    assert float(lengths[1]) == pytest.approx(abs(stopped.state_at(10).theta).max(), rel=1)  # its square overflows


def test_functions_are_compared_too(bench):
    text = """
format = 1
name = "functions"
steps = 5
[[lanes]]
id = "one"
[lanes.function]
expression = "x**2 + y**2"
start = { x = 1, y = 0 }
[[lanes]]
id = "two"
[lanes.function]
expression = "x**2"
start = { x = 1 }
"""
    found = rows(bench(text))
    assert found["function of"] == ("x, y", "x")
    assert found["train loss"] == (num(1.0), num(1.0))
    assert "test loss" not in found
