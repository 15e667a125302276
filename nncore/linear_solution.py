"""The minimum of a linear model with squared loss, by its normal equations."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.training import Model, Settings, train_loss


def has_closed_form(model: Model, settings: Settings) -> bool:
    """Whether the model is linear: no hidden layer, linear output, squared loss, no L1, nothing frozen."""
    return (
        isinstance(model, NetworkModel)
        and model.network.depth == 1
        and model.network.activations == ("linear",)
        and model.loss_name == "squared"
        and not settings.l1
        and not settings.frozen
    )


def nearest_minimum(model: NetworkModel, settings: Settings, theta: Array) -> Array:
    """The minimizer θ* (…, P) nearest to θ (…, P); the only one, unless inputs depend linearly on each other.

    Solves (s X̃ᵀX̃ + λD) θ* = s X̃ᵀY with X̃ = [X 1], D without the bias, s the reduction's factor.
    """
    x, targets = model.data.x, model.targets
    ones = np.ones((*x.shape[:-1], 1))
    inputs = np.concatenate([x, ones], axis=-1)
    scale = model.scale(model.samples)
    penalty = np.diag([settings.l2] * x.shape[-1] + [0.0])
    normal = scale * np.matmul(inputs.swapaxes(-1, -2), inputs) + penalty
    right = scale * np.matmul(inputs.swapaxes(-1, -2), targets)
    w, b = model.network.split(theta)[0]
    own = np.concatenate([w, b[..., None]], axis=-1).swapaxes(-1, -2)
    solved = own + np.matmul(np.linalg.pinv(normal, hermitian=True), right - np.matmul(normal, own))
    solved = solved.swapaxes(-1, -2)
    return model.network.join([(solved[..., :-1], solved[..., -1])])


def closed_form_distance(model: Model, settings: Settings, theta: Array) -> Array:
    """‖θ − θ*‖₂ (…); NaN where there is no closed form."""
    if not isinstance(model, NetworkModel) or not has_closed_form(model, settings):
        return np.full(theta.shape[:-1], np.nan)
    return np.linalg.norm(theta - nearest_minimum(model, settings, theta), axis=-1)


def closed_form_gap(model: Model, settings: Settings, theta: Array) -> Array:
    """ℓ(θ) − ℓ(θ*) (…) on the training part, with penalties; NaN where there is no closed form."""
    if not isinstance(model, NetworkModel) or not has_closed_form(model, settings):
        return np.full(theta.shape[:-1], np.nan)
    best = nearest_minimum(model, settings, theta)
    return train_loss(model, settings, theta) - train_loss(model, settings, best)
