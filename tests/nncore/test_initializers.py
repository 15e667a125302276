from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from nncore.initializers import INITIALIZERS, Initializer

FAN_OUT, FAN_IN = 300, 200


def test_names() -> None:
    assert list(INITIALIZERS) == ["he", "xavier", "torch", "normal", "uniform", "constant", "zeros"]


@pytest.mark.parametrize(
    ("initializer", "deviation"),
    [
        (Initializer("he"), sqrt(2 / FAN_IN)),
        (Initializer("he", 3.0), 3 * sqrt(2 / FAN_IN)),
        (Initializer("xavier"), sqrt(2 / (FAN_IN + FAN_OUT))),
        (Initializer("xavier", 0.5), 0.5 * sqrt(2 / (FAN_IN + FAN_OUT))),
        (Initializer("normal"), 1.0),
        (Initializer("normal", 0.1), 0.1),
    ],
)
def test_normal_laws(initializer: Initializer, deviation: float) -> None:
    """60,000 draws: the mean is within 5 of its standard errors, the deviation within 2 %."""
    weights, biases = initializer.layer(0, 1, FAN_OUT, FAN_IN)
    assert weights.shape == (FAN_OUT, FAN_IN)
    assert abs(weights.mean()) < 5 * deviation / sqrt(weights.size)
    assert weights.std() == pytest.approx(deviation, rel=0.02)
    assert np.mean(np.abs(weights) < deviation) == pytest.approx(0.6827, abs=0.01)
    np.testing.assert_array_equal(biases, np.zeros(FAN_OUT))


@pytest.mark.parametrize(
    ("initializer", "half_width"),
    [
        (Initializer("torch"), 1 / sqrt(FAN_IN)),
        (Initializer("torch", 2.0), 2 / sqrt(FAN_IN)),
        (Initializer("uniform"), 1.0),
        (Initializer("uniform", 0.25), 0.25),
    ],
)
def test_uniform_laws(initializer: Initializer, half_width: float) -> None:
    weights, biases = initializer.layer(0, 1, FAN_OUT, FAN_IN)
    drawn = [weights, biases] if initializer.name == "torch" else [weights]
    for values in drawn:
        assert np.abs(values).max() <= half_width
        assert np.abs(values).max() > 0.95 * half_width
        assert values.std() == pytest.approx(half_width / sqrt(3), rel=0.1)
    if initializer.name == "uniform":
        assert not np.any(biases)


def test_constant_and_zeros() -> None:
    for initializer, expected in [
        (Initializer("constant"), 1.0),
        (Initializer("constant", 0.3), 0.3),
        (Initializer("zeros"), 0.0),
    ]:
        weights, biases = initializer.layer(0, 1, 2, 3)
        np.testing.assert_array_equal(weights, np.full((2, 3), expected))
        np.testing.assert_array_equal(biases, np.zeros(2))


@pytest.mark.parametrize("name", ["he", "xavier", "torch", "normal", "uniform"])
def test_draws_are_keyed_by_seed_and_layer(name: str) -> None:
    weights, biases = Initializer(name).layer(5, 2, 4, 3)
    again, biases_again = Initializer(name).layer(5, 2, 4, 3)
    np.testing.assert_array_equal(weights, again)
    np.testing.assert_array_equal(biases, biases_again)
    for seed, layer in [(6, 2), (5, 3)]:
        assert not np.any(weights == Initializer(name).layer(seed, layer, 4, 3)[0])


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="kaiming"):
        Initializer("kaiming").layer(0, 1, 2, 2)
