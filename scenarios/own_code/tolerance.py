"""How far the arrays of two runs may be apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array

USUAL = 1e-9
"""How far numbers may be off where nothing else is asked for, relative to the largest of their array."""

WIDEST = 1e-2
"""How far they may be off at most, however coarsely they are kept."""

_ROUNDINGS = 1000.0
"""So many roundings in a row are forgiven: for float32 that comes to 1e-4."""


def relative_difference(one: Array, other: Array, size: float = 0.0) -> float:
    """The largest difference of two arrays, relative to the largest number in both; infinite for other shapes.

    size: that of their terms, if it is known, which is taken where it is larger.
    """
    if one.shape != other.shape:
        return np.inf
    if np.array_equal(one, other, equal_nan=True):
        return 0.0
    apart = float(np.abs(one - other).max())
    return apart / float(max(np.abs(one).max(), np.abs(other).max(), size)) if np.isfinite(apart) else np.inf


@dataclass(frozen=True)
class Tolerance:
    """relative: how far a number may be off. exact: the spacing of the floats in which numbers are kept, at 1."""

    relative: float
    exact: float

    @staticmethod
    def of(exact: float, asked: float | None = None) -> Tolerance:
        """The tolerance asked for, else the usual one, wider where numbers are kept more coarsely."""
        return Tolerance(min(WIDEST, max(USUAL, _ROUNDINGS * exact)) if asked is None else asked, exact)

    @property
    def of_update(self) -> float:
        """That of a change, judged by its terms and 1e-5 of θ, which is rounded as it is kept."""
        return max(self.relative, min(0.01, 8e5 * self.exact))

    def overflows(self, arrays: Mapping[str, Array]) -> bool:
        """Whether squares of numbers are not finite any more, in floats of this spacing, or the numbers themselves."""
        dtype = next((one for one in (np.float64, np.float32) if self.exact <= np.finfo(one).eps), np.float16)
        largest = float(np.finfo(dtype).max) ** 0.5 / 1e3
        return not all((np.abs(array) < largest).all() for array in arrays.values())

    @property
    def rounding(self) -> float:
        """How far a number may be off by rounding alone, relative to its terms."""
        return _ROUNDINGS * self.exact

    def near(self, own: Array, found: Array, change: Array | None = None, slack: float = 0.0) -> bool:
        """Whether two arrays agree; what an update makes by how much it changes, as θ may be far larger.

        slack: by how much both may be apart besides.
        """
        if own.shape != found.shape:
            return False
        if np.array_equal(own, found, equal_nan=True):
            return True
        apart, size = float(np.abs(own - found).max()), float(np.abs(own).max())
        if change is None:
            return apart <= self.relative * max(size, float(np.abs(found).max())) + slack < np.inf
        return apart <= self.relative * float(np.abs(change).max()) + 8.0 * self.exact * size + slack


def first_entry(own: Array, found: Array, tolerance: Tolerance) -> tuple[int, ...] | None:
    """The first entry that is off, else the one that is off most; None for a number and for other shapes."""
    if own.shape != found.shape or not own.shape:
        return None
    apart = np.abs(own - found)
    off = ~(apart <= tolerance.relative * np.abs(own).max())
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(off if off.any() else apart)), own.shape))
