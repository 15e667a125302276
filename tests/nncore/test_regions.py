"""Linear pieces: those of networks that are known by hand, and those of others by a fine grid."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nncore import regions
from nncore.activations import LEAKY_SLOPE
from nncore.network import Network
from nncore.regions import breakpoints, linear_pieces, patterns
from nncore.rng import generator


def tent(times):
    """The network that is the tent map composed `times` times: t(x) = 2 relu(x) − 4 relu(x − ½) on [0, 1]."""
    first = (np.array([[1.0], [1.0]]), np.array([0.0, -0.5]))
    inner = (np.array([[2.0, -4.0], [2.0, -4.0]]), np.array([0.0, -0.5]))
    last = (np.array([[2.0, -4.0]]), np.array([0.0]))
    network = Network((1, *(2,) * times, 1), (*("relu",) * times, "linear"))
    return network, network.join([first, *[inner] * (times - 1), last])


@pytest.mark.parametrize("times", range(1, 11))
def test_the_tent_map_composed_k_times_has_2_to_the_k_pieces(times):
    network, theta = tent(times)
    found = breakpoints(network, theta, 0.0, 1.0)
    assert linear_pieces(network, theta, 0.0, 1.0) == 2**times
    np.testing.assert_allclose(found, np.arange(1, 2**times) / 2**times, atol=1e-9)


@pytest.mark.parametrize("times", [1, 3])
def test_the_tent_network_is_the_tent_map(times):
    network, theta = tent(times)
    x = np.linspace(0, 1, 41)
    y = x
    for _ in range(times):
        y = 1 - abs(2 * y - 1)
    np.testing.assert_allclose(network.outputs(theta, x[:, None])[:, 0], y, atol=1e-12)


def test_one_hidden_layer_of_n_units_has_at_most_n_and_1_pieces():
    network = Network((1, 6, 1), ("relu", "linear"))
    for seed in range(30):
        theta = generator(seed, "t").standard_normal(network.parameter_count)
        assert linear_pieces(network, theta, -50.0, 50.0) <= 7


def test_breakpoints_of_a_hidden_layer_are_the_zeros_of_its_units():
    # relu(x − 1) − 2 relu(2x + 1) + relu(−x − 10): zeros at 1, −½, and −10, which lies outside
    network = Network((1, 3, 1), ("relu", "linear"))
    theta = network.join(
        [(np.array([[1.0], [2.0], [-1.0]]), np.array([-1.0, 1.0, -10.0])), (np.array([[1.0, -2.0, 1.0]]), np.zeros(1))]
    )
    assert breakpoints(network, theta, -5.0, 5.0).tolist() == [-0.5, 1.0]
    assert linear_pieces(network, theta, -20.0, 5.0) == 4


def test_units_that_cancel_make_no_piece():
    network = Network((1, 2, 1), ("relu", "linear"))
    theta = network.join([(np.ones((2, 1)), np.zeros(2)), (np.array([[1.0, -1.0]]), np.zeros(1))])
    assert linear_pieces(network, theta, -1.0, 1.0) == 1


@given(
    seed=st.integers(0, 10**6),
    hidden=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    activation=st.sampled_from(["relu", "leaky_relu"]),
    outputs=st.integers(1, 2),
)
def test_between_breakpoints_a_network_is_linear(seed, hidden, activation, outputs):
    network = Network((1, *hidden, outputs), (*(activation,) * len(hidden), "linear"))
    theta = generator(seed, "t").standard_normal(network.parameter_count)
    knots = np.array([-3.0, *breakpoints(network, theta, -3.0, 3.0), 3.0])
    assert (np.diff(knots) > 0).all()
    share = np.linspace(0, 1, 5)
    for low, high in pairwise(knots):
        values = network.outputs(theta, (low + share * (high - low))[:, None])
        straight = values[0] + share[:, None] * (values[-1] - values[0])
        np.testing.assert_allclose(values, straight, atol=1e-8 * (1 + abs(values).max()))


def exact_breakpoints(layers, leak, low, high):
    """The same in fractions, by cutting pieces z = s x + c, one (s, c) a unit, at the zeros of every unit."""
    pieces = [(low, high, [(Fraction(1), Fraction(0))])]
    for number, (w, b) in enumerate(layers):
        found = []
        for left, right, units in pieces:
            a = [
                (
                    sum(v * s for v, (s, _) in zip(row, units, strict=True)),
                    sum(v * c for v, (_, c) in zip(row, units, strict=True)) + bias,
                )
                for row, bias in zip(w, b, strict=True)
            ]
            if number == len(layers) - 1:
                found.append((left, right, a))
                continue
            zeros = {-c / s for s, c in a if s}
            for start, end in pairwise(sorted({left, right, *(zero for zero in zeros if left < zero < right)})):
                middle = (start + end) / 2
                slopes = [1 if s * middle + c > 0 else leak for s, c in a]
                found.append((start, end, [(s * k, c * k) for (s, c), k in zip(a, slopes, strict=True)]))
        pieces = found
    slopes = [[s for s, _ in units] for _, _, units in pieces]
    return [pieces[k][1] for k in range(len(pieces) - 1) if slopes[k] != slopes[k + 1]]


@given(
    hidden=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    activation=st.sampled_from(["relu", "leaky_relu"]),
    denominator=st.sampled_from([1, 3, 4, 10]),
    seed=st.integers(0, 10**6),
)
@example(hidden=[3, 3], activation="relu", denominator=10, seed=59)
@settings(max_examples=100)
def test_the_breakpoints_are_those_of_exact_arithmetic(hidden, activation, denominator, seed):
    """Small fractions as parameters, so that units share zeros, cancel and vanish often."""
    sizes, rng = (1, *hidden, 1), generator(seed, "fractions")
    exact, rounded = [], []
    for fan_in, fan_out in pairwise(sizes):
        numbers = rng.integers(-3, 4, size=(fan_out, fan_in + 1))
        rows = [[Fraction(int(number), denominator) for number in row] for row in numbers]
        exact.append(([row[:-1] for row in rows], [row[-1] for row in rows]))
        rounded.append((numbers[:, :-1] / denominator, numbers[:, -1] / denominator))
    network = Network(sizes, (*(activation,) * len(hidden), "linear"))
    expected = exact_breakpoints(exact, Fraction(LEAKY_SLOPE) if activation == "leaky_relu" else 0, -3, 3)
    found = breakpoints(network, network.join(rounded), -3.0, 3.0)
    assert len(found) == len(expected)
    np.testing.assert_allclose(found, [float(place) for place in expected], atol=1e-9)


def test_deep_networks_keep_their_pieces():
    """Rounding is told from slopes also where it has gone through many layers."""
    sizes = (1, *(16,) * 24, 1)
    network, rng = Network(sizes, (*("relu",) * 24, "linear")), generator(0, "deep")
    theta = network.join([(rng.normal(0, np.sqrt(2 / m), (n, m)), rng.normal(0, 0.1, n)) for m, n in pairwise(sizes)])
    knots = np.array([-1.0, *breakpoints(network, theta, -1.0, 1.0), 1.0])
    assert len(knots) > 50
    inside = knots[:-1, None] + np.diff(knots)[:, None] * np.array([0.25, 0.75])
    values = network.outputs(theta, inside.reshape(-1, 1)).reshape(-1, 2)
    slopes = np.diff(values)[:, 0] / np.diff(inside)[:, 0]
    wide = np.diff(knots) > 1e-6
    assert (np.abs(np.diff(slopes))[wide[1:] & wide[:-1]] > 1e-7 * abs(slopes).max()).all()


def test_chunks_change_no_piece_and_too_many_are_refused(monkeypatch):
    network, theta = tent(8)
    monkeypatch.setattr("nncore.arrays.STACK_BYTES", 16 * 18 * 3)
    np.testing.assert_allclose(breakpoints(network, theta, 0.0, 1.0), np.arange(1, 256) / 256, atol=1e-9)
    monkeypatch.setattr(regions, "MOST_PIECES", 256)
    assert linear_pieces(network, theta, 0.0, 1.0) == 256
    monkeypatch.setattr(regions, "MOST_PIECES", 255)
    with pytest.raises(OverflowError, match="255 linear pieces"):
        linear_pieces(network, theta, 0.0, 1.0)


def test_smooth_networks_and_more_inputs_are_refused():
    for sizes, activation in (((1, 2, 1), "tanh"), ((2, 2, 1), "relu")):
        network = Network(sizes, (activation, "linear"))
        with pytest.raises(ValueError, match="one input"):
            breakpoints(network, np.zeros(network.parameter_count), 0.0, 1.0)


def test_patterns_are_equal_where_the_same_units_are_on():
    network = Network((2, 2, 1), ("relu", "linear"))
    theta = network.join([(np.eye(2), np.zeros(2)), (np.ones((1, 2)), np.zeros(1))])
    found = patterns(network, theta, np.array([[1.0, 1], [2, 3], [-1, 1], [-2, 5], [-1, -1], [1, -1]]))
    assert found[0] == found[1]
    assert found[2] == found[3]
    assert len(set(found)) == 4
    assert not patterns(Network((2, 1), ("linear",)), np.zeros(3), np.ones((4, 2))).any()
