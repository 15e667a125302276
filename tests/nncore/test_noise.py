"""Mini-batch gradients against the full one, and what theory says of their variance."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.batches import DataCursor
from nncore.noise import (
    angle,
    batch_gradients,
    expected_variance,
    full_gradient,
    gradient_angle,
    gradient_variance,
    sample_gradients,
    widest_direction,
)
from nncore.optimizers import Sgd
from nncore.rng import generator
from nncore.training import Settings, Trainer


def settings(m, **more):
    return Settings(Sgd(0.1), batch_size=m, **more)


@pytest.mark.parametrize("more", [{}, {"l1": 0.1, "l2": 0.2}, {"frozen": frozenset({1})}])
def test_the_gradients_are_those_that_training_takes(make_lane, more):
    lane = make_lane(settings(5, **more))
    x, targets = lane.model.loader(lane.seeds, ()).epoch(0)
    stack = batch_gradients(
        lane.model, lane.settings, lane.start, x[:20].reshape(4, 5, 2), targets[:20].reshape(4, 5, 1)
    )
    for number in range(4):
        trainer = Trainer(lane)
        trainer.place = DataCursor(0, 5 * number)
        np.testing.assert_array_equal(stack[number], trainer.gradient()[1])
    whole = Trainer(replace(lane, settings=settings(0, **more))).gradient()[1]
    np.testing.assert_allclose(full_gradient(lane.model, lane.settings, lane.start), whole, rtol=1e-13)


def test_the_mean_of_the_samples_gradients_is_the_full_one(make_lane):
    lane = make_lane(settings(5, l2=0.1), loss="logistic")
    model = lane.model
    each = sample_gradients(model, lane.settings, lane.start, model.data.x, model.targets)
    assert each.shape == (24, lane.start.size)
    np.testing.assert_allclose(each.mean(0), full_gradient(model, lane.settings, lane.start), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("m", [1, 3, 8, 12])
def test_the_variance_over_many_epochs_is_that_of_theory(make_lane, m, reduction):
    lane = make_lane(settings(m, l2=0.3), reduction=reduction)
    model, state = lane.model, lane.first_state()
    measured = [
        float(gradient_variance(model, lane.settings, replace(state, place=DataCursor(epoch)), lane.seeds))
        for epoch in range(600)
    ]
    assert np.mean(measured) == pytest.approx(expected_variance(model, lane.settings, lane.start, m), rel=0.05)


def test_theory_for_two_numbers_worked_by_hand(make_lane):
    # one weight, one bias, x = 0: sample gradients of b are b − y = −1 and −3, so σ² = 1
    lane = make_lane(settings(1), sizes=(1, 1), samples=2)
    data = replace(lane.model.data, x=np.zeros((2, 1)), y=np.array([[1.0], [3.0]]))
    model = replace(lane.model, data=data)
    assert expected_variance(model, lane.settings, np.zeros(2), 1) == 1
    assert expected_variance(model, lane.settings, np.zeros(2), 2) == 0
    assert gradient_variance(model, lane.settings, replace(lane.first_state(), theta=np.zeros(2)), (0,)) == 1
    # as a sum, a batch of one is off its mean ½·(−1 − 3) by 1 too
    assert expected_variance(replace(model, reduction="sum"), lane.settings, np.zeros(2), 1) == 1


@pytest.mark.parametrize("m", [0, 24, 100])
def test_full_batches_have_no_variance_and_no_angle(make_lane, m):
    lane = make_lane(settings(m))
    state = lane.first_state()
    assert gradient_variance(lane.model, lane.settings, state, lane.seeds) == 0
    assert gradient_angle(lane.model, lane.settings, state, lane.seeds) == pytest.approx(0, abs=1e-6)


def test_replicas_are_measured_as_their_single_runs(make_lane):
    lane = make_lane(settings(5))
    starts = np.stack([lane.start, lane.start + 0.3])
    stack = replace(lane, start=starts, seeds=(0, 1))
    for quantity in (gradient_variance, gradient_angle):
        both = quantity(lane.model, lane.settings, stack.first_state(), (0, 1))
        for number in range(2):
            state = replace(lane.first_state(), theta=starts[number])
            alone = quantity(lane.model, lane.settings, state, (number,))
            assert both[number] == pytest.approx(float(alone), rel=1e-12)


def test_angles():
    first = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    second = np.array([[2.0, 0.0], [0.0, 3.0], [-1.0, 0.0], [1.0, 1e-8], [0.0, 0.0]])
    np.testing.assert_allclose(angle(first, second)[:4], [0, 90, 180, np.degrees(1e-8)], rtol=1e-7)
    assert np.isnan(angle(first, second)[4])


@pytest.mark.parametrize("shape", [(1, 6), (2, 2), (5, 30), (40, 7), (300, 150)])
def test_the_widest_direction_is_the_first_singular_vector_of_what_lies_across(shape):
    vectors = generator(shape[0], "rows").standard_normal(shape) * np.linspace(1, 3, shape[1])
    first = vectors.mean(0) / np.linalg.norm(vectors.mean(0)) if len(vectors) > 1 else np.eye(shape[1])[0]
    expected = np.linalg.svd(vectors - np.outer(vectors @ first, first), full_matrices=False)[2][0]
    found = widest_direction(vectors, first)
    assert abs(found @ expected) == pytest.approx(1, abs=1e-9)
    assert found @ first == pytest.approx(0, abs=1e-12)


def test_the_widest_direction_of_few_different_vectors_and_of_none_but_one():
    vectors = np.array([[0.0, 1, 0], [0, 0, 1.5], [0, 1, 0], [0, 1, 0]])
    np.testing.assert_allclose(np.abs(widest_direction(vectors, np.array([1.0, 0, 0]))), [0, 1, 0], atol=1e-12)
    assert np.isfinite(widest_direction(np.zeros((3, 4)), np.zeros(4))).all()
    assert np.isfinite(widest_direction(np.ones((3, 1)), np.ones(1))).all()
