"""What can be selected in a pane, besides an entry of a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar, overload

import numpy as np


class Unit(NamedTuple):
    """A unit's place: its layer, the inputs being 0, and its number in it."""

    layer: int
    number: int


@dataclass(frozen=True)
class Sample:
    """A sample of the training part, by its number."""

    number: int


@dataclass(frozen=True)
class Point:
    """Any point of a picture, in the coordinates that it draws."""

    at: tuple[float, ...]


@dataclass(frozen=True)
class Step:
    """The lane after so many updates."""

    number: int


@dataclass(frozen=True)
class WatchedStep(Step):
    """A step on the curve of a watched expression, which has a place among them, counted from 0."""

    row: int


@dataclass(frozen=True)
class LayerNumber:
    """A layer, counted from 1."""

    number: int


@dataclass(frozen=True)
class Confused:
    """The samples of a class that are put into the same class or another."""

    true: int
    predicted: int


@dataclass(frozen=True)
class Along:
    """A line through a sample, along one of its inputs, counted from 0; the others stay as they are."""

    sample: int
    input: int


Thing = TypeVar("Thing", Sample, Step)


@dataclass(frozen=True, eq=False)
class Numbered(Sequence[Thing], Generic[Thing]):
    """Things of a kind by their numbers, each made only when it is asked for: there may be millions."""

    kind: type[Thing]
    numbers: range | np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> Thing: ...
    @overload
    def __getitem__(self, at: slice) -> Numbered[Thing]: ...
    def __getitem__(self, at: int | slice) -> Thing | Numbered[Thing]:
        if isinstance(at, slice):
            return Numbered(self.kind, self.numbers[at])
        return self.kind(int(self.numbers[at]))

    def __contains__(self, thing: object) -> bool:
        return isinstance(thing, self.kind) and thing.number in self.numbers

    def index(self, thing: object, start: int = 0, stop: int | None = None) -> int:
        """Where a thing stands; raises ValueError if it is not among them."""
        if thing not in self:
            raise ValueError(f"{thing} is not among them")
        assert isinstance(thing, self.kind)
        if isinstance(self.numbers, range):
            return self.numbers.index(thing.number)
        return int(np.flatnonzero(self.numbers == thing.number)[0])
