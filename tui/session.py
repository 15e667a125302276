"""A session: lanes in lockstep, the cursor over them, and the commands that move it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scenarios.build import build

from nncore.operations import Operation, operations
from nncore.timeline import Timeline
from nncore.training import Lane
from scenarios.scenario import Scenario
from tui.cursor import Cursor, LanePosition, Lockstep


@dataclass(frozen=True, eq=False)
class Track:
    """A lane with its timeline and the operations of its steps."""

    timeline: Timeline
    operations: tuple[Operation, ...]

    @property
    def lane(self) -> Lane:
        return self.timeline.lane


@dataclass(frozen=True, eq=False)
class _Run:
    """What a new seed puts aside, so that it can be undone."""

    seed: int
    tracks: tuple[Track, ...]
    cursor: Cursor


class Session:
    """The lanes of a scenario, trained as far as anybody looked, and the learner's place in them."""

    def __init__(self, scenario: Scenario, seed: int | None = None) -> None:
        self.scenario = scenario
        self._undo: list[_Run] = []
        self._begin(scenario.seed if seed is None else seed)

    def _begin(self, seed: int) -> None:
        self.seed = seed
        lanes = build(self.scenario, seed)
        self.tracks = tuple(Track(Timeline(lane), operations(lane.model)) for lane in lanes)
        self.lockstep = Lockstep([track.operations for track in self.tracks])
        self.cursor = Cursor()

    @property
    def reached(self) -> int:
        """The last step that any lane was trained to."""
        return max(track.timeline.reached for track in self.tracks)

    @property
    def stopped(self) -> bool:
        """Whether every lane has diverged, so that there is no next step."""
        return all(track.timeline.diverged_at for track in self.tracks)

    @property
    def slice_length(self) -> int:
        """How many steps all lanes make in a slice of bounded work."""
        return min(track.timeline.slice_length for track in self.tracks)

    def position(self, lane: int) -> LanePosition:
        return self.lockstep.lane_position(lane, self.cursor)

    def into(self) -> None:
        """The next operation."""
        cursor = self.lockstep.into(self.cursor)
        if cursor.position is None and self.stopped and cursor.step > self.reached:
            return
        self._rest_or_trace(cursor)

    def out(self) -> None:
        """The operation before."""
        self._rest_or_trace(self.lockstep.out(self.cursor))

    def next_step(self) -> None:
        """Complete the step in progress, or the next one."""
        self.go_to(self.cursor.step + 1)

    def previous_step(self) -> None:
        """Abandon the step in progress, or return to the end of the one before."""
        back = self.cursor.position is None
        self.go_to(self.cursor.step - back)

    def go_to(self, step: int) -> None:
        """Rest after `step` updates, or where the last lane stopped before."""
        for _ in self.walk(step):
            pass

    def walk(self, step: int) -> Iterator[int]:
        """Go to a step in slices, yielding after each how many steps are left; forwards the cursor follows."""
        step = max(0, step)
        while self.reached < step and not self.stopped:
            target = min(step, self.reached + self.slice_length)
            for track in self.tracks:
                for _ in track.timeline.walk(target):
                    pass
            self.cursor = Cursor(min(target, self.reached))
            yield step - self.cursor.step
        step = min(step, self.reached)
        for track in self.tracks:
            yield from track.timeline.walk(step)
        self.cursor = Cursor(step)

    def new_seed(self) -> None:
        """Start again with the next seed; `undo` brings the run back."""
        self._undo.append(_Run(self.seed, self.tracks, self.cursor))
        self._begin(self.seed + 1)

    def undo(self) -> bool:
        """Take the last new seed back; whether there was one."""
        if not self._undo:
            return False
        run = self._undo.pop()
        self.seed, self.tracks, self.cursor = run.seed, run.tracks, run.cursor
        self.lockstep = Lockstep([track.operations for track in self.tracks])
        return True

    def _rest_or_trace(self, cursor: Cursor) -> None:
        if cursor.position is None:
            self.go_to(cursor.step)
        else:
            self.cursor = cursor
