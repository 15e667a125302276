from __future__ import annotations

from math import exp, log, log1p

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.activations import ACTIVATIONS, SOFTMAX
from nncore.arrays import Array
from nncore.losses import LOSSES, Loss

H = 1e-5


@pytest.fixture(params=LOSSES.values(), ids=lambda loss: loss.name)
def loss(request: pytest.FixtureRequest) -> Loss:
    return request.param


def output_of(loss: Loss, a: Array) -> Array:
    """z of the loss's own output activation at a."""
    z = np.empty_like(a)
    (SOFTMAX if loss.output == "softmax" else ACTIVATIONS[loss.output]).value(a, z)
    return z


def targets_of(loss: Loss, shape: tuple[int, ...]) -> Array:
    rng = np.random.default_rng(3)
    if loss.name == "softmax_cross_entropy":
        return np.eye(shape[-1])[rng.integers(0, shape[-1], shape[:-1])]
    if loss.classification:
        return rng.integers(0, 2, shape).astype(float)
    return rng.normal(0.0, 1.0, shape)


def value_at(loss: Loss, a: Array, targets: Array) -> Array:
    return loss.value(a, output_of(loss, a), targets)


def derivative_at(loss: Loss, a: Array, targets: Array) -> Array:
    out = np.full_like(a, np.nan)
    loss.derivative(output_of(loss, a), targets, out)
    return out


def samples(loss: Loss, shape: tuple[int, ...] = (6, 3)) -> tuple[Array, Array]:
    """Pre-activations and targets, whose errors stay clear of the kinks at 0 and ±1."""
    a = np.random.default_rng(5).normal(0.0, 1.5, shape)
    targets = targets_of(loss, shape)
    error = np.abs(a - targets)
    assert np.min(np.abs(np.stack([error, error - 1.0]))) > 10 * H
    return a, targets


def test_outputs() -> None:
    assert {name: (it.output, it.from_logits, it.classification) for name, it in LOSSES.items()} == {
        "squared": ("linear", False, False),
        "absolute": ("linear", False, False),
        "huber": ("linear", False, False),
        "logistic": ("sigmoid", True, True),
        "softmax_cross_entropy": ("softmax", True, True),
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("squared", [0.5 * (0.25 + 9.0), 0.0]),
        ("absolute", [0.5 + 3.0, 0.0]),
        ("huber", [0.125 + 2.5, 0.0]),
    ],
)
def test_values_worked_by_hand(name: str, expected: list[float]) -> None:
    z = np.array([[1.5, -2.0], [0.25, 4.0]])
    targets = np.array([[1.0, 1.0], [0.25, 4.0]])
    np.testing.assert_array_equal(value_at(LOSSES[name], z, targets), expected)


def test_logistic_worked_by_hand() -> None:
    a = np.array([[2.0], [2.0], [-3.0]])
    targets = np.array([[1.0], [0.0], [1.0]])
    expected = [log1p(exp(-2)), 2 + log1p(exp(-2)), 3 + log1p(exp(-3))]
    np.testing.assert_allclose(value_at(LOSSES["logistic"], a, targets), expected, rtol=1e-15)


def test_softmax_cross_entropy_worked_by_hand() -> None:
    a = np.log(np.array([[1.0, 2.0, 5.0], [3.0, 3.0, 2.0]]))
    loss = LOSSES["softmax_cross_entropy"]
    targets = loss.encode(np.array([[2.0], [0.0]]), 3)
    np.testing.assert_allclose(value_at(loss, a, targets), [-log(0.625), -log(0.375)], rtol=1e-15)
    np.testing.assert_allclose(
        derivative_at(loss, a, targets), [[0.125, 0.25, -0.375], [-0.625, 0.375, 0.25]], rtol=1e-15
    )


def test_derivative_is_the_central_difference_of_the_value(loss: Loss) -> None:
    a, targets = samples(loss)
    derivative = derivative_at(loss, a, targets)
    for output in range(a.shape[-1]):
        shift = H * np.eye(a.shape[-1])[output]
        difference = (value_at(loss, a + shift, targets) - value_at(loss, a - shift, targets)) / (2 * H)
        np.testing.assert_allclose(derivative[:, output], difference, atol=1e-9)


def test_second_derivative_is_the_central_difference_of_the_derivative_along_the_direction(loss: Loss) -> None:
    a, targets = samples(loss)
    directions = np.random.default_rng(8).normal(0.0, 1.0, (4, *a.shape))
    second_derivative = np.full_like(directions, np.nan)
    loss.second_derivative(output_of(loss, a), targets, directions, second_derivative)
    for direction, found in zip(directions, second_derivative, strict=True):
        ahead, behind = derivative_at(loss, a + H * direction, targets), derivative_at(loss, a - H * direction, targets)
        np.testing.assert_allclose(found, (ahead - behind) / (2 * H), atol=1e-9)


def test_derivatives_at_the_kinks() -> None:
    z, targets = np.array([[2.0, 3.0, 1.0]]), np.array([[2.0, 2.0, 2.0]])
    np.testing.assert_array_equal(derivative_at(LOSSES["absolute"], z, targets), [[0.0, 1.0, -1.0]])
    np.testing.assert_array_equal(derivative_at(LOSSES["huber"], z, targets), [[0.0, 1.0, -1.0]])


@given(a=st.floats(-1e300, 1e300), y=st.sampled_from([0.0, 1.0]))
def test_logistic_is_finite_silent_and_right_for_any_logit(a: float, y: float) -> None:
    found = value_at(LOSSES["logistic"], np.array([[a]]), np.array([[y]]))[0]
    wrong_by = -a if y == 1.0 else a
    expected = wrong_by if wrong_by > 40.0 else log1p(exp(wrong_by))
    assert found == pytest.approx(expected, rel=1e-14, abs=1e-300)


@given(a=st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=6))
def test_softmax_cross_entropy_is_finite_and_silent_for_any_logits(a: list[float]) -> None:
    loss = LOSSES["softmax_cross_entropy"]
    logits = np.tile(a, (len(a), 1))
    targets = loss.encode(np.arange(float(len(a)))[:, None], len(a))
    value, derivative = value_at(loss, logits, targets), derivative_at(loss, logits, targets)
    assert np.all(np.isfinite(value))
    assert np.all(value >= 0.0)
    assert np.all(np.abs(derivative) <= 1.0)
    assert value[np.argmax(a)] <= log(len(a)) * (1 + 1e-15)


def test_one_hot_targets() -> None:
    encode = LOSSES["softmax_cross_entropy"].encode
    expected = [[[1.0, 0.0, 0.0]], [[0.0, 0.0, 1.0]]]
    np.testing.assert_array_equal(encode(np.array([[[0.0]], [[2.0]]]), 3), expected)
    assert encode(np.empty((0, 1)), 3).shape == (0, 3)


@pytest.mark.parametrize("y", [3.0, -1.0, 0.5])
def test_what_is_no_class_number_is_refused(y: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 2"):
        LOSSES["softmax_cross_entropy"].encode(np.array([[1.0], [y]]), 3)


def test_other_losses_take_y_as_it_is() -> None:
    y = np.array([[0.0], [1.0]])
    assert all(it.encode(y, 1) is y for name, it in LOSSES.items() if name != "softmax_cross_entropy")


def test_inputs_are_not_modified(loss: Loss) -> None:
    a, targets = samples(loss)
    z, direction, out = output_of(loss, a), np.ones_like(a), np.empty_like(a)
    arguments = [a, z, targets, direction]
    before = [it.copy() for it in arguments]
    loss.value(a, z, targets)
    loss.derivative(z, targets, out)
    loss.second_derivative(z, targets, direction, out)
    for it, then in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(it, then)


def test_replicas_are_their_single_runs(loss: Loss) -> None:
    a, targets = np.random.default_rng(2).normal(0.0, 2.0, (5, 7, 9)), targets_of(loss, (7, 9))
    values, derivatives = value_at(loss, a, targets), derivative_at(loss, a, targets)
    assert values.shape == (5, 7)
    for replica in range(5):
        np.testing.assert_array_equal(values[replica], value_at(loss, a[replica], targets))
        np.testing.assert_array_equal(derivatives[replica], derivative_at(loss, a[replica], targets))


@pytest.mark.parametrize(
    ("name", "y", "outputs", "accepted"),
    [
        ("squared", [[0.3, -7.0]], 2, True),
        ("logistic", [[0.0, 1.0], [1.0, 1.0]], 2, True),
        ("logistic", [[2.0]], 3, False),
        ("logistic", [[0.5]], 1, False),
        ("softmax_cross_entropy", [[0.0], [2.0]], 3, True),
        ("softmax_cross_entropy", [[0.0], [3.0]], 3, False),
        ("softmax_cross_entropy", [[-1.0]], 3, False),
        ("softmax_cross_entropy", [[0.0, 1.0]], 3, False),
    ],
)
def test_a_loss_tells_which_y_it_accepts(name: str, y: list[list[float]], outputs: int, accepted: bool) -> None:
    assert LOSSES[name].accepts(np.array(y), outputs) is accepted


def test_a_loss_that_is_particular_says_what_it_accepts(loss: Loss) -> None:
    assert bool(loss.accepted) is not loss.accepts(np.array([[0.5]]), 2)
