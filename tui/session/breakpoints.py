"""Breakpoints: conditions over the documented quantities, and the steps at which they become true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.slices import Slices, finished
from nncore.training import Steps
from scenarios.expressions.expression import Expression, ExpressionError, parse
from scenarios.expressions.tree import Quantity
from scenarios.quantities.definitions import ENTRIES, QUANTITIES, definition_of
from scenarios.quantities.lane_shape import lane_shape
from scenarios.quantities.lookup import check, evaluate_check, is_comparison, look_up
from scenarios.quantities.measure import OF_STEPS, Measurement
from tui.render.numbers import count, num
from tui.session.cursor import Cursor
from tui.session.lane_run import LaneRun

_WINDOW = 256
INSIDE = [
    "step",
    *(name for name, of in QUANTITIES.items() if of.computed_by),
    *(f"{kind}{'' if kind == 'output' else 'd'}[{','.join('…' for _ in of.counts)}]" for kind, of in ENTRIES.items()),
]
"""How what has a value inside a step is written."""
_SHOWN = 3  # quantities that tell why a condition became true


@dataclass(frozen=True)
class Breakpoint:
    """A condition as it was typed, on or off; inside: whether it is looked at after every operation, too, and may be a
    number, which stops where it changes."""

    text: str
    on: bool = True
    inside: bool = False


@dataclass(frozen=True)
class Hit:
    """A step at which a condition became true, or an operation of the step after it.

    why: its quantities, before and at the step. lane: the one that it is about, None if there are several or none.
    """

    step: int
    text: str
    why: str
    lane: str | None
    position: int | None = None

    @property
    def place(self) -> Cursor:
        return Cursor(self.step, self.position)


def validated(text: str, lane_runs: Sequence[LaneRun], inside: bool = False) -> Expression:
    """The condition of a breakpoint, its references valid for these lanes; raises ExpressionError."""
    expression = condition(text, inside)
    expression = check(expression, {lane_run.lane.id: lane_shape(lane_run.lane) for lane_run in lane_runs})
    for quantity in expression.quantities if inside else ():
        if quantity.name != "step" and not definition_of(quantity.name).computed_by:
            raise ExpressionError(f"{quantity} has no value inside a step; those that have: {', '.join(INSIDE)}")
    return expression


def condition(text: str, inside: bool = False) -> Expression:
    """The condition in a text, whatever lanes it speaks of; raises ExpressionError."""
    expression = parse(text)
    if not inside and not is_comparison(expression):
        raise ExpressionError(f"{text} is a number, not a condition; compare it, as in {text} > 1")
    if expression.first_steps:
        raise ExpressionError("first_step looks at a whole run; write its condition alone")
    return expression


class Watch:
    """Finds the steps at which one of several conditions becomes true.

    Conditions that lanes no longer fit (a lane was closed) are left out.
    """

    def __init__(self, lane_runs: Sequence[LaneRun], texts: Sequence[str]) -> None:
        self._lane_runs = lane_runs
        self._conditions: dict[str, Expression] = {}
        for text in texts:
            try:
                self._conditions[text] = validated(text, lane_runs)
            except ExpressionError:
                continue

    @staticmethod
    def of(lane_runs: Sequence[LaneRun], condition: Expression) -> Watch:
        """A watch for one condition that is validated already."""
        watch = Watch(lane_runs, [])
        watch._conditions = {condition.text: condition}
        return watch

    def first_true(self, after: int, last: int) -> int | None:
        """The first step in [after, last] at which a condition is true, or None."""
        return finished(self.first_true_slices(after, last))

    def first_true_slices(self, after: int, last: int) -> Slices[int | None]:
        """`first_true` in slices."""
        while after <= last:
            upto = min(after + self.window, last)
            values = yield from self._look_up(after, upto)
            for condition in self._conditions.values():
                true = np.flatnonzero(evaluate_check(condition, values.__getitem__, _no_first))
                if len(true):
                    return after + int(true[0])
            after = upto + 1
        return None

    def __bool__(self) -> bool:
        return bool(self._conditions)

    @property
    def window(self) -> int:
        """How many steps a look takes at once: few where whole parts must be measured at each."""
        bounded = min(lane_run.timeline.slice_length for lane_run in self._lane_runs)
        return min(bounded, _WINDOW if self._quick else 16)

    @property
    def _quick(self) -> bool:
        """Whether everything asked for is known after each step, without passing samples through once more."""
        asked = [quantity for condition in self._conditions.values() for quantity in condition.quantities]
        return all(definition_of(quantity.name).every_step for quantity in asked)

    def first(self, after: int, last: int) -> Slices[Hit | None]:
        """The first step in (after, last] at which a condition becomes true; trains where that is needed."""
        hits = yield from self._hits(after, last)
        return min(hits, key=lambda hit: hit.step, default=None)

    def last(self, after: int, last: int) -> Slices[Hit | None]:
        """The last step in (after, last] at which a condition became true."""
        hits = (yield from self._hits(after, last)) if last > after else []
        return max(hits, key=lambda hit: hit.step, default=None)

    def _hits(self, after: int, last: int) -> Slices[list[Hit]]:
        """For each condition the first and the last step in (after, last] at which it becomes true."""
        values, count = (yield from self._look_up(after, last)), last - after + 1
        hits = []
        for text, condition in self._conditions.items():
            truth = np.broadcast_to(np.asarray(evaluate_check(condition, values.__getitem__, _no_first)), (count,))
            rising = np.flatnonzero(truth[1:] & ~truth[:-1])
            for place in {int(rising[0]), int(rising[-1])} if len(rising) else ():
                lane = next(iter(condition.lanes)) if len(condition.lanes) == 1 else None
                hits.append(Hit(after + 1 + place, text, changes(condition, values, place), lane))
        return hits

    def _look_up(self, after: int, last: int) -> Slices[dict[Quantity, Array]]:
        """The value of each quantity of the conditions at each of the steps after … last."""
        reports: dict[str, Steps] = {}
        for lane_run in self._lane_runs:
            yield from lane_run.timeline.advance(max(0, after - 1))
            steps = yield from lane_run.timeline.steps_slices(max(0, after - 1), last)
            reports[lane_run.lane.id] = _padded(steps, after, last)
        asked = {quantity for condition in self._conditions.values() for quantity in condition.quantities}
        values = {
            quantity: OF_STEPS[quantity.name](reports[quantity.lane], *quantity.indices)
            for quantity in asked
            if quantity.lane is not None and quantity.name in OF_STEPS
        }
        values[Quantity(None, "step")] = np.arange(after, last + 1, dtype=np.float64)
        rows: dict[Quantity, list[Array]] = {quantity: [] for quantity in asked - values.keys()}
        alone = any(quantity.lane is None for quantity in rows)
        lane_runs = [
            lane_run
            for lane_run in self._lane_runs
            if alone or any(quantity.lane == lane_run.lane.id for quantity in rows)
        ]
        for step in range(after, last + 1) if rows else ():
            measurements = {
                lane_run.lane.id: _measured(lane_run, reports[lane_run.lane.id], step) for lane_run in lane_runs
            }
            for quantity, value in (yield from look_up.slices(rows, step, measurements)).items():
                rows[quantity].append(value)
        return values | {quantity: np.array(column) for quantity, column in rows.items()}


def changes(condition: Expression, values: Mapping[Quantity, Array], before: int) -> str:
    """The quantities of a condition at one of some steps and at the next one: "wide.batch_loss 0.2000 → 0.1000"."""
    asked = [quantity for quantity in condition.quantities if quantity.name != "step"]
    series = [(quantity, values[quantity]) for quantity in asked[:_SHOWN]]
    return ", ".join(f"{name} {_shown(name, of[before])} → {_shown(name, of[before + 1])}" for name, of in series)


def _shown(quantity: Quantity, value: float) -> str:
    """A value in four digits, a count whole."""
    whole = definition_of(quantity.name).whole and np.isfinite(value)
    return count(round(value)) if whole else num(value)


def _no_first(condition: Expression) -> float:
    return np.nan


def _padded(steps: Steps, after: int, last: int) -> Steps:
    """Reports of the steps after … last, NaN where a lane had none: before its first, and once it stopped."""
    count = last - after + 1
    layers = steps.norms.shape[-1]
    batch_loss, norms, rates = (
        np.full(count, np.nan),
        np.full((count, layers), np.nan),
        np.full(count, np.nan),
    )
    begin = steps.first - after
    end = begin + len(steps.rates)
    batch_loss[begin:end], norms[begin:end], rates[begin:end] = steps.batch_loss, steps.norms, steps.rates
    return Steps(after, batch_loss, norms, rates)


def _measured(lane_run: LaneRun, report: Steps, step: int) -> Measurement:
    """The lane after `step` updates, of which one row of a report is the last."""
    row = slice(step - report.first, step - report.first + 1)
    last = Steps(step, report.batch_loss[row], report.norms[row], report.rates[row])
    timeline = lane_run.timeline
    before = timeline.state_at(step - 1) if step else None
    return Measurement(lane_run.lane, timeline.state_at(step), last, before)
