"""Numbers together with the size of the terms that they are made of, so that sums which cancel accuse nobody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array

FINE = 1e-5
"""The part of a number by which two right ways to round it may differ: of θ in θ − change, of 1 in a saturated unit."""

SHOWN = 0.05
"""What is computed from numbers with four digits may be off by this part of 1 % of them."""


@dataclass(frozen=True, eq=False)
class Terms:
    """Sums of products: their values, and of the same shape `size`, Σ|terms| of each."""

    value: Array
    size: Array

    @staticmethod
    def of(value: Array) -> Terms:
        """Numbers that are one term each."""
        return Terms(value, np.abs(value))

    @property
    def transposed(self) -> Terms:
        return Terms(self.value.T, self.size.T)

    def at(self, entry: tuple[int, ...]) -> Terms:
        """The number () at an entry."""
        return Terms(np.asarray(self.value[entry]), np.asarray(self.size[entry]))

    @property
    def zeroed(self) -> Terms:
        """0 in place of each, judged as closely."""
        return Terms(np.zeros_like(self.value), self.size)

    def __add__(self, other: Terms | Array) -> Terms:
        other = other if isinstance(other, Terms) else Terms.of(other)
        return Terms(self.value + other.value, self.size + other.size)

    def __mul__(self, factor: Array | float) -> Terms:
        return Terms(self.value * factor, self.size * np.abs(factor))

    def __matmul__(self, right: Array) -> Terms:
        return Terms(self.value @ right, self.size @ np.abs(right))

    def sum(self, axis: int | None = None) -> Terms:
        return Terms(np.asarray(self.value.sum(axis)), np.asarray(self.size.sum(axis)))

    def through(self, derivative: Array) -> Terms:
        """Times σ′, which is itself a difference, 1 − z², where the unit is saturated."""
        return Terms(self.value * derivative, self.size * (np.abs(derivative) + 2.0 * SHOWN))

    def agrees(self, number: Array | float, tolerance: float) -> np.ndarray:
        """Where a number is within tolerance · Σ|terms|, or is as little a finite one."""
        off = np.abs(number - self.value)
        near = (off <= tolerance * self.size) & (off < np.inf)
        same: np.ndarray = near | (number == self.value) | (np.isnan(number) & np.isnan(self.value))
        return same
