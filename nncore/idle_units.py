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
def idle_units(model: NetworkModel, theta: Array) -> Slices[tuple[IdleUnits, IdleUnits]]:
    """The dead units of each hidden layer, and the saturated ones of each layer, by one pass over the samples."""
    replicas, network = theta.size // theta.shape[-1], model.network
    alive, flat = ([np.zeros((*theta.shape[:-1], units), dtype=int) for units in network.sizes[1:]] for _ in range(2))
    for part in chunks(model.samples, 2 * replicas * network.room, 2 * replicas * network.work):
        a, z = network.forward(theta, model.data.x[..., part, :])
        for d, (layer, value, name) in enumerate(zip(a, z[1:], network.activations, strict=True)):
            alive[d] += value.any(axis=-2)
            flat[d] += _flat(layer, value, name)
        yield
    return [count == 0 for count in alive[:-1]], [count / model.samples >= MOST for count in flat]


def idle_in(model: NetworkModel, layer: int, a: Array, z: Array) -> tuple[np.ndarray, np.ndarray]:
    """Which units of a layer are dead and which saturated on the samples that gave a and z (m, units), such as a batch.

    No unit of the last layer is dead.
    """
    network = model.network
    alive = z.any(axis=0) if layer < network.depth else np.ones(z.shape[1], dtype=bool)
    return np.logical_not(alive), _flat(a, z, network.activations[layer - 1]) / len(a) >= MOST


def _flat(a: Array, z: Array, activation: str) -> np.ndarray:
    """On how many samples of a and z (…, m, units) the derivative of each unit is small."""
    derivative = np.ones_like(a)
    if activation not in ("linear", "softmax"):
        activation_named(activation).derivative(a, z, derivative)
    return (np.abs(derivative) < SMALL_DERIVATIVE).sum(axis=-2)


@InSlices
def dead_units(model: NetworkModel, theta: Array) -> Slices[IdleUnits]:
    """For each hidden layer, which units (…, units) are 0 on every training sample."""
    return (yield from idle_units.slices(model, theta))[0]


@InSlices
def saturated_units(model: NetworkModel, theta: Array) -> Slices[IdleUnits]:
    """For each layer, which units (…, units) have abs(σ′) < 0.01 on at least 95 % of the training samples.

    A linear or softmax layer has none.
    """
    return (yield from idle_units.slices(model, theta))[1]


def count(idle: IdleUnits, theta: Array) -> Array:
    """How many units (…) are idle."""
    total = np.zeros(theta.shape[:-1])
    for layer in idle:
        total = total + layer.sum(-1)
    return total
