"""The true values of one step of a network, as right and wrong ways take them, in the notation of the algorithm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncore.activations import Activation
from nncore.arrays import SLICE_WORK, Array
from nncore.mistakes.terms import FINE, SHOWN, Terms
from nncore.model import NetworkModel
from nncore.network import Layer, activation_named
from nncore.trace import Trace


@dataclass(frozen=True, eq=False)
class Loop:
    """What a recorded loop knows besides a step: θ (P,) after its update, and the gradient (P,) of the one before."""

    after: Array | None = None
    previous: Array | None = None


@dataclass(frozen=True, eq=False)
class StepValues:
    """What a step computes, for an operation of layer d.

    whole: whether every entry is judged at once, so that one sample can be told from all others.
    """

    model: NetworkModel
    trace: Trace
    d: int
    whole: bool
    loop: Loop

    @property
    def depth(self) -> int:
        return self.model.network.depth

    @property
    def layer(self) -> Layer:
        return self.model.layers[self.d - 1]

    @property
    def square(self) -> bool:
        return self.layer.fan_in == self.layer.fan_out

    @property
    def at_output(self) -> bool:
        return self.d == self.depth

    @property
    def others(self) -> Iterator[int]:
        """The numbers of the other layers."""
        return (k for k in range(1, self.depth + 1) if k != self.d)

    @property
    def m(self) -> int:
        return len(self.trace.targets)

    @property
    def averaged(self) -> bool:
        return self.model.reduction == "mean"

    @property
    def scale(self) -> float:
        """What a sample's loss is multiplied by: 1/m, or 1 for a sum."""
        return self.model.scale(self.m)

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows of the batch that may be mistaken for all of it: first and last where any would be too many."""
        few = self.m * self.layer.fan_in * self.layer.fan_out <= SLICE_WORK // 64 if self.whole else self.m <= 8
        return tuple(range(self.m)) if few else (0, self.m - 1)

    @cached_property
    def _parameters(self) -> list[tuple[Array, Array]]:
        return self.model.network.split(self.trace.theta)

    def w(self, k: int) -> Array:
        return self._parameters[k - 1][0]

    def b(self, k: int) -> Array:
        return self._parameters[k - 1][1]

    def a(self, k: int) -> Array:
        return self.trace.a[k - 1]

    def z(self, k: int) -> Array:
        return self.trace.z[k]

    def delta(self, k: int) -> Array:
        return self.trace.delta[k - 1]

    def activation(self, k: int) -> Activation:
        return activation_named(self.model.network.activations[k - 1])

    @property
    def squashed(self) -> bool:
        """Whether δ_d has a factor σ′ that is not 1."""
        return self.activation(self.d).name != "linear" and not (self.at_output and self.model.loss.from_logits)

    @property
    def derivative(self) -> Array:
        """σ′(a_d) (m, out), 1 where δ_d needs none."""
        return self.trace.derivative[self.d - 1]

    @property
    def penalized(self) -> bool:
        return bool(self.trace.settings.l1 or self.trace.settings.l2)

    def penalty_gradient(self, parameters: Array) -> Terms:
        """What L2 and L1 add to the gradient of parameters that they act on."""
        settings = self.trace.settings
        return Terms.of(settings.l2 * parameters) + settings.l1 * np.sign(parameters)


def activated(activation: Activation, a: Array) -> Terms:
    """σ(a), as well as it can be told from a as it is shown."""
    z, nearby = np.empty_like(a), np.empty_like(a)
    activation.value(a, z)
    activation.value(a * (1.0 + 0.01 * SHOWN), nearby)
    return Terms(z, np.abs(z) + FINE + 100.0 * np.abs(nearby - z))


def derived(activation: Activation, a: Array, z: Array | None = None) -> Array:
    """σ′(a), from z where it is not σ(a)."""
    z = activated(activation, a).value if z is None else z
    out = np.empty_like(a)
    activation.derivative(a, z, out)
    return out
