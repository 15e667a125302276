"""What is measured of a lane at a θ: losses and accuracies on the whole training and test parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.training import Lane, State, penalty


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


def evaluate(lane: Lane, state: State) -> Evaluation:
    """Measure a lane at a state, on whole parts."""
    train_loss, train_accuracy = evaluate_train(lane, state)
    test_loss, test_accuracy = evaluate_test(lane, state)
    return Evaluation(state.samples_seen, train_loss, test_loss, train_accuracy, test_accuracy)


def evaluate_train(lane: Lane, state: State) -> tuple[Array, Array]:
    """Loss, with penalties, and accuracy (…) on the training part."""
    model, settings, theta = lane.model, lane.settings_at(state.step), state.theta
    with np.errstate(all="ignore"):
        extra = penalty(settings, model.penalized, theta)
        if not isinstance(model, NetworkModel):
            return model.train_loss(theta) + extra, np.full_like(extra, np.nan)
        loss, accuracy = _measure(model, theta, model.data.x, model.data.y, model.targets)
        return loss + extra, accuracy


def evaluate_test(lane: Lane, state: State) -> tuple[Array, Array]:
    """Loss, without penalties, and accuracy (…) on the test part."""
    model = lane.model
    if not isinstance(model, NetworkModel):
        nothing = np.full(state.theta.shape[:-1], np.nan)
        return nothing, nothing
    with np.errstate(all="ignore"):
        return _measure(model, state.theta, model.data.x_test, model.data.y_test, model.test_targets)


def threshold(model: NetworkModel) -> float:
    """The output above which the second of two classes is predicted."""
    return 0.5 if model.data.labels is None else sum(model.data.labels) / 2


def classifies(model: NetworkModel) -> bool:
    """Whether accuracy has a meaning: labelled data, or a loss for classes."""
    return model.data.labels is not None or model.data.classes is not None or model.loss.classification


def _measure(model: NetworkModel, theta: Array, x: Array, y: Array, targets: Array) -> tuple[Array, Array]:
    """Loss and accuracy (…) on given samples."""

    def measure(part: Array) -> Array:
        a, z = model.network.forward(part, x)
        loss = model.loss.value(a[-1], z[-1], targets).sum(-1) * model.scale(x.shape[-2])
        right = correct(model, z[-1], y).mean(-1) if classifies(model) else np.full_like(loss, np.nan)
        return np.stack([loss, right], axis=-1)

    if x.shape[-2] == 0:
        nothing = np.full(theta.shape[:-1], np.nan)
        return nothing, nothing
    measured = model.chunked(measure, theta)
    return measured[..., 0], measured[..., 1]


def correct(model: NetworkModel, outputs: Array, y: Array) -> np.ndarray:
    """Whether each sample (…, n) is put in its class, by the largest of several outputs or the threshold."""
    if outputs.shape[-1] > 1:
        return outputs.argmax(-1) == y[..., 0]
    middle = threshold(model)
    return (outputs[..., 0] > middle) == (y[..., 0] > middle)
