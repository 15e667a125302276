"""How long somebody has been at the screen."""

from __future__ import annotations

from collections.abc import Callable

PAUSE_SECONDS = 180.0
"""A longer time without anything done counts as so much: a screen may stand open over night."""


class Attention:
    """Adds up the time between what is done, by a clock in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._last, self._seconds = clock, clock(), 0.0

    def note(self) -> None:
        """Something was done now."""
        now = self._clock()
        self._seconds += min(now - self._last, PAUSE_SECONDS)
        self._last = now

    def taken(self) -> float:
        """The seconds since this was asked last."""
        self.note()
        seconds, self._seconds = self._seconds, 0.0
        return seconds
