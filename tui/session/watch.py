"""The watch: what expressions are worth where the cursor is, and over the whole run, filled in slices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nncore.arrays import Array
from nncore.history import Extremes, evaluation_stride
from nncore.slices import Slices
from nncore.training import State
from scenarios.expressions.expression import Expression, ExpressionError, parse
from scenarios.expressions.tree import Quantity
from scenarios.quantities.along import Along, Cost, cost_of
from scenarios.quantities.lane_shape import lane_shape
from scenarios.quantities.lookup import check, evaluate_check, look_up, require_number
from scenarios.quantities.measure import Measurement
from tui.session.frame import WatchCurve
from tui.session.lane_run import LaneRun

STEP = Quantity(None, "step")
_KEPT = 4
"""At how many steps the values of quantities are kept."""


def validated(text: str, lane_runs: Sequence[LaneRun]) -> Expression:
    """What a text watches, its references valid for these lanes; raises ExpressionError."""
    expression = require_number(parse(text))
    return check(expression, {lane_run.lane.id: lane_shape(lane_run.lane) for lane_run in lane_runs})


@dataclass(eq=False)
class Watched:
    """An expression over the lanes it needs, and what is known of it.

    cost: that of its dearest quantity; what is quick is looked at after every step, else at some, as train and test
    losses are. known: the step up to which the run was looked through, −1 for nothing.
    """

    expression: Expression
    lane_runs: tuple[LaneRun, ...]
    cost: Cost
    known: int = -1
    _extremes: Extremes = field(default_factory=lambda: Extremes(1))
    _taken: list[tuple[int, float]] = field(default_factory=list)
    _curve: WatchCurve | None = None

    @staticmethod
    def of(expression: Expression, lane_runs: Sequence[LaneRun]) -> Watched:
        named = tuple(lane_run for lane_run in lane_runs if lane_run.lane.id in expression.lanes)
        alone = any(quantity.lane is None for quantity in expression.quantities) or not named
        cost = max((cost_of(quantity) for quantity in expression.quantities), default=Cost.QUICK)
        return Watched(expression, tuple(lane_runs) if alone else named, cost)

    @property
    def quick(self) -> bool:
        return self.cost is Cost.QUICK

    @property
    def end(self) -> int:
        """The last step that all its lanes were trained to; a lane that stopped has none afterwards."""
        timelines = [lane_run.timeline for lane_run in self.lane_runs]
        going = [timeline.reached for timeline in timelines if not timeline.diverged_at]
        return min(going, default=max(timeline.reached for timeline in timelines))

    def value(self, values: Mapping[Quantity, Array | float]) -> Array:
        """What it is worth where its quantities have these values."""
        return np.asarray(evaluate_check(self.expression, values.__getitem__, lambda _: np.nan), dtype=np.float64)

    def add(self, step: int, values: Mapping[Quantity, Array]) -> None:
        """Take its quantities (k,) of all the steps that follow those known, up to one."""
        row = np.broadcast_to(self.value(values), (step - self.known,))
        self._extremes.add(row[:, None])
        self.known = step

    def take(self, step: int, values: Mapping[Quantity, Array | float]) -> None:
        """Take its quantities at the next step at which they are measured."""
        self._taken.append((step, float(self.value(values))))
        self.known = step

    @property
    def curve(self) -> WatchCurve:
        """What is known of it; the same object until there is more."""
        end = self.end
        if self._curve is None or (self._curve.known, self._curve.end) != (self.known, end):
            self._curve = self._of_all_steps(end) if self.quick else self._of_taken(end)
        return self._curve

    def _of_all_steps(self, end: int) -> WatchCurve:
        extremes = self._extremes
        _, low, high = extremes.column(0)
        first = np.arange(len(low), dtype=np.float64) * extremes.width
        last = np.minimum(first + extremes.width - 1, self.known)
        return WatchCurve(first, last, low.copy(), high.copy(), self.known, end)

    def _of_taken(self, end: int) -> WatchCurve:
        steps = np.array([step for step, _ in self._taken], dtype=np.float64)
        values = np.array([value for _, value in self._taken])
        return WatchCurve(steps, steps, values, values, self.known, end)


class Watch:
    """The expressions that are watched, with their values at some steps and over the run of their lanes.

    watched: by their texts. problems: of the texts that these lanes do not fit, why.
    """

    def __init__(self) -> None:
        self.watched: dict[str, Watched] = {}
        self.problems: dict[str, str] = {}
        self._of: tuple[object, ...] = ()
        self._along: dict[LaneRun, Along] = {}
        self._left: dict[LaneRun, State] = {}
        self._values: dict[int, dict[Quantity, Array | float]] = {}
        self._wanted: Sequence[int] = ()

    def keep(self, texts: tuple[str, ...], lane_runs: tuple[LaneRun, ...]) -> bool:
        """Watch these, and forget what is known of others and of other lanes; whether anything is other than before."""
        if self._of == (texts, lane_runs):
            return False
        self._of = texts, lane_runs
        before, self.watched, self.problems = self.watched, {}, {}
        for text in texts:
            try:
                new = Watched.of(validated(text, lane_runs), lane_runs)
            except ExpressionError as error:
                self.problems[text] = str(error)
                continue
            old = before.get(text)
            self.watched[text] = old if old is not None and old.lane_runs == new.lane_runs else new
        self._along = {one: along for one, along in self._along.items() if one in lane_runs}
        self._left = {one: state for one, state in self._left.items() if one in lane_runs}
        self._values = {}
        return True

    def rest(self) -> None:
        """Let go of what only work needs; what is known stays."""
        self._along = {}

    def known_at(self, step: int) -> Mapping[Quantity, Array | float]:
        """The values of quantities after so many updates, as far as they are known."""
        return {**self._values.get(step, {}), STEP: step}

    def is_complete(self, steps: Sequence[int]) -> bool:
        """Whether all that is asked for is known: the values at these steps, and the curves up to their end."""
        asked = _quantities(self.watched.values())
        there = all(quantity in known for known in map(self.known_at, steps) for quantity in asked)
        return there and all(one.known >= one.end for one in self.watched.values())

    def at_hand(self, steps: Sequence[int]) -> Slices[None]:
        """Find out what takes little: the values at these steps, and curves that are known nearly up to their end."""
        self._wanted = steps
        for cost in (Cost.QUICK, Cost.PASSES):
            some = self._of_cost(cost)
            if all(one.end - one.known <= _slice_length(one.lane_runs) for one in some):
                yield from self._fill(some)
            for step in steps:
                yield from self._measure(step, some)

    def beyond(self, steps: Sequence[int]) -> Slices[None]:
        """Find out the rest: what is costly at these steps, and everything over the whole run, what is quick first."""
        self._wanted = steps
        for step in steps:
            yield from self._measure(step, self._of_cost(Cost.COSTLY))
        for cost in Cost:
            yield from self._fill(self._of_cost(cost))

    def _of_cost(self, cost: Cost) -> list[Watched]:
        return [one for one in self.watched.values() if one.cost is cost]

    def _measure(self, step: int, some: Sequence[Watched]) -> Slices[None]:
        """The values of the quantities of some at a step, all lanes' at once."""
        asked = [quantity for quantity in _quantities(some) if quantity not in self.known_at(step)]
        lanes = {quantity.lane for quantity in asked}
        measurements: dict[str, Measurement] = {}
        for lane_run in _all_of(some) if asked else ():
            if lane_run.lane.id in lanes or None in lanes:
                along = yield from self._standing(lane_run, step - 1)
                measurements[lane_run.lane.id] = yield from along.measurement(step, _slice_length([lane_run]))
        for quantity in asked:
            self._note(step, (yield from look_up.slices([quantity], step, measurements)))

    def _note(self, step: int, values: Mapping[Quantity, Array | float]) -> None:
        """Keep values at a step that is asked for; of those asked for before the latest stay."""
        if step not in self._wanted:
            return
        self._values[step] = {**self._values.pop(step, {}), **values}
        while len(self._values) > _KEPT:
            del self._values[next(iter(self._values))]

    def _fill(self, some: Sequence[Watched]) -> Slices[None]:
        """Go through the run, those together that are known up to the same step, the least known first."""
        while behind := [one for one in some if one.known < one.end]:
            least = min(one.known for one in behind)
            group = [one for one in behind if one.known == least]
            others = [one.known for one in some if one.known > least]
            end = min([*others, *(one.end for one in group)])
            yield from self._follow(group, end) if group[0].quick else self._sample(group, end)
            yield

    def _follow(self, group: Sequence[Watched], end: int) -> Slices[None]:
        """The steps that follow those known, a slice of them at most."""
        known, lane_runs = group[0].known, _all_of(group)
        if known < 0:
            yield from self._sample(group, 0)
            return
        last = min(end, known + _slice_length(lane_runs))
        values: dict[Quantity, Array] = {STEP: np.arange(known + 1, last + 1, dtype=np.float64)}
        for lane_run in lane_runs:
            asked = _asked(group, lane_run)
            along = yield from self._standing(lane_run, known)
            rows = yield from along.rows(last - known, asked)
            self._left[lane_run] = along.state
            for quantity, column in zip(asked, rows.T, strict=True):
                values[quantity] = np.fmin(values.get(quantity, np.nan), column) if quantity.lane is None else column
        for one in group:
            one.add(last, values)
        for row in range(max(-2, known - last), 0):
            self._note(last + 1 + row, {quantity: column[row] for quantity, column in values.items()})

    def _sample(self, group: Sequence[Watched], end: int) -> Slices[None]:
        """The next step at which those are measured that are known at some steps only."""
        stride = evaluation_stride(group[0].known + 1)
        step = (group[0].known // stride + 1) * stride
        if step > end:
            for one in group:
                one.known = end
            return
        measurements = {}
        for lane_run in _all_of(group):
            along = yield from self._standing(lane_run, step - 1)
            measurements[lane_run.lane.id] = yield from along.measurement(step, _slice_length([lane_run]))
        values = yield from look_up.slices(_quantities(group), step, measurements)
        for one in group:
            if one.quick:
                one.add(step, {quantity: np.atleast_1d(value) for quantity, value in values.items()})
            else:
                one.take(step, values)
        self._note(step, values)

    def _standing(self, lane_run: LaneRun, step: int) -> Slices[Along]:
        """The lane on its way, after so many updates: not the timeline's own, which errands train."""
        step, along = max(step, 0), self._along.get(lane_run)
        if along is None:
            along = self._along[lane_run] = Along(lane_run.lane, lane_run.timeline.kept_before(step))
        if not along.stands_at(step):
            kept, left = lane_run.timeline.kept_before(step), self._left.get(lane_run)
            nearest = left if left is not None and kept.step < left.step <= step else kept
            if not nearest.step <= along.step < step:
                along.load(nearest)
            yield from along.advance(step, _slice_length([lane_run]))
        return along


def _all_of(some: Iterable[Watched]) -> list[LaneRun]:
    """The lane runs that some need, each once."""
    return list(dict.fromkeys(lane_run for one in some for lane_run in one.lane_runs))


def _quantities(group: Iterable[Watched]) -> list[Quantity]:
    return list(dict.fromkeys(quantity for one in group for quantity in one.expression.quantities))


def _asked(group: Sequence[Watched], lane_run: LaneRun) -> list[Quantity]:
    """What is asked of one lane; the epoch is asked of all."""
    return [q for q in _quantities(group) if q.lane == lane_run.lane.id or (q.lane is None and q != STEP)]


def _slice_length(lane_runs: Sequence[LaneRun]) -> int:
    return min(lane_run.timeline.slice_length for lane_run in lane_runs)
