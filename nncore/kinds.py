"""The distributions that data are drawn from: seven labelled ones in the plane, and a line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array

Domain = tuple[tuple[float, float], ...]
TargetFunction = Callable[[Array], Array]


class Distribution(ABC):
    """A law that samples are drawn from, without noise."""

    @property
    @abstractmethod
    def domain(self) -> Domain:
        """The lowest and highest value of each input that a picture of the data shows."""

    @property
    def classes(self) -> int | None:
        """How many classes y numbers, or None where y is a measured value."""
        return 2

    @property
    def target(self) -> TargetFunction | None:
        """The function from x (…, n, d) to y (…, n, 1), where the law is one."""
        return None

    @abstractmethod
    def draw(self, rng: np.random.Generator, n: int) -> tuple[Array, Array]:
        """Return x (n, d) and y (n, 1); classes take turns, where they are chosen at all."""


def _square(reach: float) -> Domain:
    return ((-reach, reach), (-reach, reach))


def _polar(radius: Array, angle: Array) -> Array:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)


def _turns(n: int, classes: int) -> Array:
    return (np.arange(n) % classes).astype(np.float64)


@dataclass(frozen=True)
class Disc(Distribution):
    """y = 1 inside radius 1; points at a uniform radius in [0, 2] and a uniform angle."""

    domain = _square(2.0)

    def target(self, x: Array) -> Array:
        return (np.square(x).sum(axis=-1, keepdims=True) < 1.0).astype(np.float64)

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Array, Array]:
        x = _polar(rng.uniform(0.0, 2.0, n), rng.uniform(0.0, 2.0 * np.pi, n))
        return x, self.target(x)


@dataclass(frozen=True)
class Circles(Distribution):
    """Points on the unit circle, y = 0, and on a circle of radius `factor` inside it, y = 1."""

    factor: float = 0.5

    domain = _square(1.5)

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Array, Array]:
        y = _turns(n, 2)
        return _polar(np.where(y == 1.0, self.factor, 1.0), rng.uniform(0.0, 2.0 * np.pi, n)), y[:, None]


@dataclass(frozen=True)
class Moons(Distribution):
    """Two interleaved half circles of radius 1: y = 0 above about (0, 0), y = 1 below about (1, ½)."""

    domain = ((-1.5, 2.5), (-1.0, 1.5))

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Array, Array]:
        y = _turns(n, 2)
        x = _polar(np.ones(n), rng.uniform(0.0, np.pi, n))
        x[y == 1.0] = np.array([1.0, 0.5]) - x[y == 1.0]
        return x, y[:, None]


@dataclass(frozen=True)
class Spirals(Distribution):
    """Two spiral arms, half a turn apart, that wind `turns` times from the origin to radius 1."""

    turns: float = 1.5

    domain = _square(1.2)

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Array, Array]:
        y = _turns(n, 2)
        radius = rng.uniform(0.0, 1.0, n)
        return _polar(radius, 2.0 * np.pi * self.turns * radius + np.pi * y), y[:, None]


@dataclass(frozen=True)
class Xor(Distribution):
    """Points uniform in the square [−1, 1]², y = 1 where the signs of the two inputs differ."""

    domain = _square(1.0)

    def target(self, x: Array) -> Array:
        return (x.prod(axis=-1, keepdims=True) < 0.0).astype(np.float64)

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Array, Array]:
        x = rng.uniform(-1.0, 1.0, (n, 2))
        return x, self.target(x)


@dataclass(frozen=True)
class Blobs(Distribution):
    """Normal clouds of deviation `spread` about `centers` points spaced evenly on the unit circle.

    y is the number of the cloud, from 0. Raises ValueError for fewer than two centers.
    """

    centers: int = 2
    spread: float = 0.3

    def __post_init__(self) -> None:
        if self.centers < 2:
            raise ValueError(f"centers must be at least 2, found {self.centers}")

    @property
    def domain(self) -> Domain:
        return _square(1.0 + 3.0 * self.spread)

    @property
    def classes(self) -> int:
        return self.centers

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Array, Array]:
        y = _turns(n, self.centers)
        center = _polar(np.ones(n), 2.0 * np.pi * y / self.centers)
        return center + rng.normal(0.0, self.spread, (n, 2)), y[:, None]


@dataclass(frozen=True)
class Checkerboard(Distribution):
    """Points uniform in the square [−1, 1]², cut into `cells` × `cells` squares with y = 0 and 1 by turns.

    y = 0 in the corner (−1, −1). Raises ValueError for less than one cell.
    """

    cells: int = 4

    def __post_init__(self) -> None:
        if self.cells < 1:
            raise ValueError(f"cells must be at least 1, found {self.cells}")

    domain = _square(1.0)

    def target(self, x: Array) -> Array:
        cell = np.clip(np.floor((x + 1.0) * (self.cells / 2.0)), 0.0, self.cells - 1.0)
        return cell.sum(axis=-1, keepdims=True) % 2.0

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Array, Array]:
        x = rng.uniform(-1.0, 1.0, (n, 2))
        return x, self.target(x)


@dataclass(frozen=True)
class Line(Distribution):
    """y = `slope` · x + `intercept` at points x uniform in [−1, 1]."""

    slope: float = 2.0
    intercept: float = 1.0

    domain = ((-1.0, 1.0),)
    classes = None

    def target(self, x: Array) -> Array:
        return self.slope * x + self.intercept

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Array, Array]:
        x = rng.uniform(-1.0, 1.0, (n, 1))
        return x, self.target(x)


DISTRIBUTIONS: dict[str, type[Distribution]] = {
    "disc": Disc,
    "circles": Circles,
    "moons": Moons,
    "spirals": Spirals,
    "xor": Xor,
    "blobs": Blobs,
    "checkerboard": Checkerboard,
    "line": Line,
}
