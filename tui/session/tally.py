"""Where the runs of one seed after the other ended, counted; all of it is read from the journal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scenarios.quantities.lookup import look_up
from scenarios.runs.build import build
from scenarios.scenario import Scenario, TallyPlan
from tui.session.actions import CountStart, do
from tui.session.lane_run import LaneRun, measured_at
from tui.session.session import Session
from tui.session.snapshot import Action

ELSEWHERE, NO_LANE, LOWEST = "elsewhere", "no lane", "lowest"


@dataclass(frozen=True)
class Tally:
    """Counted starts in a table.

    of, at: what was measured, after how many updates. seeds: those counted, in order. rows: where runs end.
    columns: the lanes; LOWEST alone where the rows are lanes. counts: a row of them for each row.
    last: the row of the start counted last, in each column.
    """

    of: str
    at: int
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    seeds: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    last: tuple[int, ...]


def tally(scenario: Scenario, journal: Iterable[Action]) -> Tally:
    """The starts that a journal counts; a seed that was counted again counts once."""
    plan, labels = scenario.tally, tuple(lane.label for lane in scenario.lanes)
    starts = {done.seed: done.ends for done in journal if isinstance(done, CountStart)}
    rows = (*plan.names, ELSEWHERE) if plan.values else (*labels, NO_LANE)
    places = [_places(plan, ends) for ends in starts.values()]
    columns = labels if plan.values else (LOWEST,)
    return Tally(
        of=plan.of,
        at=plan.at,
        rows=rows,
        columns=columns,
        seeds=tuple(starts),
        counts=tuple(
            tuple(sum(place[column] == row for place in places) for column in range(len(columns)))
            for row in range(len(rows))
        ),
        last=places[-1] if places else (),
    )


def _places(plan: TallyPlan, ends: tuple[float | None, ...]) -> tuple[int, ...]:
    """The rows that the ends of a start count in: one for each lane, or that of the lowest."""
    if plan.values:
        return tuple(_nearest(plan, end) for end in ends)
    least = min((end for end in ends if end is not None), default=None)
    return (ends.index(least) if least is not None and ends.count(least) == 1 else len(ends),)


def _nearest(plan: TallyPlan, end: float | None) -> int:
    """The number of the nearest value; that of ELSEWHERE where none is near enough."""
    distances = [math.inf if end is None else abs(end - value) for value in plan.values]
    least = min(distances)
    return distances.index(least) if least <= plan.within else len(distances)


def counts_here(session: Session) -> bool:
    """Whether the scenario's own lanes are as they started, so that the run is one start like any other."""
    present = {lane_run.lane.id: lane_run for lane_run in session.lane_runs}
    return all(
        (run := present.get(lane.id)) is not None and LaneRun.begin(replace(lane, label=run.lane.label)).same_lane(run)
        for lane in build(session.scenario, session.seed)
    )


def count_run(session: Session) -> Iterator[None]:
    """Train the run that stands here as far as the tally says, in slices, and count where it ends."""
    plan = session.scenario.tally
    for _ in session.advance(plan.at):
        yield
    measured = {lane_run.lane.id: measured_at(lane_run, plan.at) for lane_run in session.lane_runs}
    values = yield from look_up.slices(plan.ends, plan.at, measured)
    ends = (values[end].item() for end in plan.ends)
    do(session, CountStart(session.seed, tuple(end if math.isfinite(end) else None for end in ends)))
