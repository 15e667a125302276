"""Optimizers as pure functions of gradient and state, with PyTorch's names and semantics.

Their whole state is an array of `state_size` parts, each of the shape of θ, so that θ and state can be kept,
compared and replayed bit for bit, and replicas are leading axes of both.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import sqrt
from typing import Annotated, ClassVar, NamedTuple

import numpy as np

from nncore.arrays import Array


class Limits(NamedTuple):
    """Between which numbers a constant lies; `below` excluded."""

    least: float
    below: float | None = None


NonNegative = Annotated[float, Limits(0.0)]
Decay = Annotated[float, Limits(0.0, 1.0)]


class Rule(NamedTuple):
    """An update as people read it: α the rate, g the gradient, ε what keeps a quotient finite.

    formula: in symbols, with its constants in numbers. terms: what makes one entry, as a template whose fields
    are θ, α, g, the symbols of the `state` before the update, in their order, and those of `intermediate` values.
    """

    formula: str
    terms: str
    state: tuple[str, ...] = ()


class Memory(NamedTuple):
    """What an optimizer remembers of the gradients, by its symbol in the rule: new = keep · old + take · g^power."""

    symbol: str
    keep: float
    take: float
    power: int = 1


@dataclass(frozen=True)
class Optimizer(ABC):
    """What every optimizer has: a learning rate, the size of its state, a start, an update, and its rule in words.

    usual_rate: the learning rate where none is given.
    """

    usual_rate: ClassVar[float] = 0.001

    learning_rate: NonNegative

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
    def rule(self, count: int) -> Rule:
        """The update that follows `count` earlier ones, as people read it."""

    def intermediate(self, new_state: Array, count: int) -> dict[str, Array]:
        """What the rule computes on the way, (…, P) each, from the state after the update, by its symbol."""
        return {}

    @property
    def memories(self) -> tuple[Memory, ...]:
        """How each part of the state comes from the gradients, in the order of the rule's `state`."""
        return ()

    @property
    def direction(self) -> tuple[float, float]:
        """The change is a multiple of now · g + then · m, for the first memory m after the update: (now, then)."""
        return 1.0, 0.0

    def multiple(self, gradient: Array, change: Array, new_state: Array, rate: float, count: int) -> Array:
        """What the direction (…, P) was multiplied by, 0 where there was none: the learning rate, or it over a root."""
        return np.divide(change, gradient, out=np.zeros_like(change), where=gradient != 0)

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

    momentum: NonNegative = 0.0
    nesterov: bool = False

    @property
    def state_size(self) -> int:
        return 1 if self.momentum else 0

    def rule(self, count: int) -> Rule:
        if not self.momentum:
            return Rule("θ ← θ − α g", "{θ} - {α}·{g}")
        mu = f"{self.momentum:g}"
        velocity = f"({mu}·{{v}} + {{g}})"
        if self.nesterov:
            formula = f"θ ← θ − α(g + {mu}·v), v ← {mu}·v + g"
            return Rule(formula, f"{{θ}} - {{α}}·({{g}} + {mu}·{velocity})", ("v",))
        return Rule(f"θ ← θ − α v, v ← {mu}·v + g", f"{{θ}} - {{α}}·{velocity}", ("v",))

    @property
    def memories(self) -> tuple[Memory, ...]:
        return (Memory("v", self.momentum, 1.0),) if self.momentum else ()

    @property
    def direction(self) -> tuple[float, float]:
        if not self.momentum:
            return 1.0, 0.0
        return (1.0, self.momentum) if self.nesterov else (0.0, 1.0)

    def multiple(self, gradient: Array, change: Array, new_state: Array, rate: float, count: int) -> Array:
        return np.full_like(change, rate)

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

    usual_rate: ClassVar[float] = 0.01

    alpha: Decay = 0.99
    eps: NonNegative = 1e-8

    @property
    def state_size(self) -> int:
        return 1

    def rule(self, count: int) -> Rule:
        old, new, eps = f"{self.alpha:g}", f"{1 - self.alpha:g}", f"{self.eps:g}"
        formula = f"θ ← θ − α g/(√s + {eps}), s ← {old}·s + {new}·g²"
        return Rule(formula, f"{{θ}} - {{α}}·{{g}}/(√({old}·{{s}} + {new}·{{g}}²) + {eps})", ("s",))

    @property
    def memories(self) -> tuple[Memory, ...]:
        return (Memory("s", self.alpha, 1 - self.alpha, 2),)

    def multiple(self, gradient: Array, change: Array, new_state: Array, rate: float, count: int) -> Array:
        return rate / (np.sqrt(new_state[0]) + self.eps)

    def _fill(self, gradient: Array, state: Array, rate: float, count: int, change: Array, new_state: Array) -> None:
        squares = new_state[0]
        _average_of_squares(gradient, state[0], self.alpha, squares)
        _scaled_by_root(gradient, squares, self.eps, rate, change)


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """The gradient over the root of the sum of its squares (Duchi, Hazan and Singer 2011)."""

    usual_rate: ClassVar[float] = 0.01

    eps: NonNegative = 1e-10

    @property
    def state_size(self) -> int:
        return 1

    def rule(self, count: int) -> Rule:
        eps = f"{self.eps:g}"
        formula = f"θ ← θ − α g/(√s + {eps}), s ← s + g²"
        return Rule(formula, f"{{θ}} - {{α}}·{{g}}/(√({{s}} + {{g}}²) + {eps})", ("s",))

    @property
    def memories(self) -> tuple[Memory, ...]:
        return (Memory("s", 1.0, 1.0, 2),)

    def multiple(self, gradient: Array, change: Array, new_state: Array, rate: float, count: int) -> Array:
        return rate / (np.sqrt(new_state[0]) + self.eps)

    def _fill(self, gradient: Array, state: Array, rate: float, count: int, change: Array, new_state: Array) -> None:
        squares = new_state[0]
        np.multiply(gradient, gradient, squares)
        squares += state[0]
        _scaled_by_root(gradient, squares, self.eps, rate, change)


@dataclass(frozen=True)
class Adam(Optimizer):
    """Averaged gradient over the root of its average square (Kingma and Ba 2015), ε outside the root."""

    betas: tuple[Decay, Decay] = (0.9, 0.999)
    eps: NonNegative = 1e-8

    @property
    def state_size(self) -> int:
        return 2

    def rule(self, count: int) -> Rule:
        eps = f"{self.eps:g}"
        (old_m, new_m), (old_v, new_v) = ((f"{beta:g}", f"{1 - beta:g}") for beta in self.betas)
        mean = f"m′ = m/(1 − {old_m}^{count + 1}), m ← {old_m}·m + {new_m}·g"
        squares = f"v′ = v/(1 − {old_v}^{count + 1}), v ← {old_v}·v + {new_v}·g²"
        formula = f"θ ← θ − α m′/(√v′ + {eps}), {mean}, {squares}"
        return Rule(formula, f"{{θ}} - {{α}}·{{m′}}/(√{{v′}} + {eps})", ("m", "v"))

    def intermediate(self, new_state: Array, count: int) -> dict[str, Array]:
        beta1, beta2 = self.betas
        return {
            "m′": new_state[0] / (1.0 - beta1 ** (count + 1)),
            "v′": new_state[1] / (1.0 - beta2 ** (count + 1)),
        }

    @property
    def memories(self) -> tuple[Memory, ...]:
        beta1, beta2 = self.betas
        return Memory("m", beta1, 1 - beta1), Memory("v", beta2, 1 - beta2, 2)

    @property
    def direction(self) -> tuple[float, float]:
        return 0.0, 1.0

    def multiple(self, gradient: Array, change: Array, new_state: Array, rate: float, count: int) -> Array:
        squares = self.intermediate(new_state, count)["v′"]
        return rate / (1.0 - self.betas[0] ** (count + 1)) / (np.sqrt(squares) + self.eps)

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
