"""Breakpoints inside steps: the operations after which a condition becomes true, or a number changes.

Places are counted from step 0 as `Lockstep.operations_done` does, the rest after a step together with its last
operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.operations import Operation, Phase
from nncore.slices import Slices
from nncore.trace import Trace, seen_theta
from nncore.training import Lane
from scenarios.expressions.expression import Expression, ExpressionError
from scenarios.expressions.tree import Quantity
from scenarios.guide import OPERATIONS
from scenarios.quantities.definitions import PARAMETERS, definition_of, numbered
from scenarios.quantities.lookup import evaluate_check, is_comparison
from scenarios.quantities.measure import Measurement, measure
from tui.session.breakpoints import Hit, changes, validated
from tui.session.cursor import Cursor, Lockstep
from tui.session.lane_run import LaneRun, measured_slices

STEPS = 16
"""How many steps a look takes at once, at most."""


@dataclass(frozen=True, eq=False)
class _Values:
    """What a quantity is worth at some places (n,), and at which it is computed already in the step in progress."""

    values: Array
    computed: np.ndarray


class OperationSearch:
    """Finds the places at which one of several conditions becomes true; those that lanes no longer fit are left out.

    While a quantity of a condition is not computed yet in a step, the condition stays as it was.
    """

    def __init__(self, lane_runs: Sequence[LaneRun], texts: Sequence[str]) -> None:
        self._lane_runs = lane_runs
        self._lockstep = Lockstep([lane_run.operations for lane_run in lane_runs])
        self._conditions: dict[str, Expression] = {}
        for text in texts:
            try:
                condition = validated(text, lane_runs, inside=True)
            except ExpressionError:
                continue
            if condition.quantities:  # else it is always as it is
                self._conditions[text] = condition

    def __bool__(self) -> bool:
        return bool(self._conditions)

    @property
    def window(self) -> int:
        """How many steps a look takes at once."""
        return min(STEPS, *(lane_run.timeline.slice_length for lane_run in self._lane_runs))

    def first(self, after: Cursor, last: int) -> Slices[Hit | None]:
        """The first place behind `after`, up to the rest after step `last`, where a condition becomes true."""
        hits = yield from self._hits(after.step, last)
        done = self._lockstep.operations_done
        return min((hit for hit in hits if done(hit.place) > done(after)), key=self._order, default=None)

    def last(self, first: int, before: Cursor) -> Slices[Hit | None]:
        """The last place before `before`, from the rest after step `first` on, where a condition became true."""
        done = self._lockstep.operations_done
        hits = yield from self._hits(max(first - 1, 0), before.step + (before.position is not None))
        there = (hit for hit in hits if done(Cursor(first)) <= done(hit.place) < done(before))
        return max(there, key=self._order, default=None)

    def _order(self, hit: Hit) -> int:
        return self._lockstep.operations_done(hit.place)

    def _hits(self, begin: int, end: int) -> Slices[list[Hit]]:
        """Every place between the rests after two steps, the first one aside, where a condition becomes true."""
        asked = {quantity for condition in self._conditions.values() for quantity in condition.quantities}
        parts: dict[Quantity, list[_Values]] = {quantity: [] for quantity in asked}
        for step in range(begin, end):
            for quantity, part in (yield from self._step(step, asked, bool(step > begin))).items():
                parts[quantity].append(part)
            yield
        along = {
            quantity: _Values(
                np.concatenate([part.values for part in of]), np.concatenate([part.computed for part in of])
            )
            for quantity, of in parts.items()
            if of
        }
        return [hit for text in self._conditions if end > begin for hit in self._rises(text, along, begin)]

    def _rises(self, text: str, along: Mapping[Quantity, _Values], begin: int) -> Iterator[Hit]:
        """The places where one condition becomes true, or its number changes."""
        condition, count = self._conditions[text], len(next(iter(along.values())).values)
        decided = np.logical_and.reduce([along[quantity].computed for quantity in condition.quantities])
        decided[0] = True
        held = _held(decided)
        result = np.asarray(evaluate_check(condition, lambda asked: along[asked].values, lambda _: np.nan))
        found = np.broadcast_to(result, (count,))[held]
        if is_comparison(condition):
            rising = found[1:] & ~found[:-1]
        else:
            rising = np.isfinite(found[1:]) & (found[1:] != found[:-1])
        known = {quantity: values.values[_held(_first_too(values.computed))] for quantity, values in along.items()}
        lane = next(iter(condition.lanes)) if len(condition.lanes) == 1 else None
        for place in np.flatnonzero(rising & decided[1:]):
            step, position = divmod(int(place) + 1, len(self._lockstep))
            yield Hit(
                begin + step, text, changes(condition, known, int(place)), lane, position - 1 if position else None
            )

    def _step(self, step: int, asked: set[Quantity], follows: bool) -> Slices[dict[Quantity, _Values]]:
        """The quantities at the places of the step after `step` updates, the rest before it among them unless another
        step of the same look came before."""
        values: dict[Quantity, _Values] = {}
        for number, lane_run in enumerate(self._lane_runs):
            own = [quantity for quantity in asked if quantity.lane == lane_run.lane.id]
            if own:
                indices = [
                    self._lockstep.lane_position(number, Cursor(step, position)).index
                    for position in range(len(self._lockstep) - 1)
                ]
                values |= yield from _of_lane(lane_run, step, own, indices, follows)
        counted = np.full(len(self._lockstep) + 1 - follows, float(step))
        counted[-1] += 1
        return values | {
            quantity: _Values(counted, np.ones(len(counted), dtype=bool)) for quantity in asked - values.keys()
        }


def _of_lane(
    lane_run: LaneRun, step: int, asked: Sequence[Quantity], indices: Sequence[int], follows: bool
) -> Slices[dict[Quantity, _Values]]:
    """Quantities of a lane at rest before a step, unless that is known, where it has come to operations of it by their
    indices, and at rest after it."""
    yield from lane_run.timeline.advance(step + 1)
    before = None if follows else (yield from measured_slices(lane_run, step))
    after = yield from measured_slices(lane_run, step + 1)
    trace = None if after.state.diverged_at else (yield from after.traced())
    values = {}
    for quantity in asked:
        way = _Way(lane_run, quantity)
        first = [] if before is None else [(yield from way.measured(before))]
        last = yield from way.measured(after)
        if trace is None:
            column, computed = np.full(len(indices), np.nan), np.ones(len(indices), dtype=bool)
        elif way.of_parameters:
            column = yield from way.along(after, trace, indices)
            computed = np.ones(len(indices), dtype=bool)
        else:
            computed = np.array(indices) >= way.computed_at
            column = np.where(computed, last, np.nan)
        known = np.array([True] * len(first) + [*computed, True])
        values[quantity] = _Values(np.array([*first, *column, last]), known)
    return values


class _Way:
    """How a quantity of a lane is known inside its steps."""

    def __init__(self, lane_run: LaneRun, quantity: Quantity) -> None:
        self._lane_run, self._quantity = lane_run, quantity
        name = quantity.name
        self._computed_by = definition_of(name).computed_by
        entry = numbered(name)
        self._layer = entry[1] if entry else quantity.indices[0] if quantity.indices else 0

    @property
    def of_parameters(self) -> bool:
        """Whether it is of θ, which updates change."""
        return self._computed_by == PARAMETERS

    @property
    def computed_at(self) -> int:
        """The operation, by its index, after which it is known."""
        names = {self._computed_by} if isinstance(self._lane_run.lane.model, NetworkModel) else {"loss", "gradient"}
        made = enumerate(self._lane_run.operations)
        at = [index for index, one in made if OPERATIONS[one.kind] in names and self._layer in (0, one.layer)]
        if not isinstance(self._lane_run.lane.model, NetworkModel):
            return at[0 if self._computed_by == "loss" else -1]
        return at[-1]

    def measured(self, measurement: Measurement) -> Slices[float]:
        """It as it is measured at rest."""
        return float((yield from measure.slices(measurement, self._quantity.name, self._quantity.indices)))

    def along(self, after: Measurement, trace: Trace, indices: Sequence[int]) -> Slices[Array]:
        """It (n,) where the lane has come to operations; measured once for all with the same updates done.

        Of a layer, the updates of later ones change nothing.
        """
        found: dict[tuple[int, ...], float] = {}
        column = []
        for index in indices:
            updated = _updated(self._lane_run.operations[: index + 1])
            done = tuple(layer for layer in updated if layer <= self._layer or not self._layer)
            if done not in found:
                theta = seen_theta(self._lane_run.lane, trace, self._lane_run.operations, index)
                found[done] = yield from self.measured(_with_theta(after, self._lane_run.lane, theta))
            column.append(found[done])
        return np.array(column)


def _with_theta(measurement: Measurement, lane: Lane, theta: Array) -> Measurement:
    """The same measurement at other parameters."""
    return Measurement(lane, replace(measurement.state, theta=theta), measurement.steps, measurement.before)


def _updated(operations: Sequence[Operation]) -> tuple[int, ...]:
    """The layers whose update is among some operations."""
    return tuple(one.layer for one in operations if one.phase is Phase.UPDATE)


def _held(decided: np.ndarray) -> np.ndarray:
    """For each place the last one up to it that is decided; the first one is."""
    return np.maximum.accumulate(np.where(decided, np.arange(len(decided)), 0))


def _first_too(computed: np.ndarray) -> np.ndarray:
    """The same with the first place taken for computed."""
    return computed | (np.arange(len(computed)) == 0)
