"""How far runs were looked at: in this opening, and in others that share its memory."""

from __future__ import annotations

from typing import Protocol

from scenarios.scenario import Scenario
from tui.session.cursor import Cursor


class Memory(Protocol):
    """What is remembered of runs beyond one opening."""

    def seen(self, scenario: Scenario, seed: int) -> Cursor:
        """The furthest place of a run that was looked at; the beginning where nothing was."""

    def note(self, scenario: Scenario, seed: int, place: Cursor) -> None:
        """Remember that a run was looked at up to a place."""


class Forgetful:
    """Remembers nothing."""

    def seen(self, scenario: Scenario, seed: int) -> Cursor:
        return Cursor()

    def note(self, scenario: Scenario, seed: int, place: Cursor) -> None:
        pass


def further(one: Cursor, other: Cursor) -> Cursor:
    """The later of two places of a run."""
    return max(one, other, key=order)


def order(place: Cursor) -> tuple[int, int]:
    """What places are sorted by."""
    return place.step, 0 if place.position is None else place.position + 1
