"""A network with its loss and its data: what a lane minimizes. The passes are in `backpropagation`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nncore.arrays import Array, chunks
from nncore.backpropagation import Workspace
from nncore.batches import BatchLoader
from nncore.datasets import Data
from nncore.losses import LOSSES, Loss
from nncore.network import Layer, Network
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
    def layers(self) -> tuple[Layer, ...]:
        return self.network.layers

    @property
    def units(self) -> int:
        """How many units there are, inputs among them."""
        return sum(self.network.sizes)

    @property
    def work(self) -> int:
        """What a forward pass of one sample takes in multiply-adds."""
        return self.network.work

    @property
    def blocks(self) -> tuple[slice, ...]:
        """The part of θ that belongs to each layer."""
        return tuple(layer.block for layer in self.network.layers)

    def parts(self, vector: Array) -> Iterator[tuple[str, Array]]:
        """A vector (…, P) as long as θ by the names of its parts: W1 (…, out, in), b1 (…, out), …"""
        for layer, (w, b) in zip(self.layers, self.network.split(vector), strict=True):
            yield f"W{layer.number}", w
            yield f"b{layer.number}", b

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

    def workspace(self, theta: Array, size: int, batch: int = 0) -> Workspace:
        """The buffers of the passes over `size` samples, all or, with `batch`, some of so many in a batch."""
        return Workspace(self.network, self.loss, theta, size, self.scale(batch or size))

    def loader(self, seeds: tuple[int, ...], lead: tuple[int, ...]) -> BatchLoader:
        """What gives the batches of the training part; `lead`: the leading axes of θ, one seed for each."""
        return BatchLoader(self.data.x, self.targets, seeds, lead)

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
