from __future__ import annotations

from math import exp, log1p

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.activations import ACTIVATIONS, SOFTMAX, Activation
from nncore.arrays import Array

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SMOOTH_POINTS = np.concatenate([np.linspace(-6.0, 6.0, 40), [-0.7, 0.3, 1.1]])  # none of them a kink


def value(activation: Activation, a: Array) -> Array:
    out = np.full_like(a, np.nan)
    activation.value(a, out)
    return out


def derivative(activation: Activation, a: Array) -> Array:
    out = np.full_like(a, np.nan)
    activation.derivative(a, value(activation, a), out)
    return out


def second_derivative(activation: Activation, a: Array) -> Array:
    out = np.full_like(a, np.nan)
    activation.second_derivative(a, value(activation, a), out)
    return out


@pytest.fixture(params=ACTIVATIONS.values(), ids=lambda activation: activation.name)
def activation(request: pytest.FixtureRequest) -> Activation:
    return request.param


def test_names() -> None:
    assert list(ACTIVATIONS) == ["relu", "leaky_relu", "tanh", "sigmoid", "softplus", "sine", "linear"]
    assert [name for name, it in ACTIVATIONS.items() if it.piecewise_linear] == [
        "relu",
        "leaky_relu",
        "linear",
    ]


@pytest.mark.parametrize(
    ("name", "at_minus_2", "at_3"),
    [
        ("relu", 0.0, 3.0),
        ("leaky_relu", -0.02, 3.0),
        ("tanh", (exp(-4) - 1) / (exp(-4) + 1), (exp(6) - 1) / (exp(6) + 1)),
        ("sigmoid", 1 / (1 + exp(2)), 1 / (1 + exp(-3))),
        ("softplus", log1p(exp(-2)), log1p(exp(3))),
        ("sine", -0.9092974268256817, 0.1411200080598672),
        ("linear", -2.0, 3.0),
    ],
)
def test_values(name: str, at_minus_2: float, at_3: float) -> None:
    z = value(ACTIVATIONS[name], np.array([-2.0, 3.0]))
    np.testing.assert_allclose(z, [at_minus_2, at_3], rtol=1e-15)


def test_derivative_is_the_central_difference_of_the_value(activation: Activation) -> None:
    h = 1e-5
    difference = (value(activation, SMOOTH_POINTS + h) - value(activation, SMOOTH_POINTS - h)) / (2 * h)
    np.testing.assert_allclose(derivative(activation, SMOOTH_POINTS), difference, atol=1e-9)


def test_second_derivative_is_the_central_difference_of_the_derivative(activation: Activation) -> None:
    h = 1e-5
    difference = (derivative(activation, SMOOTH_POINTS + h) - derivative(activation, SMOOTH_POINTS - h)) / (2 * h)
    np.testing.assert_allclose(second_derivative(activation, SMOOTH_POINTS), difference, atol=1e-9)


@pytest.mark.parametrize(("name", "expected"), [("relu", 0.0), ("leaky_relu", 0.01)])
def test_derivative_at_the_kink_is_the_left_one(name: str, expected: float) -> None:
    assert derivative(ACTIVATIONS[name], np.array([0.0, -0.0])).tolist() == [expected, expected]


@given(a=st.lists(FINITE, min_size=1, max_size=20))
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_finite_and_silent_for_any_finite_input(name: str, a: list[float]) -> None:
    points = np.array(a)
    for function in (value, derivative, second_derivative):
        assert np.all(np.isfinite(function(ACTIVATIONS[name], points)))


@pytest.mark.parametrize(
    ("name", "a", "expected"),
    [
        ("sigmoid", -800.0, 0.0),
        ("sigmoid", -700.0, exp(-700)),
        ("sigmoid", -40.0, exp(-40)),
        ("sigmoid", 36.0, 1 / (1 + exp(-36))),
        ("sigmoid", 800.0, 1.0),
        ("softplus", -800.0, 0.0),
        ("softplus", -40.0, exp(-40)),
        ("softplus", 800.0, 800.0),
        ("tanh", -800.0, -1.0),
    ],
)
def test_tails_are_exact(name: str, a: float, expected: float) -> None:
    np.testing.assert_allclose(value(ACTIVATIONS[name], np.array([a])), expected, rtol=4e-16)


def test_softplus_derivative_is_the_sigmoid_in_both_tails() -> None:
    a = np.array([-800.0, -40.0, -1e-8, 0.0, 2.0, 40.0, 800.0])
    np.testing.assert_allclose(derivative(ACTIVATIONS["softplus"], a), value(ACTIVATIONS["sigmoid"], a), rtol=1e-15)


def test_nan_comes_through(activation: Activation) -> None:
    assert np.isnan(value(activation, np.array([np.nan]))).all()


def test_inputs_are_not_modified(activation: Activation) -> None:
    a = np.array([[-1.5, 0.0, 2.0]])
    z = value(activation, a)
    before = z.copy()
    derivative_out, second_derivative_out = np.empty_like(a), np.empty_like(a)
    activation.derivative(a, z, derivative_out)
    activation.second_derivative(a, z, second_derivative_out)
    np.testing.assert_array_equal(a, [[-1.5, 0.0, 2.0]])
    np.testing.assert_array_equal(z, before)


def test_replicas_are_their_single_runs(activation: Activation) -> None:
    a = np.random.default_rng(0).normal(0.0, 3.0, (4, 7, 5))
    for function in (value, derivative, second_derivative):
        stacked = function(activation, a)
        for replica in range(4):
            np.testing.assert_array_equal(stacked[replica], function(activation, a[replica]))


def test_softmax_worked_by_hand() -> None:
    a = np.log(np.array([[1.0, 2.0, 5.0], [3.0, 3.0, 2.0]]))
    expected = [[0.125, 0.25, 0.625], [0.375, 0.375, 0.25]]
    np.testing.assert_allclose(value(SOFTMAX, a), expected, rtol=1e-15)
    np.testing.assert_allclose(value(SOFTMAX, a + 1000.0), expected, rtol=1e-12)


@given(a=st.lists(FINITE, min_size=1, max_size=12))
def test_softmax_of_any_finite_row_is_a_distribution(a: list[float]) -> None:
    p = value(SOFTMAX, np.array([a]))
    assert np.all(p >= 0.0)
    assert p.sum() == pytest.approx(1.0, rel=1e-14)
    assert p[0, np.argmax(a)] == p.max()


def test_softmax_at_the_ends_of_the_floats() -> None:
    top = np.finfo(np.float64).max
    a = np.array([[top, -top, 0.0], [-top, -top / 2, -top], [top, top, -top]])
    np.testing.assert_array_equal(value(SOFTMAX, a), [[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0]])


def test_softmax_replicas_are_their_single_runs() -> None:
    a = np.random.default_rng(1).normal(0.0, 3.0, (6, 33, 10))
    stacked = value(SOFTMAX, a)
    for replica in range(6):
        np.testing.assert_array_equal(stacked[replica], value(SOFTMAX, a[replica]))
        np.testing.assert_array_equal(stacked[replica, :1], value(SOFTMAX, a[replica, :1]))


def test_softmax_has_no_elementwise_derivative() -> None:
    a = np.zeros((1, 2))
    with pytest.raises(TypeError, match="cross-entropy"):
        SOFTMAX.derivative(a, a, np.empty_like(a))
    with pytest.raises(TypeError, match="cross-entropy"):
        SOFTMAX.second_derivative(a, a, np.empty_like(a))
