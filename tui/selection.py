"""What can be selected in a pane, besides an entry of a heat map and a unit of the network."""

from __future__ import annotations

from dataclasses import dataclass


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
