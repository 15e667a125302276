"""The closed form of a linear model against long gradient descent and against least squares."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.linear_solution import closed_form_distance, closed_form_gap, has_closed_form, nearest_minimum
from nncore.optimizers import Sgd
from nncore.rng import generator
from nncore.training import Settings, Trainer


@pytest.mark.parametrize("l2", [0.0, 0.2])
@pytest.mark.parametrize(("reduction", "rate"), [("mean", 0.3), ("sum", 0.01)])
@pytest.mark.parametrize("outputs", [1, 2])
def test_long_gradient_descent_arrives_there(make_lane, reduction, rate, l2, outputs):
    lane = make_lane(Settings(Sgd(rate), l2=l2), sizes=(2, outputs), reduction=reduction)
    best = nearest_minimum(lane.model, lane.settings, lane.start)
    trainer = Trainer(lane)
    trainer.run(1500)
    end = trainer.state().theta
    np.testing.assert_allclose(end, best, atol=1e-9)
    assert closed_form_distance(lane.model, lane.settings, end) < 1e-8
    assert abs(closed_form_gap(lane.model, lane.settings, end)) < 1e-14
    assert closed_form_gap(lane.model, lane.settings, lane.start) > 1e-3


def test_least_squares_says_the_same(make_lane):
    lane = make_lane(sizes=(3, 2))
    x = np.hstack([lane.model.data.x, np.ones((24, 1))])
    solved = np.linalg.lstsq(x, lane.model.data.y, rcond=None)[0]
    w, b = lane.model.network.split(nearest_minimum(lane.model, lane.settings, lane.start))[0]
    np.testing.assert_allclose(np.hstack([w, b[:, None]]).T, solved, rtol=1e-10)


def test_badly_conditioned_inputs_keep_their_digits(make_lane):
    lane = make_lane(sizes=(6, 1))
    x = np.linspace(0.0, 10.0, 24)[:, None] ** np.arange(1, 7)
    wanted = np.array([0.5, -1.0, 0.25, 2.0, -0.5, 0.125])
    data = replace(lane.model.data, x=x, y=(x @ wanted + 3.0)[:, None])
    model = replace(lane.model, data=data)
    best = nearest_minimum(model, lane.settings, np.zeros(7))
    np.testing.assert_allclose(best, [*wanted, 3.0], rtol=1e-7)


def test_of_many_minima_it_is_the_nearest_where_descent_ends_too(make_lane):
    lane = make_lane(Settings(Sgd(0.2)), sizes=(2, 1))
    x = lane.model.data.x.copy()
    x[:, 1] = x[:, 0]
    lane = replace(lane, model=replace(lane.model, data=replace(lane.model.data, x=x)))
    trainer = Trainer(lane)
    trainer.run(1500)
    np.testing.assert_allclose(trainer.state().theta, nearest_minimum(lane.model, lane.settings, lane.start), atol=1e-9)


def test_replicas_have_minima_of_their_own(make_lane):
    model = make_lane(sizes=(2, 1), copies=3).model
    settings = Settings(Sgd(0.1))
    thetas = generator(0, "t").standard_normal((3, 3))
    together = nearest_minimum(model, settings, thetas)
    for number in range(3):
        alone = nearest_minimum(model.replica(number), settings, thetas[number])
        np.testing.assert_allclose(together[number], alone, rtol=1e-10)


def test_what_is_not_linear_has_no_closed_form(make_lane, make_saddle):
    plain = Settings(Sgd(0.1))
    without = [
        (make_lane().model, plain),
        (make_lane(sizes=(2, 1), loss="huber").model, plain),
        (make_lane(sizes=(2, 1), output="tanh").model, plain),
        (make_lane(sizes=(2, 1)).model, replace(plain, l1=0.1)),
        (make_lane(sizes=(2, 1)).model, replace(plain, frozen=frozenset({1}))),
        (make_saddle().model, plain),
    ]
    for model, settings in without:
        assert not has_closed_form(model, settings)
        theta = np.zeros(model.parameter_count)
        assert np.isnan(closed_form_distance(model, settings, theta))
        assert np.isnan(closed_form_gap(model, settings, theta))
