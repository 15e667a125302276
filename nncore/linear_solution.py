"""The minimum of a linear model with squared loss, where its normal equations hold."""

from __future__ import annotations

from typing import TypeGuard

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.slices import InSlices, Slices
from nncore.training import Model, Settings, train_loss


def has_closed_form(model: Model, settings: Settings) -> TypeGuard[NetworkModel]:
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

    Solves the normal equations (s X̃ᵀX̃ + λD) θ* = s X̃ᵀY with X̃ = [X 1], D without the bias, s the reduction's
    factor, as the least squares of √s X̃ above √λ D: squaring X̃ would cost half of the digits.
    """
    x, targets = model.data.x, model.targets
    root = np.sqrt(model.scale(model.samples))
    lead, inputs = x.shape[:-2], x.shape[-1]
    ones = np.ones((*x.shape[:-1], 1))
    penalty = np.sqrt(settings.l2) * np.eye(inputs, inputs + 1)
    left = np.concatenate([root * x, root * ones], axis=-1)
    left = np.concatenate([left, np.broadcast_to(penalty, (*lead, *penalty.shape))], axis=-2)
    right = np.concatenate([root * targets, np.zeros((*lead, inputs, targets.shape[-1]))], axis=-2)
    w, b = model.network.split(theta)[0]
    own = np.concatenate([w, b[..., None]], axis=-1).swapaxes(-1, -2)
    rounding = max(left.shape[-2:]) * np.finfo(np.float64).eps
    solved = own + np.matmul(np.linalg.pinv(left, rcond=rounding), right - np.matmul(left, own))
    solved = solved.swapaxes(-1, -2)
    return model.network.join([(solved[..., :-1], solved[..., -1])])


def closed_form_distance(model: Model, settings: Settings, theta: Array) -> Array:
    """‖θ − θ*‖₂ (…); NaN where there is no closed form."""
    if not has_closed_form(model, settings):
        return np.full(theta.shape[:-1], np.nan)
    return np.linalg.norm(theta - nearest_minimum(model, settings, theta), axis=-1)


@InSlices
def closed_form_gap(model: Model, settings: Settings, theta: Array) -> Slices[Array]:
    """ℓ(θ) − ℓ(θ*) (…) on the training part, with penalties; NaN where there is no closed form."""
    if not has_closed_form(model, settings):
        return np.full(theta.shape[:-1], np.nan)
    best = nearest_minimum(model, settings, theta)
    here = yield from train_loss.slices(model, settings, theta)
    return here - (yield from train_loss.slices(model, settings, best))
