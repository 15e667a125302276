"""What is measured of a lane at a θ: losses and accuracies on the whole training and test parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.slices import InSlices, Slices, quiet
from nncore.training import Lane, Model, Settings, State, penalty


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Losses and accuracies (…) at one θ, after `samples_seen` samples; NaN where they have no meaning.

    train_loss includes penalties, test_loss does not.
    """

    samples_seen: int
    train_loss: Array
    test_loss: Array
    train_accuracy: Array
    test_accuracy: Array


@InSlices
def evaluate(lane: Lane, state: State) -> Slices[Evaluation]:
    """Measure a lane at a state, on whole parts."""
    train_loss, train_accuracy = yield from evaluate_train.slices(lane, state)
    test_loss, test_accuracy = yield from evaluate_test.slices(lane, state)
    return Evaluation(state.samples_seen, train_loss, test_loss, train_accuracy, test_accuracy)


@InSlices
def evaluate_train(lane: Lane, state: State) -> Slices[tuple[Array, Array]]:
    """Loss, with penalties, and accuracy (…) on the training part."""
    return quiet(_evaluate_train(lane.model, lane.settings_at(state.step), state.theta))


def _evaluate_train(model: Model, settings: Settings, theta: Array) -> Slices[tuple[Array, Array]]:
    extra = penalty(settings, model.penalized, theta)
    if not isinstance(model, NetworkModel):
        return model.train_loss(theta) + extra, np.full_like(extra, np.nan)
    loss, accuracy = yield from _measure(model, theta, model.data.x, model.data.y, model.targets)
    return loss + extra, accuracy


@InSlices
def evaluate_test(lane: Lane, state: State) -> Slices[tuple[Array, Array]]:
    """Loss, without penalties, and accuracy (…) on the test part."""
    model = lane.model
    if not isinstance(model, NetworkModel):
        nothing = np.full(state.theta.shape[:-1], np.nan)
        return nothing, nothing
    return (yield from quiet(_measure(model, state.theta, model.data.x_test, model.data.y_test, model.test_targets)))


def threshold(model: NetworkModel) -> float:
    """The output above which the second of two classes is predicted."""
    return 0.5 if model.data.labels is None else sum(model.data.labels) / 2


def classifies(model: NetworkModel) -> bool:
    """Whether accuracy has a meaning: labelled data, or a loss for classes."""
    return model.data.labels is not None or model.data.classes is not None or model.loss.classification


def _measure(model: NetworkModel, theta: Array, x: Array, y: Array, targets: Array) -> Slices[tuple[Array, Array]]:
    """Loss and accuracy (…) on given samples."""
    count = x.shape[-2]

    def sums(a: Array, z: Array, part: slice) -> Array:
        loss = model.loss.value(a, z, targets[..., part, :]).sum(-1)
        right = correct(model, z, y[..., part, :]).sum(-1) if classifies(model) else np.full_like(loss, np.nan)
        return np.stack([loss, right], axis=-1)

    if count == 0:
        nothing = np.full(theta.shape[:-1], np.nan)
        return nothing, nothing
    measured = yield from model.summed(theta, x, sums)
    return measured[..., 0] * model.scale(count), measured[..., 1] / count


def correct(model: NetworkModel, outputs: Array, y: Array) -> np.ndarray:
    """Whether each sample (…, n) is put in its class, by the largest of several outputs or the threshold."""
    if outputs.shape[-1] > 1:
        return outputs.argmax(-1) == y[..., 0]
    middle = threshold(model)
    return (outputs[..., 0] > middle) == (y[..., 0] > middle)
