"""The true values of one step, as the wrong ways take them, in the notation of the algorithm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncore.activations import Activation
from nncore.arrays import Array
from nncore.mistakes.terms import FINE, Terms
from nncore.model import NetworkModel
from nncore.network import Layer, activation_named
from nncore.optimizers import Optimizer
from nncore.trace import Trace


@dataclass(frozen=True, eq=False)
class StepValues:
    """What a step computes, for an operation of layer d.

    every_sample: whether a single sample may be any of the batch, else its first or last. after, previous: θ (P,)
    after the update, and the gradient (P,) of the step before, where a recorded loop knows them.
    """

    model: NetworkModel
    trace: Trace
    d: int
    every_sample: bool = True
    after: Array | None = None
    previous: Array | None = None

    @property
    def depth(self) -> int:
        return self.model.network.depth

    @property
    def layer(self) -> Layer:
        return self.model.layers[self.d - 1]

    @cached_property
    def parameters(self) -> list[tuple[Array, Array]]:
        return self.model.network.split(self.trace.theta)

    @property
    def m(self) -> int:
        return len(self.trace.targets)

    @property
    def scale(self) -> float:
        """What each sample's loss is multiplied by: 1/m, or 1 for a sum."""
        return self.model.scale(self.m)

    @property
    def averaged(self) -> bool:
        return self.model.reduction == "mean"

    @property
    def samples(self) -> tuple[int, ...]:
        """The rows that a mistake of one sample is asked of."""
        return tuple(range(self.m)) if self.every_sample or self.m <= 8 else (0, self.m - 1)

    def w(self, k: int) -> Array:
        return self.parameters[k - 1][0]

    def b(self, k: int) -> Array:
        return self.parameters[k - 1][1]

    def a(self, k: int) -> Array:
        return self.trace.a[k - 1]

    def z(self, k: int) -> Array:
        return self.trace.z[k]

    def delta(self, k: int) -> Array:
        return self.trace.delta[k - 1]

    def activation(self, k: int) -> Activation:
        return activation_named(self.model.network.activations[k - 1])

    def others(self) -> Iterator[int]:
        """The numbers of the other layers."""
        return (k for k in range(1, self.depth + 1) if k != self.d)

    @property
    def squashed(self) -> bool:
        """Whether δ_d has a factor σ′ that is not 1."""
        at_output = self.d == self.depth
        return self.activation(self.d).name != "linear" and not (at_output and self.model.loss.from_logits)

    @property
    def derivative(self) -> Array:
        """σ′(a_d) (m, out), 1 where δ_d needs none."""
        return self.trace.derivative[self.d - 1]

    def loss_derivative(self, targets: Array) -> Terms:
        """∂ℓ/∂z_L, or from logits ∂ℓ/∂a_L, (m, outputs): z − y with its two terms, or a number that is one."""
        z = self.z(self.depth)
        out = np.empty_like(z)
        self.model.loss.derivative(z, targets, out)
        return Terms(out, np.where(out == z - targets, np.abs(z) + np.abs(targets), np.abs(out)))

    def signal_before(self) -> Terms:
        """What σ′(a_d) is multiplied with: δ_{d+1} W_{d+1}, or at the output the loss's derivative, (m, out)."""
        if self.d == self.depth:
            return self.loss_derivative(self.trace.targets) * self.scale
        return Terms.of(self.delta(self.d + 1)) @ self.w(self.d + 1)

    def data_gradient(self) -> Terms:
        """δ_dᵀ z_{d−1} (out, in), without penalties."""
        return Terms.of(self.delta(self.d).T) @ self.z(self.d - 1)

    def penalty_gradient(self, values: Array) -> Terms:
        """What L2 and L1 add to the gradient of parameters, if they act on these."""
        settings = self.trace.settings
        return Terms.of(settings.l2 * values) + settings.l1 * np.sign(values)

    @property
    def penalized(self) -> bool:
        return bool(self.trace.settings.l1 or self.trace.settings.l2)

    @property
    def frozen(self) -> bool:
        return self.d in self.trace.settings.frozen


def activated(activation: Activation, a: Array) -> Terms:
    """σ(a)."""
    z = np.empty_like(a)
    activation.value(a, z)
    return Terms(z, np.abs(z) + FINE)


def derived(activation: Activation, a: Array, z: Array) -> Array:
    """σ′ at a, z."""
    out = np.empty_like(a)
    activation.derivative(a, z, out)
    return out


@dataclass(frozen=True, eq=False)
class UpdateValues:
    """What an update is made of, for some entries of θ: `theta`, their `gradient` and the optimizer's `state` before.

    Without `still`, their layer is trained. neighbours: the gradients of other layers' parameters of the same shape.
    """

    optimizer: Optimizer
    rate: float
    count: int
    l2: float
    l1: float
    theta: Array
    gradient: Array
    state: Array
    weights: bool
    still: bool
    neighbours: dict[int, Array]
    previous: Array | None = None

    def change(
        self,
        gradient: Array | None = None,
        state: Array | None = None,
        rate: float | None = None,
        optimizer: Optimizer | None = None,
    ) -> Terms:
        """What the optimizer subtracts, with one thing or another in place of the true one.

        Each rule is a sum with coefficients of one sign, over roots of squares: the sizes of its terms make the size.
        """
        optimizer = optimizer or self.optimizer
        gradient = self.gradient if gradient is None else gradient
        state = self.state if state is None else state
        rate = self.rate if rate is None else rate
        value, _ = optimizer.update(gradient, state, rate, self.count)
        size, _ = optimizer.update(np.abs(gradient), np.abs(state), rate, self.count)
        return Terms(value, size)

    def less(self, change: Terms) -> Terms:
        """θ − change, judged by the change."""
        return Terms(self.theta - change.value, change.size + FINE * np.abs(self.theta))
