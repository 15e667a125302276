"""What is shown of a lane and costs as much as a step: the trace of one, and what is measured on whole parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from nncore.metrics import Evaluation, evaluate
from nncore.slices import Slices, finished
from nncore.trace import Trace
from tui.session.cursor import Cursor
from tui.session.lane_run import LaneRun

Figure = TypeVar("Figure")

_PLACES = 2
"""Where somebody looks, and where the cursor goes meanwhile; a lane's last step is measured beside its present one."""


@dataclass
class _Kept:
    """The figures of one lane by step, the ones asked for last at the end."""

    traces: dict[int, Trace] = field(default_factory=dict)
    evaluations: dict[int, Evaluation] = field(default_factory=dict)


class Figures:
    """The figures of lanes where somebody looks: kept from look to look, made at once or before in slices."""

    def __init__(self) -> None:
        self._kept: dict[LaneRun, _Kept] = {}

    def trace(self, lane_run: LaneRun, step: int) -> Trace:
        """The trace of the step that follows `step` updates."""
        return finished(self._trace(lane_run, step))

    def evaluation(self, lane_run: LaneRun, step: int) -> Evaluation:
        """What is measured of a lane after `step` updates."""
        return finished(self._evaluation(lane_run, step))

    def at_hand(self, lane_run: LaneRun, step: int) -> bool:
        """Whether what is measured after `step` updates is known, or known at once."""
        return not lane_run.timeline.large or step in self._of(lane_run).evaluations | lane_run.timeline.evaluations

    def prepare(self, lane_run: LaneRun, cursor: Cursor) -> Slices[None]:
        """Make what is shown of a lane at a cursor, where that takes long."""
        timeline = lane_run.timeline
        if timeline.large:
            yield from self._trace(lane_run, lane_run.traced(cursor))
            for step in {min(cursor.step, timeline.reached), timeline.reached}:
                yield from self._evaluation(lane_run, step)

    def keep(self, lane_runs: Iterable[LaneRun]) -> None:
        """Forget the figures of all other lanes."""
        self._kept = {lane_run: self._of(lane_run) for lane_run in lane_runs}

    def _trace(self, lane_run: LaneRun, step: int) -> Slices[Trace]:
        traces = self._of(lane_run).traces
        return (yield from _kept(traces, step, lambda: lane_run.timeline.trace_slices(step)))

    def _evaluation(self, lane_run: LaneRun, step: int) -> Slices[Evaluation]:
        known = lane_run.timeline.evaluations.get(step)
        return known or (yield from _kept(self._of(lane_run).evaluations, step, lambda: _measured(lane_run, step)))

    def _of(self, lane_run: LaneRun) -> _Kept:
        return self._kept.setdefault(lane_run, _Kept())


def _measured(lane_run: LaneRun, step: int) -> Slices[Evaluation]:
    state = yield from lane_run.timeline.state_slices(step)
    known = lane_run.timeline.evaluations.get(step)
    return known or (yield from evaluate.slices(lane_run.lane, state))


def _kept(figures: dict[int, Figure], step: int, make: Callable[[], Slices[Figure]]) -> Slices[Figure]:
    """A figure that is kept, or made now; of the others the one asked for last stays."""
    figure = figures.pop(step, None) or (yield from make())
    figures[step] = figure
    while len(figures) > _PLACES:
        del figures[next(iter(figures))]
    return figure
