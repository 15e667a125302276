"""Starting values of a layer, keyed by seed and layer, so that lanes of the same shape start alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.rng import generator

Law = Callable[[np.random.Generator, int, int], tuple[Array, Array]]


def _without_bias(weights: Callable[[np.random.Generator, int, int], Array]) -> Law:
    return lambda rng, fan_out, fan_in: (weights(rng, fan_out, fan_in), np.zeros(fan_out))


def _he(rng: np.random.Generator, fan_out: int, fan_in: int) -> Array:
    return rng.normal(0.0, np.sqrt(2.0 / fan_in), (fan_out, fan_in))


def _xavier(rng: np.random.Generator, fan_out: int, fan_in: int) -> Array:
    return rng.normal(0.0, np.sqrt(2.0 / (fan_in + fan_out)), (fan_out, fan_in))


def _torch(rng: np.random.Generator, fan_out: int, fan_in: int) -> tuple[Array, Array]:
    bound = 1.0 / np.sqrt(fan_in)
    return rng.uniform(-bound, bound, (fan_out, fan_in)), rng.uniform(-bound, bound, fan_out)


def _normal(rng: np.random.Generator, fan_out: int, fan_in: int) -> Array:
    return rng.normal(0.0, 1.0, (fan_out, fan_in))


def _uniform(rng: np.random.Generator, fan_out: int, fan_in: int) -> Array:
    return rng.uniform(-1.0, 1.0, (fan_out, fan_in))


def _constant(rng: np.random.Generator, fan_out: int, fan_in: int) -> Array:
    return np.ones((fan_out, fan_in))


def _zeros(rng: np.random.Generator, fan_out: int, fan_in: int) -> Array:
    return np.zeros((fan_out, fan_in))


INITIALIZERS: dict[str, Law] = {
    "he": _without_bias(_he),
    "xavier": _without_bias(_xavier),
    "torch": _torch,
    "normal": _without_bias(_normal),
    "uniform": _without_bias(_uniform),
    "constant": _without_bias(_constant),
    "zeros": _without_bias(_zeros),
}


@dataclass(frozen=True)
class Initializer:
    """A law of starting values by name, times `scale`.

    `he` is N(0, 2/fan_in) (He et al. 2015), `xavier` N(0, 2/(fan_in + fan_out)) (Glorot and Bengio
    2010), `torch` U(±1/√fan_in) for weights and biases; `normal` is N(0, scale²), `uniform` U(±scale),
    `constant` the number scale itself. Biases are 0 but for `torch`.
    """

    name: str
    scale: float = 1.0

    def layer(self, seed: int, layer: int, fan_out: int, fan_in: int) -> tuple[Array, Array]:
        """Return W (fan_out, fan_in) and b (fan_out,) of layer 1, 2, …

        Raises KeyError if the name is not in INITIALIZERS.
        """
        weights, biases = INITIALIZERS[self.name](generator(seed, "start", layer), fan_out, fan_in)
        return self.scale * weights, self.scale * biases
