"""The autopsy of a lane that stopped, against numbers worked out here."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nncore.optimizers import Sgd
from nncore.slices import finished
from nncore.timeline import Timeline
from scenarios.file.loader import parse
from scenarios.runs.build import build
from tui.explain.autopsy import LOOK_BACK, autopsy, last_healthy
from tui.render.numbers import num
from tui.session.lane_run import LaneRun

LINE = """
format = 1
name = "line"
steps = 10
[data]
points = [[2.0, 0.0], [-2.0, 0.0]]
[[lanes]]
id = "one"
hidden = HIDDEN
optimizer = { name = "sgd", learning_rate = RATE }
[lanes.parameters]
W1 = [[1.0]]
"""


def timeline(rate, hidden="[]", steps=5000):
    text = LINE.replace("RATE", str(rate)).replace("HIDDEN", hidden)
    made = Timeline(build(parse(text.encode(), "line.toml", Path(".")))[0])
    made.state_at(steps)
    return made


def test_a_lane_that_lives_has_none():
    assert autopsy(timeline(0.1, steps=50)) is None


def test_a_quadratic_above_two_over_eta():
    # ℓ = ½ · 4 w², so w ← (1 − 4α) w = −3 w and every step multiplies the loss by 9
    made = timeline(1.0)
    found = autopsy(made)
    assert found is not None
    assert found.step == made.diverged_at == made.reached + 1
    assert 3.0 ** (2 * (found.step - 1)) * 2 > np.finfo(float).max / 10
    assert found.cause == "loss L"
    steps = [step for step, *_ in found.growth]
    assert steps == list(range(found.step - LOOK_BACK, found.step))
    step, loss, norm, size = found.growth[-3]
    w = 3.0 ** (step - 1)
    assert loss == num(2 * w * w)
    assert norm == num(4 * w)
    assert size == num(3 * w)
    assert found.healthy == 0
    assert f"largest Hessian eigenvalue λ is {num(4.0)}, above 2/α = {num(2.0)}; " in found.sharpness
    assert found.sharpness.endswith(f"needs α < 2/λ = {num(0.5)} there")
    assert found.sharpness.startswith(f"at step {found.healthy} ")


def test_a_lane_that_stops_at_its_first_step():
    made = timeline(1e308)
    found = autopsy(made)
    assert found is not None
    assert (found.step, found.growth, found.healthy) == (1, (), 0)
    assert found.cause == "update of layer 1"
    assert "above 2/α" in found.sharpness


def test_numbers_whose_squares_overflow_are_told_too():
    # w = 1, −4·1e100, 16·1e200: then the loss 2 w² overflows
    found = autopsy(timeline(1e100))
    assert (found.step, found.cause) == (3, "loss L")
    assert [(step, size) for step, _, _, size in found.growth] == [(1, num(4e100)), (2, num(1.6e201))]


def test_an_overflow_before_the_loss_is_its_operation():
    assert autopsy(timeline(1e200, "[1]")).cause == "pre-activation a₂"


@pytest.mark.parametrize(("reached", "healthy"), [(0, 0), (1, 0), (5, 0), (30, 10)])
def test_the_last_healthy_step_is_before_theta_is_twice_as_long(monkeypatch, reached, healthy):
    # |w| = 3^t; with a look of 20 steps back from step 30, step 10 is where the search begins
    monkeypatch.setattr("tui.explain.autopsy.SEARCHED", 20)
    assert last_healthy(timeline(1.0, steps=reached), reached) == healthy


def test_a_slow_growth_is_healthy_until_it_has_doubled():
    # w ← (1 − 4α) w = −1.1 w: 1.1⁷ < 2 < 1.1⁸
    assert last_healthy(timeline(0.525, steps=100), 100) == 7


def test_the_autopsy_is_the_same_after_walking_back():
    made = timeline(1.0)
    before = autopsy(made)
    made.state_at(3)
    assert autopsy(made) == before


def test_a_lane_that_had_converged_before_its_rate_was_raised_is_healthy_up_to_then():
    made = timeline(0.1, steps=20)
    lane_run = LaneRun.begin(made.lane)
    lane_run.timeline.state_at(20)
    lane_run = finished(lane_run.edited(20, replace(made.lane.settings, optimizer=Sgd(50.0)), ()))
    lane_run.timeline.state_at(5000)
    assert lane_run.timeline.diverged_at
    assert autopsy(lane_run.timeline).healthy == 20
