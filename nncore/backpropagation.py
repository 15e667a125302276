"""The forward and the backward pass of a batch: pre-activations a, activations z, error signals δ and the gradient."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from nncore.arrays import Array, chunks
from nncore.losses import Loss
from nncore.network import Network, activation_named
from nncore.slices import Slices

Fill = Callable[[], object]
"""An operation: it fills a buffer from others."""


class Workspace:
    """The buffers of a forward and a backward pass, allocated once for a batch size.

    a, z, derivative, delta: one array (…, m, units) a layer; z starts with the batch's inputs. The last derivative is 1
    where δ_L needs no σ′: for a linear output, and a loss from logits.
    gradient: (…, P) with the views `dw`, `db`. θ is read in place, so it may change between passes.
    scale: what a batch's sum of sample losses is multiplied by.

    Where the work is large the passes stop between operations. A product of matrices is made in one piece, as its last
    bits depend on its shape; what is done element by element goes by parts of the samples.
    """

    def __init__(self, network: Network, loss: Loss, theta: Array, size: int, scale: float) -> None:
        lead = theta.shape[:-1]
        self.network, self.loss, self.scale = network, loss, scale
        self.w, self.b = (list(views) for views in zip(*network.split(theta), strict=True))
        self.gradient = np.zeros_like(theta)
        self.dw, self.db = (list(views) for views in zip(*network.split(self.gradient), strict=True))
        shapes = [(*lead, size, units) for units in network.sizes]
        self.a = [np.zeros(shape) for shape in shapes[1:]]
        self.z = [np.zeros(shape) for shape in shapes]
        self.derivative = [np.zeros(shape) for shape in shapes[1:]]
        self.delta = [np.zeros(shape) for shape in shapes[1:]]
        self.derivative[-1][...] = 1.0
        self.targets = np.zeros(shapes[-1])
        self.activations = [activation_named(name) for name in network.activations]
        self._wt = [w.swapaxes(-1, -2) for w in self.w]
        self._bias_rows = [b[..., None, :] for b in self.b]
        self._db_rows = [db[..., None, :] for db in self.db]
        self._delta_t = [delta.swapaxes(-1, -2) for delta in self.delta]
        self._ones = np.ones((1, size))
        replicas = math.prod(lead)
        self.large = len(chunks(size, 0, replicas * network.work)) > 1
        self._parts = chunks(size, 0, replicas * max(layer.unit_work for layer in network.layers))
        self._targets = self._cut(self.targets)
        self._losses = [np.empty(0)] * len(self._parts)
        self._operations = [*self.forward(), *self.output_delta(), *self.backward()]

    def run(self, x: Array, targets: Array) -> Array:
        """Fill every buffer for a batch and return its loss (…), without penalties."""
        self._take(x, targets)
        for operation in self._operations:
            operation()
        return self._loss()

    def run_slices(self, x: Array, targets: Array) -> Slices[Array]:
        """`run`, one operation a slice."""
        self._take(x, targets)
        for operation in self._operations:
            operation()
            yield
        return self._loss()

    def forward(self) -> Iterator[Fill]:
        """a_d = z_{d−1} W_dᵀ + b_d, z_d = σ_d(a_d) for d = 1…L."""
        for d, (wt, bias, activation) in enumerate(zip(self._wt, self._bias_rows, self.activations, strict=True)):
            yield partial(_product, self.z, d, wt, self.a[d])
            for a, z in zip(self._cut(self.a[d]), self._cut(self.z[d + 1]), strict=True):
                yield partial(np.add, a, bias, a)
                yield partial(activation.value, a, z)

    def output_delta(self) -> Iterator[Fill]:
        """The losses of the samples, and δ_L."""
        activation = self.activations[-1]
        last = (self.a[-1], self.z[-1], self.derivative[-1], self.delta[-1])
        for number, (a, z, derivative, delta) in enumerate(zip(*map(self._cut, last), strict=True)):
            yield partial(_lose, self.loss, a, z, delta, self._targets, self._losses, number)
            if self.scale != 1.0:
                yield partial(np.multiply, delta, self.scale, delta)
            if not self.loss.from_logits and activation.name != "linear":
                yield partial(activation.derivative, a, z, derivative)
                yield partial(np.multiply, delta, derivative, delta)

    def backward(self) -> Iterator[Fill]:
        """For d = L…1: ∂W_d = δ_dᵀ z_{d−1}, ∂b_d = Σ δ_d, δ_{d−1} = (δ_d W_d) ⊙ σ′(a_{d−1})."""
        for d in range(len(self.delta) - 1, -1, -1):
            yield partial(_weight_gradient, self._delta_t[d], self.z, d, self.dw[d])
            yield partial(np.matmul, self._ones, self.delta[d], self._db_rows[d])
            if d:
                # a product with one term is no sum, and several times as fast element by element
                combine = np.multiply if self.network.layers[d].fan_out == 1 else np.matmul
                yield partial(combine, self.delta[d], self.w[d], self.delta[d - 1])
                below = (self.a[d - 1], self.z[d], self.derivative[d - 1], self.delta[d - 1])
                for a, z, derivative, delta in zip(*map(self._cut, below), strict=True):
                    yield partial(self.activations[d - 1].derivative, a, z, derivative)
                    yield partial(np.multiply, delta, derivative, delta)

    def _take(self, x: Array, targets: Array) -> None:
        self.z[0], self.targets = x, targets
        self._targets[:] = self._cut(targets)

    def _loss(self) -> Array:
        losses = self._losses[0] if len(self._losses) == 1 else np.concatenate(self._losses, axis=-1)
        total: Array = losses.sum(-1) * self.scale
        return total

    def _cut(self, array: Array) -> list[Array]:
        """Samples (…, m, units) in the parts in which they are taken element by element."""
        return [array] if len(self._parts) == 1 else [array[..., part, :] for part in self._parts]


# What reads the batch, which is another one at each pass. An operation does not hold the workspace, which would then
# hold itself, and its buffers would stay until that is found out.


def _product(z: list[Array], d: int, wt: Array, out: Array) -> None:
    np.matmul(z[d], wt, out)


def _weight_gradient(delta_t: Array, z: list[Array], d: int, out: Array) -> None:
    np.matmul(delta_t, z[d], out)


def _lose(loss: Loss, a: Array, z: Array, delta: Array, targets: list[Array], losses: list[Array], part: int) -> None:
    """The losses of one part of the samples, and the loss's derivative."""
    losses[part] = loss.value(a, z, targets[part])
    loss.derivative(z, targets[part], delta)
