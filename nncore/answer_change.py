"""Which entries of θ made a sample's output change between two θ: shares that add up to the change.

It is backpropagation with differences in place of derivatives. A product's change splits without a rest,
Δ(w z) = Δw · z̄ + w̄ · Δz with means over both ends, and through σ a change goes by the slope between both ends, Δz/Δa.
"""

from __future__ import annotations

import numpy as np

from nncore.activations import SOFTMAX
from nncore.arrays import Array
from nncore.network import Network, activation_named


def answer_change(network: Network, start: Array, end: Array, x: Array, output: int) -> tuple[float, float, Array]:
    """One output for the inputs x (d,) at both θ (P,), and the share (P,) of each entry in its change."""
    with np.errstate(all="ignore"):
        (a0, z0), (a1, z1) = (_rows(*network.forward(theta, x[None])) for theta in (start, end))
        shares, signal = np.zeros_like(start), np.zeros(network.sizes[-1])
        signal[output] = 1.0
        parts = zip(network.layers, network.split(shares), network.split(start), network.split(end), strict=True)
        for layer, (dw, db), (w0, b0), (w1, b1) in reversed(list(parts)):
            d = layer.number
            signal = _through(layer.activation, signal, a0[d - 1], a1[d - 1], z0[d], z1[d])
            dw[...] = signal[:, None] * (w1 - w0) * (z0[d - 1] + z1[d - 1]) / 2
            db[...] = signal * (b1 - b0)
            signal = signal @ ((w0 + w1) / 2)
    return float(z0[-1][output]), float(z1[-1][output]), shares


def _rows(a: list[Array], z: list[Array]) -> tuple[list[Array], list[Array]]:
    return [part[0] for part in a], [part[0] for part in z]


def _through(name: str, signal: Array, a0: Array, a1: Array, z0: Array, z1: Array) -> Array:
    """What a change of each a adds to the output, from what that of each z does (units,)."""
    activation = activation_named(name)
    if activation is SOFTMAX:
        return _through_softmax(signal, a0, a1)
    slope = np.empty_like(a0)
    activation.derivative(a0, z0, slope)
    np.divide(z1 - z0, a1 - a0, out=slope, where=a1 != a0)
    return signal * slope


def _through_softmax(signal: Array, a0: Array, a1: Array) -> Array:
    """The same for z = e / Σ e with e = exp(a): Δz = Δe · mean(1/S) − mean(e) · ΔS / (S₀ S₁)."""
    top = max(a0.max(), a1.max())
    e0, e1 = np.exp(a0 - top), np.exp(a1 - top)
    s0, s1 = e0.sum(), e1.sum()
    of_e = signal * (1 / s0 + 1 / s1) / 2 - (signal @ (e0 + e1)) / 2 / (s0 * s1)
    slope = e0.copy()
    np.divide(e1 - e0, a1 - a0, out=slope, where=a1 != a0)
    return of_e * slope
