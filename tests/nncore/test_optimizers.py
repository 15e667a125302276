from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest

from nncore.arrays import Array
from nncore.optimizers import OPTIMIZERS, AdaGrad, Adam, Optimizer, RmsProp, Sgd

RATES = [0.1, 0.1, 0.05, 0.02, 0.0, 0.3, 0.1]
GRADIENTS = [1.0, -2.0, 0.5, 0.0, 3.0, 1e-6, -0.25]

EVERY_FORM = [
    Sgd(0.1),
    Sgd(0.1, momentum=0.9),
    Sgd(0.1, momentum=0.9, nesterov=True),
    RmsProp(0.1),
    AdaGrad(0.1),
    Adam(0.1),
]


def changes(optimizer: Optimizer, gradients: list[float]) -> list[float]:
    """The changes to one parameter over a sequence of gradients, with the learning rates RATES."""
    state, found = optimizer.init(np.zeros(1)), []
    for count, (gradient, rate) in enumerate(zip(gradients, RATES, strict=True)):
        change, state = optimizer.update(np.array([gradient]), state, rate, count)
        found.append(change.item())
    return found


def test_names() -> None:
    assert dict(OPTIMIZERS) == {"sgd": Sgd, "rmsprop": RmsProp, "adagrad": AdaGrad, "adam": Adam}


def test_defaults() -> None:
    assert Sgd(0.1) == Sgd(0.1, momentum=0.0, nesterov=False)
    assert RmsProp(0.1) == RmsProp(0.1, alpha=0.99, eps=1e-8)
    assert AdaGrad(0.1) == AdaGrad(0.1, eps=1e-10)
    assert Adam(0.1) == Adam(0.1, betas=(0.9, 0.999), eps=1e-8)


@pytest.mark.parametrize(("optimizer", "size"), list(zip(EVERY_FORM, [0, 1, 1, 1, 1, 2], strict=True)))
def test_starts_with_zeros_of_the_shape_of_theta(optimizer: Optimizer, size: int) -> None:
    assert optimizer.state_size == size
    np.testing.assert_array_equal(optimizer.init(np.ones((4, 3))), np.zeros((size, 4, 3)))


def test_sgd_is_rate_times_gradient() -> None:
    expected = [rate * gradient for rate, gradient in zip(RATES, GRADIENTS, strict=True)]
    assert changes(Sgd(0.1), GRADIENTS) == expected


def test_momentum_recurrence() -> None:
    """v ← μv + g, θ ← θ − ηv, from v = g at the first update."""
    v, expected = 0.0, []
    for g, rate in zip(GRADIENTS, RATES, strict=True):
        v = 0.8 * v + g
        expected.append(rate * v)
    assert changes(Sgd(0.1, momentum=0.8), GRADIENTS) == pytest.approx(expected, rel=1e-14)


def test_nesterov_recurrence() -> None:
    """v ← μv + g, θ ← θ − η(g + μv)."""
    v, expected = 0.0, []
    for g, rate in zip(GRADIENTS, RATES, strict=True):
        v = 0.8 * v + g
        expected.append(rate * (g + 0.8 * v))
    assert changes(Sgd(0.1, momentum=0.8, nesterov=True), GRADIENTS) == pytest.approx(expected, rel=1e-14)


def test_rmsprop_recurrence() -> None:
    """v ← αv + (1 − α)g², θ ← θ − ηg / (√v + ε)."""
    v, expected = 0.0, []
    for g, rate in zip(GRADIENTS, RATES, strict=True):
        v = 0.9 * v + (1 - 0.9) * g * g
        expected.append(rate * g / (sqrt(v) + 0.01))
    assert changes(RmsProp(0.1, alpha=0.9, eps=0.01), GRADIENTS) == pytest.approx(expected, rel=1e-13)


def test_adagrad_recurrence() -> None:
    """s ← s + g², θ ← θ − ηg / (√s + ε)."""
    s, expected = 0.0, []
    for g, rate in zip(GRADIENTS, RATES, strict=True):
        s = s + g * g
        expected.append(rate * g / (sqrt(s) + 0.01))
    assert changes(AdaGrad(0.1, eps=0.01), GRADIENTS) == pytest.approx(expected, rel=1e-14)


def test_adam_recurrence() -> None:
    """m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − η·m̂ / (√v̂ + ε), hats divide by 1 − βᵗ."""
    m, v, expected = 0.0, 0.0, []
    for t, (g, rate) in enumerate(zip(GRADIENTS, RATES, strict=True), start=1):
        m = 0.7 * m + (1 - 0.7) * g
        v = 0.95 * v + (1 - 0.95) * g * g
        m_hat, v_hat = m / (1 - 0.7**t), v / (1 - 0.95**t)
        expected.append(rate * m_hat / (sqrt(v_hat) + 0.01))
    assert changes(Adam(0.1, betas=(0.7, 0.95), eps=0.01), GRADIENTS) == pytest.approx(expected, rel=1e-13)


def test_first_adam_step_is_the_rate_whatever_the_gradient() -> None:
    gradient = np.array([1e-3, -2.0, 5e4])
    change, _ = Adam(0.1).update(gradient, Adam(0.1).init(gradient), 0.1, 0)
    np.testing.assert_allclose(change, [0.1, -0.1, 0.1], rtol=2e-5)


@pytest.mark.parametrize("optimizer", [RmsProp(0.1), AdaGrad(0.1), Adam(0.1)])
def test_a_zero_gradient_changes_nothing(optimizer: Optimizer) -> None:
    zeros = np.zeros(3)
    change, state = optimizer.update(zeros, optimizer.init(zeros), 0.1, 0)
    assert not np.any(change)
    assert not np.any(state)


@pytest.mark.parametrize("optimizer", EVERY_FORM, ids=repr)
def test_out_gets_the_same_numbers_and_inputs_stay(optimizer: Optimizer) -> None:
    rng = np.random.default_rng(0)
    gradient = rng.normal(size=(2, 5))
    state = rng.random((optimizer.state_size, 2, 5))
    gradient_before, state_before = gradient.copy(), state.copy()
    change, new_state = optimizer.update(gradient, state, 0.1, 3)
    out = (np.full_like(gradient, np.nan), np.full_like(state, np.nan))
    returned = optimizer.update(gradient, state, 0.1, 3, out=out)
    assert returned[0] is out[0]
    assert returned[1] is out[1]
    np.testing.assert_array_equal(out[0], change)
    np.testing.assert_array_equal(out[1], new_state)
    np.testing.assert_array_equal(gradient, gradient_before)
    np.testing.assert_array_equal(state, state_before)


@pytest.mark.parametrize("optimizer", EVERY_FORM, ids=repr)
def test_replicas_are_their_single_runs(optimizer: Optimizer) -> None:
    gradients = np.random.default_rng(1).normal(size=(20, 6, 13))
    stacked = optimizer.init(gradients[0])
    single = [optimizer.init(gradient) for gradient in gradients[0]]
    for count, gradient in enumerate(gradients):
        change, stacked = optimizer.update(gradient, stacked, 0.1, count)
        for replica in range(6):
            alone, single[replica] = optimizer.update(gradient[replica], single[replica], 0.1, count)
            np.testing.assert_array_equal(change[replica], alone)
            np.testing.assert_array_equal(stacked[:, replica], single[replica])


def round_bowl(theta: Array) -> Array:
    return theta - 1.0


def long_valley(theta: Array) -> Array:
    return np.array([1.0, 20.0]) * (theta - np.array([1.0, -2.0]))


def tilted_bowl(theta: Array) -> Array:
    return np.array([[2.0, 1.0], [1.0, 3.0]]) @ theta - np.array([1.0, 0.0])


@pytest.mark.parametrize(
    ("gradient", "minimum"),
    [(round_bowl, [1.0, 1.0]), (long_valley, [1.0, -2.0]), (tilted_bowl, [0.6, -0.2])],
)
@pytest.mark.parametrize(
    "optimizer",
    [
        Sgd(0.05),
        Sgd(0.02, momentum=0.8),
        Sgd(0.02, momentum=0.8, nesterov=True),
        RmsProp(0.05),
        AdaGrad(1.0),
        Adam(0.1),
    ],
    ids=repr,
)
def test_converges_on_quadratics(
    optimizer: Optimizer, gradient: Callable[[Array], Array], minimum: list[float]
) -> None:
    """With the rate falling to 0, without which RMSProp circles the minimum at a distance of about η."""
    theta = np.array([-3.0, 2.0])
    state = optimizer.init(theta)
    for count in range(1000):
        rate = optimizer.learning_rate * (1.0 - count / 1000)
        change, state = optimizer.update(gradient(theta), state, rate, count)
        theta = theta - change
    np.testing.assert_allclose(theta, minimum, atol=1e-4)


@pytest.mark.parametrize("optimizer", EVERY_FORM)
def test_state_and_change_come_from_the_gradients_as_it_says(optimizer: Optimizer) -> None:
    """new = keep · old + take · g^power, and the change a multiple of now · g + then · m."""
    state = optimizer.init(np.zeros(1))
    assert len(optimizer.memories) == optimizer.state_size
    assert tuple(memory.symbol for memory in optimizer.memories) == optimizer.rule(0).state
    for count, (gradient, rate) in enumerate(zip(GRADIENTS, RATES, strict=True)):
        g, before = np.array([gradient]), state
        change, state = optimizer.update(g, before, rate, count)
        for memory, old, new in zip(optimizer.memories, before, state, strict=True):
            assert memory.keep * old + memory.take * g**memory.power == pytest.approx(new, rel=1e-12)
        now, then = optimizer.direction
        direction = now * g + (then * state[0] if then else 0.0)
        multiple = optimizer.multiple(g, change, state, rate, count)
        assert multiple * direction == pytest.approx(change, rel=1e-12, abs=1e-300)
