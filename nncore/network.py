"""A network's shape: how one vector θ is cut into the weights and biases of its layers, and the forward pass.

Layers are numbered 1…L as in the notes; θ holds W₁, b₁, W₂, b₂, … one after another, each row by row.
Every function takes θ of shape (…, P): leading axes are replicas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncore.activations import ACTIVATIONS, SOFTMAX, Activation
from nncore.arrays import Array


def activation_named(name: str) -> Activation:
    return SOFTMAX if name == "softmax" else ACTIVATIONS[name]


_UNIT_WORK = 512
"""How many multiply-adds of a product take as long as one unit's activation, with the memory that it needs."""


@dataclass(frozen=True)
class Layer:
    """Where one layer's parameters stand in θ."""

    number: int
    fan_in: int
    fan_out: int
    start: int
    activation: str

    @property
    def weights(self) -> slice:
        return slice(self.start, self.start + self.fan_out * self.fan_in)

    @property
    def biases(self) -> slice:
        return slice(self.start + self.fan_out * self.fan_in, self.stop)

    @property
    def block(self) -> slice:
        return slice(self.start, self.stop)

    @property
    def unit_work(self) -> int:
        """What the units of one sample take besides the product, in multiply-adds."""
        return _UNIT_WORK * self.fan_out

    @property
    def stop(self) -> int:
        return self.start + self.fan_out * (self.fan_in + 1)

    def entry(self, index: int) -> tuple[int, int | None]:
        """The row and column of W that an index of θ stands for, or the unit and None where it stands for a bias."""
        row, column = divmod(index - self.start, self.fan_in)
        return (row, column) if row < self.fan_out else (index - self.biases.start, None)

    def index(self, row: int, column: int | None = None) -> int:
        """Where an entry of W, or without a column a bias, stands in θ: the inverse of `entry`."""
        return self.biases.start + row if column is None else self.start + row * self.fan_in + column


@dataclass(frozen=True)
class Network:
    """A fully connected network: sizes (n₀, n₁, …, n_L) and one activation a layer, the output's included."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]

    @property
    def depth(self) -> int:
        return len(self.sizes) - 1

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        layers, start = [], 0
        for number, activation in enumerate(self.activations, 1):
            layer = Layer(number, self.sizes[number - 1], self.sizes[number], start, activation)
            layers.append(layer)
            start = layer.stop
        return tuple(layers)

    @property
    def parameter_count(self) -> int:
        return self.layers[-1].stop

    @cached_property
    def weight_mask(self) -> Array:
        """1 where θ holds a weight, 0 where it holds a bias."""
        mask = np.zeros(self.parameter_count)
        for layer in self.layers:
            mask[layer.weights] = 1.0
        return mask

    def split(self, theta: Array) -> list[tuple[Array, Array]]:
        """Views of θ as [(W₁, b₁), …], of shapes (…, out, in) and (…, out)."""
        lead = theta.shape[:-1]
        return [(theta[..., s.weights].reshape(*lead, s.fan_out, s.fan_in), theta[..., s.biases]) for s in self.layers]

    def join(self, parameters: Sequence[tuple[Array, Array]]) -> Array:
        """The vector θ of the given [(W₁, b₁), …], the inverse of `split`."""
        lead = np.broadcast_shapes(*(b.shape[:-1] for _, b in parameters))
        theta = np.empty((*lead, self.parameter_count))
        for (w, b), (own_w, own_b) in zip(parameters, self.split(theta), strict=True):
            own_w[...], own_b[...] = w, b
        return theta

    def forward(self, theta: Array, x: Array) -> tuple[list[Array], list[Array]]:
        """Pre-activations [a₁ … a_L] and activations [z₀ = x, z₁ … z_L] of samples x (…, n, inputs)."""
        a_all, z_all = [], [x]
        for (w, b), name in zip(self.split(theta), self.activations, strict=True):
            a = np.matmul(z_all[-1], w.swapaxes(-1, -2))
            a += b[..., None, :]
            z = np.empty_like(a)
            activation_named(name).value(a, z)
            a_all.append(a)
            z_all.append(z)
        return a_all, z_all

    def outputs(self, theta: Array, x: Array) -> Array:
        """The network's outputs z_L (…, n, outputs)."""
        return self.forward(theta, x)[1][-1]

    @cached_property
    def room(self) -> int:
        """The bytes that a forward pass of one sample takes."""
        return 8 * 2 * sum(self.sizes)

    @cached_property
    def work(self) -> int:
        """What a forward pass of one sample takes in multiply-adds, with what its units take otherwise."""
        return sum(layer.fan_in * layer.fan_out + layer.unit_work for layer in self.layers)

    def multiply_adds(self) -> int:
        """Multiply-adds a sample in one training step: forward, ∂W of every layer, and δ below the last."""
        products = [layer.fan_in * layer.fan_out for layer in self.layers]
        return 3 * sum(products) - products[0]


def layer_of(network: Network, entry: int) -> Layer:
    """The layer that an entry of θ belongs to."""
    return next(layer for layer in network.layers if entry < layer.stop)
