"""Builds frames of a session, computing again only what the cursor's move has changed."""

from __future__ import annotations

from nncore.arrays import Array
from nncore.trace import Trace, first_overflow, seen_theta
from scenarios.quantities.lookup import is_comparison
from tui.session.breakpoints import condition
from tui.session.cursor import Cursor
from tui.session.frame import Curves, Frame, LaneFrame, LessonView, Path, Stop, WatchRow, curves
from tui.session.lane_run import LaneRun
from tui.session.player import Player
from tui.session.session import Session
from tui.session.tally import tally


class _LaneMemory:
    """What was computed last for one lane."""

    def __init__(self) -> None:
        self.theta: tuple[int, Array] | None = None
        self.curves: tuple[int, Curves] | None = None
        self.path: tuple[int, Path] | None = None


class FrameBuilder:
    """Frames of one session. Curves are the same object until the run has gone on, so that charts can be kept."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._memory: dict[LaneRun, _LaneMemory] = {}

    def frame(
        self,
        player: Player,
        front: int = 0,
        busy: str = "",
        fresh_curves: bool = True,
        lesson: LessonView = LessonView(),  # noqa: B008
        watch: tuple[WatchRow, ...] | None = None,
    ) -> Frame:
        """The session as it stands; with `fresh_curves` False the curves may be those of an earlier frame."""
        session = self._session
        self._memory = {lane_run: self._memory.get(lane_run, _LaneMemory()) for lane_run in session.lane_runs}
        lanes = tuple(self.lane(number, session.cursor, fresh_curves) for number in range(len(session.lane_runs)))
        return Frame(
            scenario=session.scenario,
            seed=session.seed,
            lanes=lanes,
            cursor=session.cursor,
            reached=session.reached,
            player=player,
            tally=tally(session.scenario, session.journal),
            front=min(front, len(lanes) - 1),
            busy=busy,
            hits=session.hits,
            hit=_stopped_by(session),
            places=session.places,
            lesson=lesson,
            watch=watch,
        )

    def lane(self, number: int, cursor: Cursor, fresh_curves: bool = False) -> LaneFrame:
        """One lane as it stands at a cursor."""
        lane_run = self._session.lane_runs[number]
        memory, timeline = self._memory.setdefault(lane_run, _LaneMemory()), lane_run.timeline
        figures = self._session.figures
        position = self._session.lockstep.lane_position(number, cursor)
        index, waiting = position.index, position.waiting
        stopped = timeline.diverged_at is not None and cursor.traced >= timeline.reached
        trace = figures.trace(lane_run, lane_run.traced(cursor))
        step, reached = min(cursor.step, timeline.reached), timeline.reached
        fresh_curves &= figures.at_hand(lane_run, reached)
        if memory.curves is None or (fresh_curves and memory.curves[0] != reached):
            memory.curves = reached, curves(timeline, figures.evaluation(lane_run, reached))
        if memory.path is None or (fresh_curves and memory.path[0] != step):
            steps, thetas = timeline.path(step)
            memory.path = step, Path(tuple(steps), thetas)
        if cursor.position is None:
            if memory.theta is None or memory.theta[0] != step:
                memory.theta = step, timeline.state_at(step).theta
            theta = memory.theta[1]
        else:
            theta = seen_theta(lane_run.lane, trace, lane_run.operations, index)
        return LaneFrame(
            number=number,
            lane=lane_run.lane,
            step=step,
            theta=theta,
            trace=trace,
            operations=lane_run.operations,
            index=index,
            waiting=waiting,
            evaluation=figures.evaluation(lane_run, step),
            curves=memory.curves[1],
            stopped=_stop(lane_run, trace) if stopped else None,
            origin=lane_run.origin,
            path=memory.path[1],
        )


def _stopped_by(session: Session) -> str:
    """Which condition stopped the run where the cursor rests, and why."""
    hit, cursor = session.hit, session.cursor
    if hit is None or cursor.position != hit.position:
        return ""
    at = min(hit.step, session.reached) if session.stopped else hit.step  # no step follows where all lanes stopped
    if cursor.step != at:
        return ""
    how = "became true" if is_comparison(condition(hit.text, inside=True)) else "changed"
    return f"stopped, as {hit.text} {how}" + (f": {hit.why}" if hit.why else "")


def _stop(lane_run: LaneRun, trace: Trace) -> Stop:
    return Stop(trace.step + 1, first_overflow(lane_run.lane, trace))
