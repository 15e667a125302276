"""Idle units, which learn nothing: dead ones, 0 everywhere, and saturated ones, whose derivative is nearly 0."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.network import activation_named

SMALL_DERIVATIVE = 0.01
MOST = 0.95

IdleUnits = list[np.ndarray]


def dead_units(model: NetworkModel, theta: Array) -> IdleUnits:
    """For each hidden layer, which units (…, units) are 0 on every training sample."""
    _, z = model.network.forward(theta, model.data.x)
    return [np.logical_not(part.any(axis=-2)) for part in z[1:-1]]


def saturated_units(model: NetworkModel, theta: Array) -> IdleUnits:
    """For each layer, which units (…, units) have abs(σ′) < 0.01 on at least 95 % of the training samples.

    A linear or softmax layer has none.
    """
    a, z = model.network.forward(theta, model.data.x)
    masks = []
    for part, value, name in zip(a, z[1:], model.network.activations, strict=True):
        derivative = np.ones_like(part)
        if name not in ("linear", "softmax"):
            activation_named(name).derivative(part, value, derivative)
        masks.append((np.abs(derivative) < SMALL_DERIVATIVE).mean(axis=-2) >= MOST)
    return masks


def count(idle: IdleUnits, theta: Array) -> Array:
    """How many units (…) are idle."""
    total = np.zeros(theta.shape[:-1])
    for layer in idle:
        total = total + layer.sum(-1)
    return total
