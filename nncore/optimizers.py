"""Optimizers as pure functions of gradient and state, with PyTorch's names and semantics.

Their whole state is an array of `state_size` parts, each of the shape of θ, so that θ and state can be kept,
compared and replayed bit for bit, and replicas are leading axes of both.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import sqrt

import numpy as np

from nncore.arrays import Array


@dataclass(frozen=True)
class Optimizer(ABC):
    """What every optimizer has: a learning rate, the size of its state, a start and an update."""

    learning_rate: float

    @property
    @abstractmethod
    def state_size(self) -> int:
        """How many arrays of the shape of θ the optimizer remembers."""

    def init(self, theta: Array) -> Array:
        """Return the state before the first update: zeros of shape (state_size, …, P)."""
        return np.zeros((self.state_size, *theta.shape))

    def update(
        self,
        gradient: Array,
        state: Array,
        rate: float,
        count: int,
        out: tuple[Array, Array] | None = None,
    ) -> tuple[Array, Array]:
        """Return the change of one update, θ ← θ − change, and the new state.

        `gradient` is (…, P), `state` (state_size, …, P), `rate` the learning rate of this update, `count`
        the number of updates made before. `out` is a pair (change, new state) of arrays to fill,
        which share no memory with the inputs; inputs are never modified.
        """
        change, new_state = out or (np.empty_like(gradient), np.empty_like(state))
        self._fill(gradient, state, rate, count, change, new_state)
        return change, new_state

    @abstractmethod
    def _fill(self, gradient: Array, state: Array, rate: float, count: int, change: Array, new_state: Array) -> None:
        """Fill `change` and `new_state`, as `update` describes."""


def _average_of_squares(gradient: Array, average: Array, decay: float, out: Array) -> None:
    """Fill `out` with decay · average + (1 − decay) · gradient²."""
    np.multiply(gradient, gradient, out)
    out -= average
    out *= 1.0 - decay
    out += average


def _scaled_by_root(numerator: Array, squares: Array, eps: float, rate: float, out: Array) -> None:
    """Fill `out` with rate · numerator / (√squares + eps)."""
    np.sqrt(squares, out)
    out += eps
    np.divide(numerator, out, out)
    out *= rate


@dataclass(frozen=True)
class Sgd(Optimizer):
    """Gradient descent, with heavy-ball or Nesterov momentum without dampening."""

    momentum: float = 0.0
    nesterov: bool = False

    @property
    def state_size(self) -> int:
        return 1 if self.momentum else 0

    def _fill(self, gradient: Array, state: Array, rate: float, count: int, change: Array, new_state: Array) -> None:
        if not self.momentum:
            np.multiply(gradient, rate, change)
            return
        velocity = new_state[0]
        np.multiply(state[0], self.momentum, velocity)
        velocity += gradient
        if self.nesterov:
            np.multiply(velocity, self.momentum, change)
            change += gradient
            change *= rate
        else:
            np.multiply(velocity, rate, change)


@dataclass(frozen=True)
class RmsProp(Optimizer):
    """The gradient over the root of its average square (Hinton, Coursera lecture 6e, 2012)."""

    alpha: float = 0.99
    eps: float = 1e-8

    @property
    def state_size(self) -> int:
        return 1

    def _fill(self, gradient: Array, state: Array, rate: float, count: int, change: Array, new_state: Array) -> None:
        squares = new_state[0]
        _average_of_squares(gradient, state[0], self.alpha, squares)
        _scaled_by_root(gradient, squares, self.eps, rate, change)


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """The gradient over the root of the sum of its squares (Duchi, Hazan and Singer 2011)."""

    eps: float = 1e-10

    @property
    def state_size(self) -> int:
        return 1

    def _fill(self, gradient: Array, state: Array, rate: float, count: int, change: Array, new_state: Array) -> None:
        squares = new_state[0]
        np.multiply(gradient, gradient, squares)
        squares += state[0]
        _scaled_by_root(gradient, squares, self.eps, rate, change)


@dataclass(frozen=True)
class Adam(Optimizer):
    """Averaged gradient over the root of its average square (Kingma and Ba 2015), ε outside the root."""

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8

    @property
    def state_size(self) -> int:
        return 2

    def _fill(self, gradient: Array, state: Array, rate: float, count: int, change: Array, new_state: Array) -> None:
        beta1, beta2 = self.betas
        mean, squares = new_state[0], new_state[1]
        np.subtract(gradient, state[0], mean)
        mean *= 1.0 - beta1
        mean += state[0]
        _average_of_squares(gradient, state[1], beta2, squares)
        # m̂ / (√v̂ + ε) with v̂ = v / correction², so that correcting the bias costs scalars only
        correction = sqrt(1.0 - beta2 ** (count + 1))
        unbiased_rate = rate * correction / (1.0 - beta1 ** (count + 1))
        _scaled_by_root(mean, squares, self.eps * correction, unbiased_rate, change)


OPTIMIZERS: dict[str, type[Optimizer]] = {"sgd": Sgd, "rmsprop": RmsProp, "adagrad": AdaGrad, "adam": Adam}
