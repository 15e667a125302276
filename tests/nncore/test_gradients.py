"""The backward pass against central differences of losses written out here."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.activations import ACTIVATIONS
from nncore.losses import LOSSES
from nncore.optimizers import Sgd
from nncore.training import Edit, Settings, Trainer

H = 1e-6

PLAIN = {
    "squared": lambda z, t: 0.5 * (z - t) ** 2,
    "absolute": lambda z, t: abs(z - t),
    "huber": lambda z, t: np.where(abs(z - t) < 1, 0.5 * (z - t) ** 2, abs(z - t) - 0.5),
    "logistic": lambda z, t: -t * np.log(z) - (1 - t) * np.log(1 - z),
    "softmax_cross_entropy": lambda z, t: -t * np.log(z),
}


def plain_loss(lane, theta, x, targets):
    """The loss (K,) of a batch at each θ (K, P), from its definition."""
    model, settings = lane.model, lane.settings
    samples = PLAIN[model.loss_name](model.network.outputs(theta, x), targets).sum(-1)
    reduced = samples.mean(-1) if model.reduction == "mean" else samples.sum(-1)
    w = theta * model.penalized
    return reduced + settings.l1 * abs(w).sum(-1) + 0.5 * settings.l2 * (w**2).sum(-1)


def differences(lane, x, targets):
    move = H * np.eye(lane.start.size)
    up, down = (plain_loss(lane, lane.start + step, x, targets) for step in (move, -move))
    return (up - down) / (2 * H)


def batch_and_gradient(lane):
    trainer = Trainer(lane)
    loss, gradient = trainer.gradient()
    batch = lane.model.loader(lane.seeds, ()).batch(trainer.place, lane.settings.batch_size)
    return batch, loss, gradient


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_gradient_is_that_of_differences(make_lane, activation, loss, depth):
    lane = make_lane(sizes=(3, *(4,) * (depth - 1), 2), activation=activation, loss=loss, seed=depth, samples=9)
    batch, value, gradient = batch_and_gradient(lane)
    assert value == pytest.approx(plain_loss(lane, lane.start, *batch), rel=1e-12)
    np.testing.assert_allclose(gradient, differences(lane, *batch), atol=2e-8, rtol=1e-6)


@pytest.mark.parametrize("output", ["sigmoid", "tanh", "softplus", "relu"])
@pytest.mark.parametrize("loss", ["squared", "absolute", "huber"])
def test_an_output_that_bends_enters_the_gradient(make_lane, loss, output):
    lane = make_lane(sizes=(3, 4, 2), loss=loss, output=output, seed=5)
    batch, _, gradient = batch_and_gradient(lane)
    np.testing.assert_allclose(gradient, differences(lane, *batch), atol=2e-8, rtol=1e-6)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("batch_size", [0, 1, 5])
def test_penalties_enter_once_whatever_the_batch(make_lane, reduction, batch_size):
    settings = Settings(Sgd(0.1), batch_size=batch_size, l1=0.03, l2=0.2)
    lane = make_lane(settings, sizes=(2, 3, 3, 1), reduction=reduction)
    batch, value, gradient = batch_and_gradient(lane)
    assert len(batch[0]) == (batch_size or 24)
    assert value == pytest.approx(plain_loss(lane, lane.start, *batch), rel=1e-12)
    np.testing.assert_allclose(gradient, differences(lane, *batch), atol=1e-7, rtol=1e-6)


def test_frozen_layers_have_no_gradient_and_stay(make_lane):
    free = make_lane(Settings(Sgd(0.1, momentum=0.9), batch_size=5, l2=0.1), sizes=(2, 3, 3, 1))
    frozen = replace(free, settings=replace(free.settings, frozen=frozenset({1, 3})))
    middle = free.model.blocks[1]
    _, _, whole = batch_and_gradient(free)
    _, _, part = batch_and_gradient(frozen)
    assert part[middle].tobytes() == whole[middle].tobytes()
    assert not np.delete(part, np.r_[middle]).any()
    trainer = Trainer(frozen)
    steps = trainer.run(10)
    moved = trainer.state().theta != free.start
    assert moved[middle].any()
    assert not np.delete(moved, np.r_[middle]).any()
    assert not steps.norms[:, [0, 2]].any()


def test_a_layer_frozen_on_the_way_keeps_still_though_its_momentum_does_not(make_lane):
    start = Settings(Sgd(0.1, momentum=0.9), batch_size=5)
    lane = make_lane(start, [Edit(5, replace(start, frozen=frozenset({2})))])
    trainer, last = Trainer(lane), lane.model.blocks[1]
    trainer.run(5)
    before = trainer.state().theta[last]
    trainer.run(5)
    assert trainer.state().theta[last].tobytes() == before.tobytes()


def test_a_frozen_layer_whose_gradient_overflows_stops_nothing(make_lane):
    lane = make_lane(Settings(Sgd(1e-3), frozen=frozenset({1})), sizes=(1, 1, 1), activation="linear", samples=1)
    data = replace(lane.model.data, x=np.array([[1e200]]), y=np.zeros((1, 1)))
    lane = replace(lane, model=replace(lane.model, data=data), start=np.array([1e-200, 0.0, 1e150, 0.0]))
    trainer = Trainer(lane)
    trainer.run(1)
    assert (trainer.step, int(trainer.diverged_at)) == (1, 0)
