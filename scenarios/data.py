"""Where a scenario's data come from, ready to be drawn for any seed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nncore.arrays import Array
from nncore.datasets import Data, Names, from_points, standardize, standardize_outputs

Points = tuple[Array, Array]
Law = Callable[[int, int, int], Data]

_SAMPLE = 32**2  # a square, as grids of two inputs need


@dataclass(frozen=True, eq=False)
class DataSource(ABC):
    """A source of data.

    key: the key of `[data]` that says where the data come from. seed: the data's own, if they have one.
    standardize: whether inputs are scaled, or all, the outputs as well.
    test: the samples (x, y) of the test part, where a file gives them.
    """

    key: str
    seed: int | None
    standardize: Literal[True, False, "all"]
    test: Points | None

    @property
    @abstractmethod
    def shared(self) -> bool:
        """Whether all seeds of the scenario have the same data."""

    @abstractmethod
    def sample(self) -> Data:
        """All the data if they are given, else a few to see what they are like; not standardized."""

    @abstractmethod
    def _parts(self, seed: int) -> Data: ...

    def draw(self, seed: int) -> Data:
        """The data for a seed of the scenario; raises ValueError where a number is not finite."""
        with np.errstate(all="ignore"):
            data = self._tested(self._parts(seed if self.seed is None else self.seed))
            data = standardize(data) if self.standardize else data
            data = standardize_outputs(data) if self.standardize == "all" else data
        refuse_infinite(data)
        return data

    def _tested(self, data: Data) -> Data:
        return data if self.test is None else replace(data, x_test=self.test[0], y_test=self.test[1])


@dataclass(frozen=True, eq=False)
class Drawn(DataSource):
    """Data drawn anew for each seed by a law of (samples, test samples, seed)."""

    law: Law
    samples: int
    test_samples: int

    @property
    def shared(self) -> bool:
        return self.seed is not None

    def sample(self) -> Data:
        with np.errstate(all="ignore"):
            return self._tested(self.law(min(self.samples, _SAMPLE), min(self.test_samples, _SAMPLE), 0))

    def _parts(self, seed: int) -> Data:
        return self.law(self.samples, self.test_samples, seed)


@dataclass(frozen=True, eq=False)
class Given(DataSource):
    """Points x (n, d) and y (n, k), a share of which may be drawn to be the test part.

    labels: the two values of y, where that is said. names: of the columns of a file, and of its classes.
    """

    x: Array
    y: Array
    test_fraction: float
    labels: tuple[float, float] | None
    names: Names

    @property
    def shared(self) -> bool:
        return self.seed is not None or self.test_fraction == 0.0

    def sample(self) -> Data:
        return self._tested(self._split(0.0, 0))

    def _parts(self, seed: int) -> Data:
        return self._split(self.test_fraction, seed)

    def _split(self, fraction: float, seed: int) -> Data:
        data = from_points(self.x, self.y, test_fraction=fraction, seed=seed)
        classes = 2 if self.labels == (0.0, 1.0) else None if self.labels else len(self.names.classes) or None
        return replace(data, labels=self.labels, classes=classes, names=self.names)


def refuse_infinite(data: Data) -> None:
    """Raise ValueError if a number of the data is not finite."""
    for x, y in ((data.x, data.y), (data.x_test, data.y_test)):
        if not np.isfinite(x).all():
            raise ValueError("some inputs are not finite")
        if not np.isfinite(y).all():
            place = ", ".join(f"{value:.4g}" for value in x[~np.isfinite(y).all(axis=-1)][0])
            raise ValueError(f"y is not finite at x = {place}")
    with np.errstate(over="ignore"):
        lengths = np.diff(data.domain)
    if not np.isfinite(lengths).all():
        raise ValueError("the inputs reach too far")
