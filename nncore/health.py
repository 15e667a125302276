"""Idle units, which learn nothing: dead ones, 0 everywhere, and saturated ones, whose derivative is nearly 0."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array, chunks
from nncore.model import NetworkModel
from nncore.network import activation_named
from nncore.slices import InSlices, Slices

SMALL_DERIVATIVE = 0.01
MOST = 0.95

IdleUnits = list[np.ndarray]


@InSlices
def dead_units(model: NetworkModel, theta: Array) -> Slices[IdleUnits]:
    """For each hidden layer, which units (…, units) are 0 on every training sample."""
    alive: IdleUnits = []
    for part in _parts(model, theta):
        _, z = model.network.forward(theta, model.data.x[..., part, :])
        now = [np.asarray(layer.any(axis=-2)) for layer in z[1:-1]]
        alive = [np.logical_or(one, other) for one, other in zip(alive, now, strict=True)] if alive else now
        yield
    return [np.logical_not(layer) for layer in alive]


@InSlices
def saturated_units(model: NetworkModel, theta: Array) -> Slices[IdleUnits]:
    """For each layer, which units (…, units) have abs(σ′) < 0.01 on at least 95 % of the training samples.

    A linear or softmax layer has none.
    """
    flat: IdleUnits = []
    for part in _parts(model, theta):
        a, z = model.network.forward(theta, model.data.x[..., part, :])
        now = []
        for layer, value, name in zip(a, z[1:], model.network.activations, strict=True):
            derivative = np.ones_like(layer)
            if name not in ("linear", "softmax"):
                activation_named(name).derivative(layer, value, derivative)
            now.append((np.abs(derivative) < SMALL_DERIVATIVE).sum(axis=-2))
        flat = [one + other for one, other in zip(flat, now, strict=True)] if flat else now
        yield
    return [layer / model.samples >= MOST for layer in flat]


def _parts(model: NetworkModel, theta: Array) -> list[slice]:
    """The training samples in parts that go forward at once."""
    replicas = theta.size // theta.shape[-1]
    return chunks(model.samples, 2 * replicas * model.network.room, 2 * replicas * model.network.work)


def count(idle: IdleUnits, theta: Array) -> Array:
    """How many units (…) are idle."""
    total = np.zeros(theta.shape[:-1])
    for layer in idle:
        total = total + layer.sum(-1)
    return total
