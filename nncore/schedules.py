"""Schedules: the factor on the learning rate of update t = 0, 1, …"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, inf, pi
from typing import Protocol


class Schedule(Protocol):
    """A pure function of the number of updates made before."""

    def factor_at(self, t: int) -> float:
        """Return what the learning rate of update t is multiplied by."""
        ...

    @property
    def formula(self) -> str:
        """That factor as people read it, from t."""
        ...


@dataclass(frozen=True)
class Constant:
    """The same rate throughout."""

    def factor_at(self, t: int) -> float:
        return 1.0

    @property
    def formula(self) -> str:
        return "1"


@dataclass(frozen=True)
class Step:
    """The rate times `factor` once more after every `every` updates; inf where that is too large a number."""

    every: int
    factor: float

    def factor_at(self, t: int) -> float:
        try:
            return self.factor ** (t // self.every)
        except OverflowError:
            return inf

    @property
    def formula(self) -> str:
        return f"{self.factor}^⌊t/{self.every}⌋"


@dataclass(frozen=True)
class Cosine:
    """Half a cosine from 1 down to 0 at the horizon, and 0 from there on (Loshchilov and Hutter 2017)."""

    horizon: int

    def factor_at(self, t: int) -> float:
        return 0.5 + 0.5 * cos(pi * t / self.horizon) if t < self.horizon else 0.0

    @property
    def formula(self) -> str:
        return f"(½ + ½ cos(π·t/{self.horizon})), 0 from t = {self.horizon} on"


@dataclass(frozen=True)
class LinearToZero:
    """A straight line from 1 down to 0 at the horizon, and 0 from there on."""

    horizon: int

    def factor_at(self, t: int) -> float:
        return 1.0 - t / self.horizon if t < self.horizon else 0.0

    @property
    def formula(self) -> str:
        return f"(1 − t/{self.horizon}), 0 from t = {self.horizon} on"


SCHEDULES: dict[str, type[Schedule]] = {
    "constant": Constant,
    "step": Step,
    "cosine": Cosine,
    "linear_to_zero": LinearToZero,
}
