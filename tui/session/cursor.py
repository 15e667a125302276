"""Where the learner stands, what holds moves up, and how lanes of different depth keep step with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nncore.operations import Operation, Phase


@dataclass(frozen=True)
class Cursor:
    """`step` completed updates; `position` inside the step in progress, None at rest between two steps."""

    step: int = 0
    position: int | None = None

    @property
    def traced(self) -> int:
        """The number of updates before the step whose operations are looked at."""
        return self.step if self.position is not None else max(0, self.step - 1)


@dataclass(frozen=True)
class Bounds:
    """What holds moves up: no one goes beyond `limit`; playing pauses at the step `pause`, running on where `until`,
    a condition, becomes true."""

    limit: Cursor | None = None
    pause: int | None = None
    until: str = ""

    def within(self, step: int) -> int:
        """A step, or the last one before it that moves may go to."""
        return step if self.limit is None else min(step, self.limit.step)


@dataclass(frozen=True)
class LanePosition:
    """The operation at which a lane stands (from 0, −1 before the first), and whether it waits there."""

    index: int
    waiting: bool


class Lockstep:
    """The positions of one step that all lanes share.

    Lanes are in lockstep by phase; inside a phase all show their k-th operation, and a shorter lane waits at
    the phase's end.
    """

    def __init__(self, lanes: Sequence[Sequence[Operation]]) -> None:
        self._lanes = [[[op.phase for op in lane].count(phase) for phase in Phase] for lane in lanes]
        longest = [max(counts) for counts in zip(*self._lanes, strict=True)]
        self._positions = [(phase, k) for phase, length in enumerate(longest) for k in range(length)]

    def __len__(self) -> int:
        return len(self._positions)

    def operations_done(self, cursor: Cursor) -> int:
        """How many operations lie before a cursor or under it, counted from step 0: the order of places."""
        return cursor.step * len(self) + (0 if cursor.position is None else cursor.position + 1)

    def lane_position(self, lane: int, cursor: Cursor) -> LanePosition:
        """Where a lane stands at a cursor."""
        counts = self._lanes[lane]
        if cursor.position is None:
            return LanePosition(sum(counts) - 1 if cursor.step else -1, False)
        phase, k = self._positions[cursor.position]
        return LanePosition(sum(counts[:phase]) + min(k, counts[phase] - 1), k >= counts[phase])

    def next_step(self, cursor: Cursor) -> Cursor:
        """The end of the step in progress, at rest that of the next one."""
        return Cursor(cursor.step + 1)

    def previous_step(self, cursor: Cursor) -> Cursor:
        """The beginning of the step in progress, at rest that of the one before."""
        return Cursor(max(0, cursor.step - (cursor.position is None)))

    def into(self, cursor: Cursor) -> Cursor:
        """One operation on; the last one completes the step."""
        position = 0 if cursor.position is None else cursor.position + 1
        return Cursor(cursor.step, position) if position < len(self) - 1 else Cursor(cursor.step + 1)

    def end_of_phase(self, cursor: Cursor) -> Cursor:
        """The last operation of the phase in progress; where that is done, of the next one."""
        following = self.into(cursor)
        if following.position is None:
            return following
        phase = self._positions[following.position][0]
        last = max(place for place, (other, _) in enumerate(self._positions) if other is phase)
        return Cursor(cursor.step, last) if last < len(self) - 1 else Cursor(cursor.step + 1)

    def out(self, cursor: Cursor) -> Cursor:
        """One operation back."""
        if cursor.position is not None:
            return Cursor(cursor.step, cursor.position - 1 if cursor.position else None)
        return Cursor(cursor.step - 1, len(self) - 2) if cursor.step else cursor
