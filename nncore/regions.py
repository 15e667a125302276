"""The linear pieces of a ReLU network: exactly in one dimension, by activation patterns on a grid in two."""

from __future__ import annotations

import numpy as np

from nncore.activations import LEAKY_SLOPE
from nncore.arrays import Array
from nncore.network import Network

_BENDS = {"relu": 0.0, "leaky_relu": LEAKY_SLOPE, "linear": 1.0}
_EQUAL = 1e-9


def is_piecewise_linear(network: Network) -> bool:
    return all(name in _BENDS for name in network.activations)


def breakpoints(network: Network, theta: Array, low: float, high: float) -> Array:
    """Where in (low, high) the slope of a network of one input changes, exactly: θ is (P,).

    Layer by layer, the zeros of each pre-activation between the breakpoints found so far are added; those at
    which no output bends in the end are left out. Raises ValueError for a network that is not piecewise linear.
    """
    if network.sizes[0] != 1 or not is_piecewise_linear(network):
        raise ValueError("linear pieces are counted for networks of one input with relu, leaky_relu or linear units")
    knots = np.array([low, high])
    for layer in range(network.depth):
        if network.activations[layer] != "linear":
            a = network.forward(theta, knots[:, None])[0][layer]
            knots = _with_zeros(knots, a)
    slopes = _slopes(network, theta, (knots[1:] + knots[:-1]) / 2)
    size = np.abs(slopes).max(initial=0.0)
    bent = (np.abs(np.diff(slopes, axis=0)) > _EQUAL * size).any(axis=1)
    return knots[1:-1][bent]


def linear_pieces(network: Network, theta: Array, low: float, high: float) -> int:
    """How many linear pieces a network of one input has on [low, high]."""
    return len(breakpoints(network, theta, low, high)) + 1


def patterns(network: Network, theta: Array, x: Array) -> Array:
    """The number of the activation pattern (n,) that each sample x (n, d) has: equal numbers, one linear piece."""
    a, _ = network.forward(theta, x)
    kinked = [part > 0 for part, name in zip(a, network.activations, strict=True) if name in ("relu", "leaky_relu")]
    if not kinked:
        return np.zeros(len(x))
    _, numbers = np.unique(np.concatenate(kinked, axis=-1), axis=0, return_inverse=True)
    return numbers.reshape(len(x)).astype(np.float64)


def _with_zeros(knots: Array, a: Array) -> Array:
    """The knots (K,) and the zeros between them of functions linear there, given by their values a (K, units)."""
    left, right = a[:-1], a[1:]
    place, unit = np.nonzero(left * right < 0)
    share = left[place, unit] / (left[place, unit] - right[place, unit])
    zeros = knots[place] + share * (knots[place + 1] - knots[place])
    merged = np.sort(np.concatenate([knots, zeros]))
    apart = np.diff(merged) > 1e-12 * (knots[-1] - knots[0])
    kept = merged[np.concatenate([[True], apart])]
    kept[-1] = knots[-1]
    return kept


def _slopes(network: Network, theta: Array, x: Array) -> Array:
    """dz_L/dx (n, outputs) at points x (n,) inside pieces, as the product of the layers' slopes there."""
    a, _ = network.forward(theta, x[:, None])
    slope = np.ones((len(x), 1))
    for (w, _), name, part in zip(network.split(theta), network.activations, a, strict=True):
        slope = (slope @ w.T) * np.where(part > 0, 1.0, _BENDS[name])
    return slope
