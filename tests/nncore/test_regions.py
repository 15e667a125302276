"""Linear pieces: those of networks that are known by hand, and those of others by a fine grid."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
