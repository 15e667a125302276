"""A function in place of a network: its variables are θ, its value is the loss, its gradient exact.

It answers to the same names as `NetworkModel`, so that training, timeline and claims do not tell them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from nncore.arrays import Array
from nncore.batches import DataCursor
from nncore.network import Layer
from nncore.rng import generator
from nncore.slices import Slices

_NOISE_BLOCK = 256


@dataclass(frozen=True, eq=False)
class FunctionModel:
    """What a lane without a network minimizes.

    names: the variables, in θ's order. value: θ (…, P) → (…). value_and_gradient: θ (…, P) → (…), (…, P).
    hessian: θ (…, P) → (…, P, P).
    noise: the deviation of what is added to each entry of each step's gradient. text: the function as people
    read it.
    """

    names: tuple[str, ...]
    value: Callable[[Array], Array]
    value_and_gradient: Callable[[Array], tuple[Array, Array]]
    hessian: Callable[[Array], Array]
    noise: float = 0.0
    text: str = ""

    samples = 1
    layers: ClassVar[tuple[Layer, ...]] = ()
    units = 0
    work = 0
    multiply_adds = 0

    @property
    def parameter_count(self) -> int:
        return len(self.names)

    @property
    def blocks(self) -> tuple[slice, ...]:
        return (slice(0, self.parameter_count),)

    def parts(self, vector: Array) -> Iterator[tuple[str, Array]]:
        """A vector (…, P) as long as θ by the names of its parts, the variables (…)."""
        return zip(self.names, np.moveaxis(vector, -1, 0), strict=True)

    @property
    def penalized(self) -> Array:
        return np.ones(self.parameter_count)

    def replica(self, place: int) -> FunctionModel:
        """The model of one replica: all have the same."""
        return self

    def workspace(self, theta: Array, size: int) -> FunctionWorkspace:
        return FunctionWorkspace(self, theta)

    def loader(self, seeds: tuple[int, ...], lead: tuple[int, ...]) -> NoiseLoader:
        return NoiseLoader(self, seeds, lead)

    def train_loss(self, theta: Array) -> Array:
        """The function's value (…)."""
        return self.value(theta)

    def train_loss_slices(self, theta: Array) -> Slices[Array]:
        """`train_loss` as slices, of which there are none."""
        return self.value(theta)
        yield

    def test_loss(self, theta: Array) -> Array:
        return np.full(theta.shape[:-1], np.nan)


@lru_cache(maxsize=8)
def _noise(seeds: tuple[int, ...], block: int, count: int) -> Array:
    draws = [generator(seed, "noise", block).standard_normal((_NOISE_BLOCK, count)) for seed in seeds]
    return np.stack(draws, axis=1)


class NoiseLoader:
    """The gradient noise of each step, a pure function of (seed, epoch): a function's epoch is one step."""

    def __init__(self, model: FunctionModel, seeds: tuple[int, ...], lead: tuple[int, ...]) -> None:
        self._model, self._seeds, self._lead = model, seeds, lead

    def batch(self, place: DataCursor, size: int) -> tuple[Array, Array]:
        """The noise (…, P) of the step at a place; there are no targets."""
        model, count = self._model, self._model.parameter_count
        if model.noise == 0.0:
            return np.zeros((*self._lead, count)), np.empty(0)
        rows = _noise(self._seeds, place.epoch // _NOISE_BLOCK, count)[place.epoch % _NOISE_BLOCK]
        return model.noise * rows.reshape(*self._lead, count), np.empty(0)


class FunctionWorkspace:
    """The buffers of the value and the noisy gradient at θ, which is read in place."""

    large = False

    def __init__(self, model: FunctionModel, theta: Array) -> None:
        self.model, self.theta = model, theta
        self.gradient = np.zeros_like(theta)
        self.noise = np.zeros_like(theta)

    def run(self, noise: Array, targets: Array) -> Array:
        """Fill the gradient and return the value (…) at θ."""
        self.noise = noise
        value, gradient = self.model.value_and_gradient(self.theta)
        np.add(gradient, noise, out=self.gradient)
        return value

    def run_slices(self, noise: Array, targets: Array) -> Slices[Array]:
        """`run` in one slice."""
        yield
        return self.run(noise, targets)
