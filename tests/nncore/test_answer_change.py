"""The shares of the weights in the change of a sample's output add up to it, for any network and any two θ."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.activations import ACTIVATIONS
from nncore.answer_change import answer_change
from nncore.network import Network
from nncore.rng import generator


@given(
    activation=st.sampled_from(list(ACTIVATIONS)),
    output=st.sampled_from(["linear", "sigmoid", "tanh", "softmax"]),
    depth=st.integers(1, 4),
    size=st.sampled_from([1e-9, 0.01, 1.0, 30.0]),
    seed=st.integers(0, 1000),
)
def test_the_shares_add_up_to_the_change(activation, output, depth, size, seed):
    network = Network((2, *(4,) * (depth - 1), 3), (*(activation,) * (depth - 1), output))
    rng = generator(seed, "test")
    start = rng.standard_normal(network.parameter_count)
    end = start + size * rng.standard_normal(network.parameter_count)
    x = rng.standard_normal(2)
    before, after, shares = answer_change(network, start, end, x, 1)
    one, other = (network.outputs(theta, x[None])[0, 1] for theta in (start, end))
    assert (before, after) == (one, other)
    assert shares.sum() == pytest.approx(after - before, rel=1e-7, abs=1e-13 * (1 + np.abs(shares).sum()))
    assert not shares[start == end].any()


def test_of_a_linear_model_each_share_is_the_weights_change_times_its_input():
    network = Network((2, 1), ("linear",))
    start, end, x = np.array([1.0, 2.0, 3.0]), np.array([1.5, -2.0, 4.0]), np.array([0.5, -0.25])
    assert answer_change(network, start, end, x, 0)[2].tolist() == [0.25, 1.0, 1.0]


def test_where_one_weight_moved_it_has_all_the_change():
    network = Network((2, 3, 3, 1), ("tanh", "relu", "sigmoid"))
    rng = generator(0, "test")
    start, x = rng.standard_normal(network.parameter_count), rng.standard_normal(2)
    for at in range(network.parameter_count):
        end = start.copy()
        end[at] += 0.7
        before, after, shares = answer_change(network, start, end, x, 0)
        assert np.flatnonzero(shares).tolist() in ([at], [])
        assert shares[at] == pytest.approx(after - before, rel=1e-9, abs=1e-15)


def test_small_changes_are_shared_as_the_gradient_shares_them():
    network = Network((2, 4, 1), ("tanh", "linear"))
    rng = generator(3, "test")
    start, x = rng.standard_normal(network.parameter_count), rng.standard_normal(2)
    step = 1e-5 * rng.standard_normal(network.parameter_count)
    shares = answer_change(network, start, start + step, x, 0)[2]
    for at in range(network.parameter_count):
        ends = []
        for sign in (-1, 1):
            theta = start.copy()
            theta[at] += sign * 1e-6
            ends.append(network.outputs(theta, x[None])[0, 0])
        assert shares[at] == pytest.approx(step[at] * (ends[1] - ends[0]) / 2e-6, rel=1e-3, abs=1e-12)
