"""A network with its loss and its data: the loss and the gradient as functions of θ."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nncore.arrays import Array, chunks
from nncore.batches import DataCursor, batch_length, epoch_orders, is_full
from nncore.datasets import Data
from nncore.losses import LOSSES, Loss
from nncore.network import Network, activation_named
from nncore.slices import Slices, finished


@dataclass(frozen=True, eq=False)
class NetworkModel:
    """What a lane minimizes: `loss` of `network` on `data`, averaged or summed over the batch."""

    network: Network
    loss_name: str
    reduction: str
    data: Data

    @property
    def loss(self) -> Loss:
        return LOSSES[self.loss_name]

    @property
    def parameter_count(self) -> int:
        return self.network.parameter_count

    @property
    def samples(self) -> int:
        return self.data.x.shape[-2]

    @property
    def blocks(self) -> tuple[slice, ...]:
        """The part of θ that belongs to each layer."""
        return tuple(layer.block for layer in self.network.layers)

    @property
    def penalized(self) -> Array:
        """1 for each entry of θ that L1 and L2 act on."""
        return self.network.weight_mask

    @property
    def multiply_adds(self) -> int:
        return self.network.multiply_adds()

    @cached_property
    def targets(self) -> Array:
        return self.loss.encode(self.data.y, self.network.sizes[-1])

    @cached_property
    def test_targets(self) -> Array:
        return self.loss.encode(self.data.y_test, self.network.sizes[-1])

    def replica(self, place: int) -> NetworkModel:
        """The model of one replica, with the data of its own where replicas have such."""
        if self.data.x.ndim == 2:
            return self
        data = self.data
        own = replace(data, x=data.x[place], y=data.y[place], x_test=data.x_test[place], y_test=data.y_test[place])
        return replace(self, data=own)

    def scale(self, samples: int) -> float:
        """What a batch's sum of sample losses is multiplied by."""
        return 1.0 / samples if self.reduction == "mean" else 1.0

    def workspace(self, theta: Array, size: int) -> Workspace:
        return Workspace(self, theta, size)

    def loader(self, seeds: tuple[int, ...], lead: tuple[int, ...]) -> BatchLoader:
        return BatchLoader(self, seeds, lead)

    def train_loss(self, theta: Array) -> Array:
        """The loss (…) of θ (…, P) on the whole training part, without penalties."""
        return finished(self.train_loss_slices(theta))

    def train_loss_slices(self, theta: Array) -> Slices[Array]:
        """`train_loss` in slices."""
        sums = yield from self.summed(theta, self.data.x, self._loss_of(self.targets))
        return sums * self.scale(self.samples)

    def test_loss(self, theta: Array) -> Array:
        """The loss (…) on the test part; NaN where there is none."""
        x = self.data.x_test
        if x.shape[-2] == 0:
            return np.full(theta.shape[:-1], np.nan)
        return finished(self.summed(theta, x, self._loss_of(self.test_targets))) * self.scale(x.shape[-2])

    def _loss_of(self, targets: Array) -> Callable[[Array, Array, slice], Array]:
        return lambda a, z, part: self.loss.value(a, z, targets[..., part, :]).sum(-1)

    def summed(self, theta: Array, x: Array, function: Callable[[Array, Array, slice], Array]) -> Slices[Array]:
        """The sum over samples x (…, n, d) of what `function` makes of a_L and z_L of some of them, at θ (…, P).

        Cut along θ's first axis, where that is in front of those of the data's replicas, and along the samples.
        """
        parts = [theta]
        if theta.ndim >= x.ndim:
            size = math.prod(theta.shape[1:-1]) * x.shape[-2]
            parts = [theta[part] for part in chunks(len(theta), size * self.network.room, size * self.network.work)]
        sums = []
        for part in parts:
            size = math.prod(part.shape[:-1])
            total: Array | float = 0.0
            for some in chunks(x.shape[-2], size * self.network.room, size * self.network.work):
                a, z = self.network.forward(part, x[..., some, :])
                total = total + function(a[-1], z[-1], some)
                yield
            sums.append(np.asarray(total))
        return np.concatenate(sums) if theta.ndim >= x.ndim else sums[0]


class BatchLoader:
    """The batches of a lane in the order of its places; each replica has an order of its own."""

    def __init__(self, model: NetworkModel, seeds: tuple[int, ...], lead: tuple[int, ...]) -> None:
        self._model, self._seeds, self._lead = model, seeds, lead
        self._number = -1

    def batch(self, place: DataCursor, size: int) -> tuple[Array, Array]:
        """The inputs (…, m, d) and targets (…, m, k) of the batch at a place."""
        model = self._model
        if is_full(size, model.samples):
            return model.data.x, model.targets
        x, targets = self.epoch(place.epoch)
        window = slice(place.offset, place.offset + batch_length(place, size, model.samples))
        return x[..., window, :], targets[..., window, :]

    def epoch(self, number: int) -> tuple[Array, Array]:
        """All inputs (…, n, d) and targets (…, n, k) in the order of an epoch."""
        if number != self._number:
            model = self._model
            orders = epoch_orders(self._seeds, number, model.samples).reshape(*self._lead, model.samples)
            self._ordered = _take(model.data.x, orders), _take(model.targets, orders)
            self._number = number
        return self._ordered


def _take(values: Array, orders: np.ndarray) -> Array:
    """Samples (…, n, d) in the given orders (…, n)."""
    if values.ndim == 2:
        return values[orders]
    return np.take_along_axis(values, orders[..., None], axis=-2)


class Workspace:
    """The buffers of a forward and a backward pass, allocated once for a batch size.

    a, z, derivative, delta: one array (…, m, units) a layer; z starts with the batch's inputs. The last derivative is 1
    where δ_L needs no σ′: for a linear output, and a loss from logits.
    gradient: (…, P) with the views `dw`, `db`. θ is read in place, so it may change between passes.
    """

    def __init__(self, model: NetworkModel, theta: Array, size: int) -> None:
        network, lead = model.network, theta.shape[:-1]
        self.model = model
        self.scale = model.scale(size)
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
        loss = self.model.loss.value(self.a[-1], self.z[-1], targets).sum(-1) * self.scale
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
        loss, delta, derivative, z = self.model.loss, self.delta, self.derivative, self.z
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
