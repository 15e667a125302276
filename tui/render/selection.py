"""What can be selected in a pane, besides an entry of a heat map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit's place: its layer, the inputs being 0, and its number in it."""

    layer: int
    number: int


@dataclass(frozen=True)
class Sample:
    """A sample of the training part, by its number."""

    number: int


@dataclass(frozen=True)
class Place:
    """Any point of a picture, in the coordinates that it draws."""

    at: tuple[float, ...]


@dataclass(frozen=True)
class Step:
    """The lane after so many updates."""

    number: int
