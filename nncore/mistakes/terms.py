"""Numbers together with the size of the terms that they are made of, so that sums which cancel accuse nobody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array

FINE = 1e-5
"""What a number is at least judged against, relative to what it is subtracted from or squashed to, so that two right
formulas of a saturated unit agree."""


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
    def T(self) -> Terms:  # noqa: N802 -- as NumPy calls it
        return Terms(self.value.T, self.size.T)

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
        """Times σ′, which is itself a difference where the unit is saturated."""
        return Terms(self.value * derivative, self.size * (np.abs(derivative) + FINE))

    def agrees(self, number: Array | float, tolerance: float) -> np.ndarray:
        """Where a number is within tolerance · Σ|terms|."""
        same: np.ndarray = np.abs(number - self.value) <= tolerance * self.size
        return same
