"""The forward and the backward pass of a batch: pre-activations a, activations z, error signals δ and the gradient."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.losses import Loss
from nncore.network import Network, activation_named


class Workspace:
    """The buffers of a forward and a backward pass, allocated once for a batch size.

    a, z, derivative, delta: one array (…, m, units) a layer; z starts with the batch's inputs. The last derivative is 1
    where δ_L needs no σ′: for a linear output, and a loss from logits.
    gradient: (…, P) with the views `dw`, `db`. θ is read in place, so it may change between passes.
    scale: what a batch's sum of sample losses is multiplied by.
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

    def run(self, x: Array, targets: Array) -> Array:
        """Fill every buffer for a batch and return its loss (…), without penalties."""
        self.z[0], self.targets = x, targets
        self.forward()
        loss = self.loss.value(self.a[-1], self.z[-1], targets).sum(-1) * self.scale
        self.backward()
        return loss

    def forward(self) -> None:
        """a_d = z_{d−1} W_dᵀ + b_d, z_d = σ_d(a_d) for d = 1…L."""
        z = self.z
        for d, (wt, bias, a, activation) in enumerate(
            zip(self._wt, self._bias_rows, self.a, self.activations, strict=True)
        ):
            np.matmul(z[d], wt, a)
            np.add(a, bias, a)
            activation.value(a, z[d + 1])

    def backward(self) -> None:
        """δ_L, then for d = L…1: ∂W_d = δ_dᵀ z_{d−1}, ∂b_d = Σ δ_d, δ_{d−1} = (δ_d W_d) ⊙ σ′(a_{d−1})."""
        loss, delta, derivative, z = self.loss, self.delta, self.derivative, self.z
        last = len(delta) - 1
        loss.derivative(z[-1], self.targets, delta[last])
        if self.scale != 1.0:
            np.multiply(delta[last], self.scale, delta[last])
        if not loss.from_logits and self.activations[last].name != "linear":
            self.activations[last].derivative(self.a[last], z[-1], derivative[last])
            np.multiply(delta[last], derivative[last], delta[last])
        for d in range(last, -1, -1):
            np.matmul(self._delta_t[d], z[d], self.dw[d])
            np.matmul(self._ones, delta[d], self._db_rows[d])
            if d:
                np.matmul(delta[d], self.w[d], delta[d - 1])
                self.activations[d - 1].derivative(self.a[d - 1], z[d], derivative[d - 1])
                np.multiply(delta[d - 1], derivative[d - 1], delta[d - 1])
