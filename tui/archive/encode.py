"""A run as bytes: data, starting values, changes, checkpoints, the present state, versions and a hash."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from nncore.model import NetworkModel
from nncore.timeline import CHECKPOINT_BYTES
from nncore.training import Lane
from scenarios.export.continuation import lane_tables
from scenarios.export.provenance import scenario_hash
from scenarios.export.self_contained import self_contained
from scenarios.scenario import Scenario
from tui.archive.container import MOST_BYTES, Arrays, too_large, wrap
from tui.archive.errors import SharingError
from tui.archive.header import PARTS, SCALING, Header, LaneHeader
from tui.archive.snapshot_arrays import to_arrays
from tui.archive.versions import versions
from tui.session.actions import entries
from tui.session.snapshot import SavedRun

_REST = 4 * 2**20
"""Bytes for the header, and what is measured."""


def encode_run(run: SavedRun, room: int = CHECKPOINT_BYTES) -> bytes:
    """The bytes of a file, with as many checkpoints of each lane as have room in so many bytes, and in the file.

    Raises SharingError where even without any it would be too large to be opened again.
    """
    lanes = [lane_run.lane for lane_run in run.lane_runs]
    arrays, headers = _data(lanes), []
    room = max(0, min(room, (MOST_BYTES - _REST - _needed(run, arrays)) // len(lanes)))
    for number, (lane_run, table) in enumerate(
        zip(run.lane_runs, lane_tables(run.scenario, run.seed, lanes), strict=True)
    ):
        kept, own = to_arrays(lane_run.timeline.snapshot(room))
        arrays |= {f"{number}/{name}": array for name, array in {**own, "start": lane_run.lane.start}.items()}
        headers.append(LaneHeader(table, kept, lane_run.origin))
    header = Header(
        versions=versions(),
        file=run.scenario.file,
        scenario=_tables(run.scenario),
        seed=run.seed,
        lanes=headers,
        cursor=run.cursor,
        breakpoints=list(run.breakpoints),
        hits=list(run.hits),
        places=list(run.places),
        overrides=list(run.scenario.overrides),
        first_seed=run.first_seed,
        journal=entries(run.journal),
        guesses=run.guesses,
        answered=list(run.answered),
        view=run.view,
        scenario_hash=scenario_hash(run.scenario),
        learner=run.learner,
        name=run.name,
        furthest=run.furthest,
        watched=list(run.watched),
    )
    content = wrap(msgspec.json.encode(header), arrays)
    if len(content) > MOST_BYTES:
        raise SharingError(too_large(len(content)))
    return content


def _needed(run: SavedRun, data: Arrays) -> int:
    """The bytes that nothing can be left out of: samples, starting values, the last states and the logs."""
    own = [(lane_run.lane.start.nbytes, lane_run.timeline.snapshot(0)) for lane_run in run.lane_runs]
    lanes = sum(start + kept.states[-1].nbytes + kept.log.extremes.nbytes for start, kept in own)
    return lanes + sum(array.nbytes for array in data.values())


@lru_cache(maxsize=2)
def _tables(scenario: Scenario) -> msgspec.Raw:
    """A scenario's tables, encoded once: a run is saved many times."""
    return msgspec.Raw(msgspec.json.encode(self_contained(scenario)))


def _data(lanes: Sequence[Lane]) -> Arrays:
    """The samples that the lanes share."""
    data = next((lane.model.data for lane in lanes if isinstance(lane.model, NetworkModel)), None)
    if data is None:
        return {}
    return {f"data/{name}": values for name in (*PARTS, *SCALING) if (values := getattr(data, name)) is not None}
