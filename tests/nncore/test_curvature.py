"""Second derivatives: Hessian-vector products against differences, eigenvalues against those that are known."""

from dataclasses import replace

import numpy as np
import pytest

from nncore import curvature
from nncore.curvature import extremes, hessian, hessian_vector
from nncore.datasets import from_points
from nncore.losses import LOSSES
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.optimizers import Sgd
from nncore.rng import generator
from nncore.training import Settings, Trainer

SMOOTH = ["tanh", "sigmoid", "softplus", "sine", "linear"]
PLAIN = Settings(Sgd(0.1))


def full_gradient(lane, theta):
    trainer = Trainer(replace(lane, start=theta))
    return trainer.gradient()[1]


def gradient_differences(lane, direction, h=1e-5):
    up, down = (full_gradient(lane, lane.start + move * direction) for move in (h, -h))
    return (up - down) / (2 * h)


@pytest.mark.parametrize("depth", [1, 2, 4])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", SMOOTH)
def test_products_are_differences_of_gradients(make_lane, activation, loss, depth):
    settings = Settings(Sgd(0.1), l2=0.1)
    lane = make_lane(settings, sizes=(2, *(3,) * (depth - 1), 2), activation=activation, loss=loss, seed=depth)
    direction = generator(1, "direction").standard_normal(lane.start.size)
    product = hessian_vector(lane.model, settings, lane.start, direction)
    np.testing.assert_allclose(product, gradient_differences(lane, direction), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("output", ["sigmoid", "tanh"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_products_with_an_output_that_bends(make_lane, output, reduction):
    lane = make_lane(PLAIN, sizes=(2, 3, 2), output=output, reduction=reduction)
    direction = generator(1, "direction").standard_normal(lane.start.size)
    product = hessian_vector(lane.model, PLAIN, lane.start, direction)
    np.testing.assert_allclose(product, gradient_differences(lane, direction), rtol=1e-6, atol=1e-7)


def test_stacks_of_directions_and_of_replicas_are_their_parts(make_lane):
    lane = make_lane(PLAIN, sizes=(2, 3, 3, 1))
    directions = generator(1, "d").standard_normal((4, lane.start.size))
    many = hessian_vector(lane.model, PLAIN, lane.start, directions)
    thetas = lane.start + 0.1 * generator(2, "t").standard_normal((3, lane.start.size))
    whole = hessian(lane.model, PLAIN, thetas)
    for number in range(4):
        one = hessian_vector(lane.model, PLAIN, lane.start, directions[number])
        np.testing.assert_allclose(many[number], one, rtol=1e-12, atol=1e-15)
    for number in range(3):
        np.testing.assert_allclose(whole[number], hessian(lane.model, PLAIN, thetas[number]), rtol=1e-12, atol=1e-15)


def test_the_kinks_of_relu_count_nothing(make_lane):
    """Where no unit changes sides, products are differences; a relu unit between bends as its linear parts do."""
    lane = make_lane(PLAIN, sizes=(2, 3, 1), activation="relu", seed=2)
    direction = generator(1, "direction").standard_normal(lane.start.size)
    product = hessian_vector(lane.model, PLAIN, lane.start, direction)
    np.testing.assert_allclose(product, gradient_differences(lane, direction, 1e-7), rtol=1e-6, atol=1e-6)


def linear_model(x, reduction="mean"):
    data = from_points(x, np.zeros((len(x), 1)), seed=0)
    return NetworkModel(Network((x.shape[1], 1), ("linear",)), "squared", reduction, data)


@pytest.mark.parametrize("size", [3, 250])
def test_a_quadratic_has_the_eigenvalues_of_its_matrix(size):
    x = generator(0, "x").standard_normal((600, size))
    inputs = np.hstack([x, np.ones((600, 1))])
    expected = np.linalg.eigvalsh(inputs.T @ inputs / 600)
    model = linear_model(x)
    low, high = extremes(model, PLAIN, generator(1, "t").standard_normal(size + 1))
    assert low == pytest.approx(expected[0], rel=1e-10, abs=1e-10)
    assert high == pytest.approx(expected[-1], rel=1e-10)


def test_eigenvalues_that_are_known():
    # X̃ᵀX̃ / 2 for x = ±2 is diag(4, 1); as a sum twice that; L2 adds to the weight's alone
    x = np.array([[2.0], [-2.0]])
    theta = np.zeros(2)
    assert np.allclose(extremes(linear_model(x), PLAIN, theta), (1, 4), rtol=1e-12)
    assert np.allclose(extremes(linear_model(x, "sum"), PLAIN, theta), (2, 8), rtol=1e-12)
    assert np.allclose(extremes(linear_model(x), Settings(Sgd(0.1), l2=0.5), theta), (1, 4.5), rtol=1e-12)


def test_the_saddle_of_a_function(make_saddle):
    model = make_saddle().model
    assert [float(value) for value in extremes(model, PLAIN, np.array([0.0, 0.0]))] == [-1, 1]
    assert [float(value) for value in extremes(model, PLAIN, np.array([0.0, 1.0]))] == [1, 2]


@pytest.mark.parametrize("block", [None, 1, 2, 3])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_lanczos_finds_what_the_dense_matrix_has(make_lane, monkeypatch, activation, block):
    lane = make_lane(PLAIN, sizes=(2, 8, 8, 1), activation=activation, samples=60)
    dense = extremes(lane.model, PLAIN, lane.start, block)
    matrix = np.linalg.eigvalsh(hessian(lane.model, PLAIN, lane.start, block))
    np.testing.assert_allclose(dense, matrix[[0, -1]], rtol=1e-12)
    monkeypatch.setattr(curvature, "DENSE_SIZE", 2)
    np.testing.assert_allclose(extremes(lane.model, PLAIN, lane.start, block), matrix[[0, -1]], rtol=1e-8, atol=1e-10)


def test_lanczos_on_a_matrix_of_few_eigenvalues(monkeypatch):
    monkeypatch.setattr(curvature, "DENSE_SIZE", 1)
    model = linear_model(np.array([[2.0, 0.0, 0.0], [-2.0, 0.0, 0.0]]))
    np.testing.assert_allclose(extremes(model, PLAIN, np.zeros(4)), (0, 4), atol=1e-10)


def test_lanczos_finds_the_ends_of_a_crowded_spectrum():
    """As many samples as inputs: the smallest eigenvalues of random inputs crowd at 0 (Marchenko and Pastur 1967)."""
    x = generator(0, "x").standard_normal((420, 400))
    inputs = np.hstack([x, np.ones((420, 1))])
    expected = np.linalg.eigvalsh(inputs.T @ inputs / 420)[[0, -1]]
    np.testing.assert_allclose(extremes(linear_model(x), PLAIN, np.zeros(401)), expected, rtol=1e-10)


def test_lanczos_restarts_where_memory_is_short_and_replicas_do_not_disturb_each_other(make_lane, monkeypatch):
    lane = make_lane(PLAIN, sizes=(2, 8, 8, 1), samples=60)
    thetas = lane.start + np.array([[0.0], [0.3], [1.0]]) * generator(2, "t").standard_normal((3, lane.start.size))
    thetas[1, :24] = 0.0
    expected = [np.linalg.eigvalsh(hessian(lane.model, PLAIN, theta))[[0, -1]] for theta in thetas]
    monkeypatch.setattr(curvature, "DENSE_SIZE", 2)
    monkeypatch.setattr(curvature, "_MOST_ROOM", 16)
    low, high = extremes(lane.model, PLAIN, thetas)
    np.testing.assert_allclose(np.column_stack([low, high]), expected, rtol=1e-9, atol=1e-12)
    alone = [extremes(lane.model, PLAIN, theta) for theta in thetas]
    np.testing.assert_allclose(np.column_stack([low, high]), alone, rtol=1e-13, atol=1e-14)


def test_blocks_are_the_diagonal_of_the_whole_and_chunks_change_nothing(make_lane, monkeypatch):
    lane = make_lane(PLAIN, sizes=(2, 3, 3, 1))
    whole = hessian(lane.model, PLAIN, lane.start)
    np.testing.assert_array_equal(whole, whole.T)
    for number, block in enumerate(lane.model.blocks, 1):
        part = hessian(lane.model, PLAIN, lane.start, number)
        np.testing.assert_allclose(part, whole[block, block], rtol=1e-12, atol=1e-14)
    monkeypatch.setattr("nncore.arrays.STACK_BYTES", 1)
    np.testing.assert_allclose(hessian(lane.model, PLAIN, lane.start), whole, rtol=1e-12, atol=1e-14)


def test_the_last_layers_block_is_positive_semidefinite_and_the_whole_is_not(make_lane):
    lane = make_lane(PLAIN, sizes=(2, 3, 1), samples=40)
    for seed in range(20):
        theta = generator(seed, "anywhere").standard_normal(lane.start.size)
        assert extremes(lane.model, PLAIN, theta, 2)[0] > -1e-12
    assert extremes(lane.model, PLAIN, lane.start)[0] < -1e-3


def test_where_nothing_is_finite_there_are_no_eigenvalues(make_lane, monkeypatch):
    lane = make_lane(PLAIN)
    theta = np.stack([lane.start, np.full_like(lane.start, np.nan), np.full_like(lane.start, 1e300)])
    for size in (200, 1):
        monkeypatch.setattr(curvature, "DENSE_SIZE", size)
        low, high = extremes(replace(lane.model), PLAIN, theta)
        assert np.isfinite(low[0])
        assert np.isnan([low[1], high[1]]).all()
