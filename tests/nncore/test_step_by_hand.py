"""One step of a 2-2-1 network, worked on paper with numbers that float64 holds exactly."""

import numpy as np
import pytest

from nncore.datasets import from_points
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.optimizers import Sgd
from nncore.trace import trace
from nncore.training import Lane, Settings, Trainer

NETWORK = Network((2, 2, 1), ("relu", "linear"))
W1, B1 = [[1.0, -1.0], [2.0, 1.0]], [0.0, -1.0]
W2, B2 = [[1.0, 2.0]], [0.5]
START = NETWORK.join([(np.array(W1), np.array(B1)), (np.array(W2), np.array(B2))])


def lane(points, reduction="mean", rate=0.25):
    table = np.array(points, dtype=float)
    data = from_points(table[:, :2], table[:, 2:], seed=0)
    return Lane("a", "a", NetworkModel(NETWORK, "squared", reduction, data), Settings(Sgd(rate)), START, (0,))


def after(one):
    trainer = Trainer(one)
    trainer.run(1)
    return [part.tolist() for pair in NETWORK.split(trainer.state().theta) for part in pair]


def test_theta_holds_w1_b1_w2_b2_row_by_row():
    assert START.tolist() == [1, -1, 2, 1, 0, -1, 1, 2, 0.5]


def test_one_sample():
    one = lane([[1, 2, 5.5]])
    seen = trace(one, one.first_state())
    # a₁ = (1·1 − 1·2 + 0, 2·1 + 1·2 − 1), z₁ = max(a₁, 0), a₂ = 1·0 + 2·3 + 0.5
    assert [part.tolist() for part in seen.a] == [[[-1, 3]], [[6.5]]]
    assert [part.tolist() for part in seen.z] == [[[1, 2]], [[0, 3]], [[6.5]]]
    # ℓ = ½ (6.5 − 5.5)², δ₂ = 1, δ₁ = (0, 1) ⊙ (1·1, 2·1)
    assert seen.loss == 0.5
    assert [part.tolist() for part in seen.delta] == [[[0, 2]], [[1]]]
    # ∂W₁ = δ₁ x ᵀ, ∂b₁ = δ₁, ∂W₂ = δ₂ z₁ᵀ, ∂b₂ = δ₂
    assert seen.gradient.tolist() == [0, 0, 2, 4, 0, 2, 0, 3, 1]
    # a quarter of it goes off
    assert after(one) == [[[1, -1], [1.5, 0]], [0, -1.5], [[1, 1.25]], [0.25]]


def test_two_samples_and_their_mean():
    one = lane([[1, 2, 5.5], [2, 1, 7.5]])
    seen = trace(one, one.first_state())
    # the second: a₁ = (1, 4), a₂ = 1 + 8 + 0.5 = 9.5, error 2; ℓ = ½ · ½ (1 + 4); Δ₂ = (1, 2) / 2
    assert seen.loss == 1.25
    assert seen.delta[1].tolist() == [[0.5], [1]]
    assert seen.delta[0].tolist() == [[0, 1], [1, 2]]
    # ∂W₁ = Δ₁ᵀ X = (0·(1,2) + 1·(2,1), 1·(1,2) + 2·(2,1)), ∂W₂ = 0.5·(0,3) + 1·(1,4)
    assert seen.gradient.tolist() == [2, 1, 5, 4, 1, 3, 1, 5.5, 1.5]


def test_the_sum_is_twice_the_mean_of_two():
    points = [[1, 2, 5.5], [2, 1, 7.5]]
    assert after(lane(points, "sum", 0.125)) == after(lane(points, "mean", 0.25))


def test_momentum_worked_by_hand():
    # ℓ = ½ (w x + b − y)² with x = 0, y = 0: only b moves, its gradient is b
    network = Network((1, 1), ("linear",))
    data = from_points(np.zeros((1, 1)), np.zeros((1, 1)), seed=0)
    model = NetworkModel(network, "squared", "mean", data)
    one = Lane("a", "a", model, Settings(Sgd(0.5, momentum=0.5)), np.array([3.0, 8.0]), (0,))
    trainer = Trainer(one)
    seen = []
    for _ in range(4):
        trainer.run(1)
        seen.append((float(trainer.state().theta[1]), float(trainer.state().optimizer_state[0, 1])))
    # v = 8, b = 4; v = 4 + 4, b = 0; v = 4 + 0, b = −2; v = 2 − 2, b = −2
    assert seen == [(4, 8), (0, 8), (-2, 4), (-2, 0)]
    assert trainer.state().theta[0] == 3


@pytest.mark.parametrize(("reduction", "expected"), [("mean", 0.5 * 2.5), ("sum", 2.5)])
def test_the_loss_of_whole_parts_has_the_same_reduction(reduction, expected):
    model = lane([[1, 2, 5.5], [2, 1, 7.5]], reduction).model
    assert float(model.train_loss(START)) == expected
    assert np.isnan(model.test_loss(START))
