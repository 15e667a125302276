"""The linear pieces of a ReLU network: exactly in one dimension, by activation patterns on a grid in two."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.arrays import Array, chunks
from nncore.network import Network, activation_named
from nncore.slices import InSlices, Slices

MOST_PIECES = 2**20
_ROUNDING = 1e-12


def is_piecewise_linear(network: Network) -> bool:
    return all(activation_named(name).piecewise_linear for name in network.activations)


@InSlices
def breakpoints(network: Network, theta: Array, low: float, high: float) -> Slices[Array]:
    """Where in (low, high) the slope of a network of one input changes, exactly: θ is (P,).

    Layer by layer, the zeros of each pre-activation between the breakpoints found so far are added; those at
    which no output bends in the end are left out. Raises ValueError for a network that is not piecewise linear,
    OverflowError for one with more than MOST_PIECES.
    """
    if network.sizes[0] != 1 or not is_piecewise_linear(network):
        names = [name for name, activation in ACTIVATIONS.items() if activation.piecewise_linear]
        allowed = f"{', '.join(names[:-1])} or {names[-1]}"
        raise ValueError(f"linear pieces are counted for networks of one input with {allowed} units")
    knots = np.array([low, high])
    for layer in range(network.depth):
        if network.activations[layer] != "linear":
            found = []
            for part in _chunks(network, len(knots) - 1, 1):
                found.append(_zeros(network, theta, layer, knots[part]))
                yield
            knots = _apart(np.sort(np.concatenate([knots, *found])))
            if len(knots) > MOST_PIECES + 1:
                raise OverflowError(f"a network with more than {MOST_PIECES} linear pieces")
    middles = (knots[1:] + knots[:-1]) / 2
    parts = []
    for part in _chunks(network, len(middles)):
        parts.append(_slopes(network, theta, middles[part]))
        yield
    slopes, sizes = np.concatenate(parts, axis=1)
    rounding = _ROUNDING * np.maximum(sizes[1:], sizes[:-1])
    bent = (np.abs(np.diff(slopes, axis=0)) > rounding).any(axis=1)
    return knots[1:-1][bent]


@InSlices
def linear_pieces(network: Network, theta: Array, low: float, high: float) -> Slices[int]:
    """How many linear pieces a network of one input has on [low, high]."""
    return len((yield from breakpoints.slices(network, theta, low, high))) + 1


def patterns(network: Network, theta: Array, x: Array) -> Array:
    """The number of the activation pattern (n,) that each sample x (n, d) has: equal numbers, one linear piece."""
    a, _ = network.forward(theta, x)
    layers = zip(a, map(activation_named, network.activations), strict=True)
    kinked = [part > kink for part, activation in layers for kink in activation.kinks]
    if not kinked:
        return np.zeros(len(x))
    _, numbers = np.unique(np.concatenate(kinked, axis=-1), axis=0, return_inverse=True)
    return numbers.reshape(len(x)).astype(np.float64)


def _chunks(network: Network, count: int, more: int = 0) -> Iterator[slice]:
    """Slices of `count` points that go through at once, each with `more` points of the next."""
    parts = chunks(count, network.room, 2 * network.work)
    return (slice(part.start, part.stop + more) for part in parts)


def _zeros(network: Network, theta: Array, layer: int, knots: Array) -> Array:
    """Where the pre-activations of a layer, linear between the knots (K,), are 0 there."""
    a = network.forward(theta, knots[:, None])[0][layer]
    left, right = a[:-1], a[1:]
    place, unit = np.nonzero(left * right < 0)
    share = left[place, unit] / (left[place, unit] - right[place, unit])
    zeros: Array = knots[place] + share * (knots[place + 1] - knots[place])
    return zeros


def _apart(knots: Array) -> Array:
    """The knots, in order, without those that only rounding sets apart from the one before."""
    apart = np.diff(knots) > 1e-12 * (knots[-1] - knots[0])
    kept: Array = knots[np.concatenate([[True], apart])]
    kept[-1] = knots[-1]
    return kept


def _slopes(network: Network, theta: Array, x: Array) -> Array:
    """dz_L/dx at points x (n,) inside pieces, and the size that its rounding is relative to, (2, n, outputs).

    The slope is the product of the layers' own. Each layer rounds by its sum of absolute terms, and roundings of
    different units go on like independent errors.
    """
    a, _ = network.forward(theta, x[:, None])
    slope, size = np.ones((len(x), 1)), np.zeros((len(x), 1))
    for (w, _), name, part in zip(network.split(theta), network.activations, a, strict=True):
        own = np.where(part > 0, 1.0, activation_named(name).left_slope or 0.0)
        size = own * np.hypot(np.sqrt(size**2 @ w.T**2), np.abs(slope) @ np.abs(w).T)
        slope = own * (slope @ w.T)
    return np.stack([slope, size])
