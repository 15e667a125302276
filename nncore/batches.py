"""Which samples a step sees: a pure function of (seed, epoch, offset, size), so that time travel needs no
hidden random state.

An epoch visits every sample once, in an order of its own; a full batch keeps the file's order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nncore.arrays import Array
from nncore.rng import generator

Indices = NDArray[np.int32]


@dataclass(frozen=True)
class DataCursor:
    """Where in the data a lane stands: the epoch, and the samples of it already used."""

    epoch: int = 0
    offset: int = 0

    def after(self, size: int, samples: int) -> DataCursor:
        """The place after a batch of `size` samples here."""
        used = self.offset + batch_length(self, size, samples)
        return (
            DataCursor(self.epoch, used)
            if used < samples and not is_full(size, samples)
            else DataCursor(self.epoch + 1)
        )


def is_full(size: int, samples: int) -> bool:
    """Whether a batch size (0 means all) takes every sample."""
    return size == 0 or size >= samples


def batch_length(place: DataCursor, size: int, samples: int) -> int:
    """How many samples the batch at this place has; an epoch's last may have fewer than `size`."""
    return samples if is_full(size, samples) else min(size, samples - place.offset)


@lru_cache(maxsize=8)
def _orders(seeds: tuple[int, ...], block: int, length: int, samples: int) -> Indices:
    rows = np.tile(np.arange(samples, dtype=np.int32), (length, 1))
    drawn = [generator(seed, "order", block).permuted(rows, axis=1) for seed in seeds]
    return np.stack(drawn, axis=1)


def epoch_orders(seeds: tuple[int, ...], epoch: int, samples: int) -> Indices:
    """The orders (seeds, samples) in which an epoch visits the samples; drawn for several epochs at once."""
    length = max(1, 4096 // samples)
    return _orders(seeds, epoch // length, length, samples)[epoch % length]


def batch(seed: int, place: DataCursor, size: int, samples: int) -> Indices:
    """The sample numbers of the batch at a place."""
    if is_full(size, samples):
        return np.arange(samples, dtype=np.int32)
    return epoch_orders((seed,), place.epoch, samples)[0, place.offset : place.offset + size]


class BatchLoader:
    """The batches of a lane in the order of its places; each replica has an order of its own."""

    def __init__(self, x: Array, targets: Array, seeds: tuple[int, ...], lead: tuple[int, ...]) -> None:
        self._x, self._targets, self._seeds, self._lead = x, targets, seeds, lead
        self._samples = x.shape[-2]
        self._number = -1

    def batch(self, place: DataCursor, size: int) -> tuple[Array, Array]:
        """The inputs (…, m, d) and targets (…, m, k) of the batch at a place."""
        if is_full(size, self._samples):
            return self._x, self._targets
        x, targets = self.epoch(place.epoch)
        window = slice(place.offset, place.offset + batch_length(place, size, self._samples))
        return x[..., window, :], targets[..., window, :]

    def epoch(self, number: int) -> tuple[Array, Array]:
        """All inputs (…, n, d) and targets (…, n, k) in the order of an epoch."""
        if number != self._number:
            orders = epoch_orders(self._seeds, number, self._samples).reshape(*self._lead, self._samples)
            self._ordered = _take(self._x, orders), _take(self._targets, orders)
            self._number = number
        return self._ordered


def _take(values: Array, orders: np.ndarray) -> Array:
    """Samples (…, n, d) in the given orders (…, n)."""
    if values.ndim == 2:
        return values[orders]
    return np.take_along_axis(values, orders[..., None], axis=-2)
