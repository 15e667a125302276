"""The rows of the watch: what each expression is worth at the cursor, and was before the operation there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.operations import Operation, OperationKind
from nncore.trace import Trace, seen_theta
from scenarios.expressions.tree import Quantity
from scenarios.guide import OPERATIONS
from scenarios.quantities.definitions import definition_of, numbered
from scenarios.quantities.of_step import of_passes, of_theta
from tui.session.cursor import Cursor
from tui.session.frame import WatchRow
from tui.session.lane_run import LaneRun
from tui.session.session import Session
from tui.session.watch import Watch, Watched


def places(cursor: Cursor) -> tuple[int, ...]:
    """The steps after which the rows at a cursor need values."""
    return (cursor.step,) if cursor.position is not None or not cursor.step else (cursor.step, cursor.step - 1)


def rows(session: Session, watch: Watch) -> tuple[WatchRow, ...]:
    """All that is watched, at the session's cursor."""
    now = session.cursor
    before = Cursor(now.step - 1) if now.position is None else session.lockstep.out(now)
    return tuple(_row(session, watch, text, now, before) for text in session.watched)


def _row(session: Session, watch: Watch, text: str, now: Cursor, before: Cursor) -> WatchRow:
    watched = watch.watched.get(text)
    if watched is None:
        return WatchRow(text, problem=watch.problems[text])
    own = watched.lane_runs
    return WatchRow(
        text,
        _value(session, watch, watched, now),
        _value(session, watch, watched, before) if before.step >= 0 else None,
        watched.curve,
        session.lane_runs.index(own[0]) if len(own) == 1 else None,
    )


def _value(session: Session, watch: Watch, watched: Watched, cursor: Cursor) -> float | None:
    """What it is worth at a cursor, None where that is not known yet."""
    values = dict(watch.known_at(cursor.step))
    if cursor.position is not None:
        for number, lane_run in enumerate(session.lane_runs):
            own = [quantity for quantity in watched.expression.quantities if quantity.lane == lane_run.lane.id]
            index = session.lockstep.lane_position(number, cursor).index
            values |= _inside(lane_run, session.figures.trace(lane_run, lane_run.traced(cursor)), index, own)
    missing = any(quantity not in values for quantity in watched.expression.quantities)
    return None if missing else float(watched.value(values))


def _inside(
    lane_run: LaneRun, trace: Trace, index: int, quantities: Sequence[Quantity]
) -> Mapping[Quantity, Array | float]:
    """Those quantities of a lane that operations of a step compute or change, with all up to one being done."""
    lane, done, theta = lane_run.lane, lane_run.operations[: index + 1], None
    values: dict[Quantity, Array | float] = {}
    for quantity in quantities:
        told, left = (
            of_theta(lane, quantity.name, quantity.indices),
            of_passes(quantity.name, quantity.indices),
        )
        if told is not None:
            theta = seen_theta(lane, trace, lane_run.operations, index) if theta is None else theta
            values[quantity] = told(theta)
        elif left is not None and isinstance(lane.model, NetworkModel):
            computed = _is_computed(quantity, done, len(lane.model.layers))
            values[quantity] = left(lane.model, trace) if computed else np.nan
        elif quantity.name == "batch_loss" and any(one.kind is OperationKind.LOSS for one in done):
            values[quantity] = trace.loss
    return values


def _is_computed(quantity: Quantity, done: Sequence[Operation], layers: int) -> bool:
    """Whether one of these operations computes what the passes leave of a quantity."""
    entry = numbered(quantity.name)
    layer = (entry[1] if entry else quantity.indices[0]) or layers
    by = definition_of(quantity.name).computed_by
    return any(OPERATIONS[one.kind] == by and one.layer == layer for one in done)
