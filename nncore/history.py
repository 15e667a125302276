"""Values of step after step in bounded memory, as the extremes of equal stretches; and the log of a run."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.training import Steps

CAPACITY = 2048


class Extremes:
    """Rows of values in bounded memory, as minimum and maximum of stretches of `width` rows; rows count from 1.

    The width is a power of two and doubles when CAPACITY stretches are full. NaN is left out where a stretch has other
    values. extremes: those of the rows up to `last`, as the property has them.
    """

    def __init__(self, columns: int, width: int = 1, last: int = 0, extremes: Array | None = None) -> None:
        self.width, self.last = width, last
        self._low, self._high = np.full((2, CAPACITY, columns), np.nan)
        if extremes is not None:
            self._low[: extremes.shape[1]], self._high[: extremes.shape[1]] = extremes

    def add(self, values: Array) -> None:
        """Add the rows (k, columns) that follow the last one."""
        if not len(values):
            return
        last = self.last + len(values)
        while (last - 1) // self.width >= CAPACITY:
            self._halve()
        stretch = np.arange(self.last, last) // self.width
        starts = np.flatnonzero(np.diff(stretch, prepend=-1))
        where = stretch[starts]
        self._low[where] = np.fmin(self._low[where], np.fmin.reduceat(values, starts))
        self._high[where] = np.fmax(self._high[where], np.fmax.reduceat(values, starts))
        self.last = last

    @property
    def extremes(self) -> Array:
        """Minimum and maximum of each stretch, (2, stretches, columns)."""
        count = -(-self.last // self.width)
        return np.stack([self._low[:count], self._high[:count]])

    def truncate(self, row: int) -> int:
        """Forget the rows after `row`; the stretch it stands in goes whole. The last row that is left."""
        if row >= self.last:
            return self.last
        keep = row // self.width
        self._low[keep:], self._high[keep:] = np.nan, np.nan
        self.last = keep * self.width
        return self.last

    def column(self, index: int) -> tuple[Array, Array, Array]:
        """The middle row of each stretch, and its minimum and maximum."""
        count = -(-self.last // self.width)
        first = np.arange(count) * self.width + 1
        middle = (first + np.minimum(first + self.width - 1, self.last)) / 2
        return middle, self._low[:count, index], self._high[:count, index]

    def _halve(self) -> None:
        half = CAPACITY // 2
        for extremes, pick in ((self._low, np.fmin), (self._high, np.fmax)):
            extremes[:half] = pick(extremes[0::2], extremes[1::2])
            extremes[half:] = np.nan
        self.width *= 2


class StepLog(Extremes):
    """Batch loss and gradient norms of every step, thinned; columns: batch loss, total gradient norm, each layer's."""

    def __init__(self, layers: int, width: int = 1, last: int = 0, extremes: Array | None = None) -> None:
        super().__init__(layers + 2, width, last, extremes)

    def append(self, steps: Steps) -> None:
        """Add the steps that follow the last one logged."""
        if not len(steps.rates):
            return
        total = np.sqrt(np.square(steps.norms).sum(-1, keepdims=True))
        self.add(np.concatenate([steps.batch_loss[:, None], total, steps.norms], axis=1))

    def copy(self) -> StepLog:
        """A log of its own with the same steps."""
        return StepLog(self._low.shape[1] - 2, self.width, self.last, self.extremes)


def evaluation_stride(step: int) -> int:
    """How many steps apart train and test metrics are taken: all up to 128, then 64 a doubling."""
    return max(1, 1 << max(0, step.bit_length() - 7))
