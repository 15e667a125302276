"""How fast to play: a ladder of speeds, and how many steps are due at a moment that the caller names."""

from __future__ import annotations

from dataclasses import dataclass, replace

SPEEDS: tuple[float | None, ...] = (1, 2, 5, 10, 30, 100, 300, 1000, None)
"""Steps a second; None is as fast as it goes."""

_LONGEST_PAUSE = 0.25


@dataclass(frozen=True)
class Player:
    """Playing or paused, in a direction, at a speed; `owed` is the part of a step that time has earned."""

    playing: bool = False
    direction: int = 1
    level: int = 4
    last: float = 0.0
    owed: float = 0.0

    @property
    def speed(self) -> float | None:
        return SPEEDS[self.level]

    @property
    def flat_out(self) -> bool:
        return self.speed is None

    def start(self, now: float, direction: int = 1) -> Player:
        return replace(self, playing=True, direction=direction, last=now, owed=1.0)

    def pause(self) -> Player:
        return replace(self, playing=False)

    def faster(self, levels: int) -> Player:
        return replace(self, level=min(max(self.level + levels, 0), len(SPEEDS) - 1))

    def due(self, now: float) -> tuple[int, Player]:
        """How many steps to make at `now` (seconds), and the player afterwards; flat out, one more slice."""
        if self.speed is None:
            return 1, replace(self, last=now, owed=0.0)
        owed = self.owed + min(now - self.last, _LONGEST_PAUSE) * self.speed
        return int(owed), replace(self, last=now, owed=owed - int(owed))
