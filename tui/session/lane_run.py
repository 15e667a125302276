"""A lane in a session: its timeline, its operations, where it branched off, and what can be measured of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nncore.operations import Operation, operations
from nncore.slices import Slices
from nncore.timeline import Timeline
from nncore.training import Edit, Lane, Settings
from scenarios.quantities.definitions import QUANTITIES, Number, number
from scenarios.quantities.measure import Measurement, measure
from tui.session.cursor import Cursor


@dataclass(frozen=True)
class Origin:
    """Where a branch parted: the lane it left, and the step they share last."""

    lane: str
    step: int


@dataclass(frozen=True, eq=False)
class LaneRun:
    """A lane with its timeline and the operations of its steps; a branch has an origin."""

    timeline: Timeline
    operations: tuple[Operation, ...]
    origin: Origin | None = None

    @staticmethod
    def begin(lane: Lane) -> LaneRun:
        return LaneRun(Timeline(lane), operations(lane.model))

    @property
    def lane(self) -> Lane:
        return self.timeline.lane

    def traced(self, cursor: Cursor) -> int:
        """The updates before the step that is shown at a cursor, which may be the one at which the lane stopped."""
        timeline = self.timeline
        return cursor.traced if timeline.diverged_at is None else min(cursor.traced, timeline.reached)

    def same_lane(self, other: LaneRun) -> bool:
        """Whether another lane run is of the same lane, so that its steps are these."""
        one, two = self.lane, other.lane
        return (
            (one.id, one.label, one.seeds, _course(one)) == (two.id, two.label, two.seeds, _course(two))
            and self.origin == other.origin
            and np.array_equal(one.start, two.start)
        )

    def with_lane(self, lane: Lane, step: int) -> Slices[LaneRun]:
        """The lane run whose lane may differ from `step` on; its future from there is forgotten."""
        return replace(self, timeline=(yield from self.timeline.fork(lane, step)))

    def edited(
        self, step: int, settings: Settings | None, assignments: tuple[tuple[int, float], ...]
    ) -> Slices[LaneRun]:
        """The lane run with a change from `step` on; changes that were to come later go with its future."""
        kept = tuple(edit for edit in self.lane.edits if edit.at <= step)
        return self.with_lane(self.lane.with_edits((*kept, Edit(step, settings, assignments))), step)

    def branched(self, identity: str, label: str, step: int) -> Slices[LaneRun]:
        """A copy up to `step` under another name."""
        kept = tuple(edit for edit in self.lane.edits if edit.at <= step)
        lane = replace(self.lane, id=identity, label=label, edits=kept)
        return replace((yield from self.with_lane(lane, step)), origin=Origin(self.lane.id, step))

    def renamed(self, label: str) -> Slices[LaneRun]:
        """The same lane run under another label; its steps stay, and so does the one it stopped at."""
        lane_run = yield from self.with_lane(replace(self.lane, label=label), self.timeline.reached)
        if self.timeline.diverged_at:
            yield from lane_run.timeline.state_slices(self.timeline.diverged_at)
        return lane_run


def _course(lane: Lane) -> list[object]:
    """The settings of a lane and what changes them on the way, in one form."""
    return [lane.settings, *((edit.at, lane.settings_at(edit.at), edit.assignments) for edit in lane.edits)]


def measured_at(lane_run: LaneRun, step: int) -> Measurement:
    """What can be measured of a lane after `step` updates."""
    timeline = lane_run.timeline
    before = timeline.state_at(step - 1) if step else None
    return Measurement(lane_run.lane, timeline.state_at(step), timeline.steps(max(0, step - 1), step), before)


def quick_quantities(lane_run: LaneRun, step: int) -> dict[str, Number]:
    """Every quantity of a lane after `step` updates that is quickly measured; None where it has no meaning."""
    measurement = measured_at(lane_run, step)
    quick = [name for name, definition in QUANTITIES.items() if definition.of_lane and not definition.costly]
    return {name: number(name, float(measure(measurement, name))) for name in quick}
