"""What expressions are worth at steps of the run on the screen, as far as its lanes are those they were measured of."""

from __future__ import annotations

import math
from itertools import zip_longest

import numpy as np

from nncore.slices import InSlices, Slices
from nncore.training import Lane
from scenarios.expressions.expression import Expression
from scenarios.quantities.lookup import evaluate_check, is_comparison, look_up
from tui.session.breakpoints import Watch
from tui.session.lane_run import measured_at
from tui.session.session import Session

Truth = bool | float | None
"""A comparison's truth, or a number, None for null."""
Checked = tuple[Expression, int]
"""An expression, and the step at which it is measured."""


class Truths:
    """Values of expressions in a session's own lanes; they are forgotten where a lane was changed before their step."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._values: dict[Checked, Truth] = {}
        self._lanes = self._present()

    def known(self, expression: Expression, at: int) -> bool:
        """Whether it was measured, of the lanes as they are."""
        self._forget_others()
        return (expression, at) in self._values

    def value(self, expression: Expression, at: int) -> Truth:
        """What was measured; None where nothing was."""
        self._forget_others()
        return self._values.get((expression, at))

    def can_tell(self, expression: Expression, at: int) -> bool:
        """Whether the cursor has come to the step, and the lanes that it is about are open."""
        return at <= self.session.cursor.step and self.has_lanes(expression)

    def has_lanes(self, expression: Expression) -> bool:
        """Whether the lanes that an expression is about are open."""
        self._forget_others()
        return self._needed(expression) <= self._lanes.keys()

    def telling(self, expression: Expression, at: int) -> Slices[None]:
        """Measure in slices; it is not kept where a lane was changed meanwhile."""
        lanes = self._present()
        told = yield from truth_at.slices(self.session, expression, at)
        if self._present() == lanes:
            self._forget_others()
            self._values[expression, at] = told

    def _needed(self, expression: Expression) -> set[str]:
        """The lanes that an expression is about: all where a quantity of its stands alone, as epoch does."""
        alone = any(quantity.lane is None for quantity in expression.quantities)
        return {plan.id for plan in self.session.scenario.lanes} if alone else set(expression.lanes)

    def _present(self) -> dict[str, Lane]:
        """The scenario's own lanes, those that are open."""
        own = {plan.id for plan in self.session.scenario.lanes}
        return {lane_run.lane.id: lane_run.lane for lane_run in self.session.lane_runs if lane_run.lane.id in own}

    def _forget_others(self) -> None:
        """Forget what was found out about lanes that have changed since, from where they changed on."""
        before, now = self._lanes, self._present()
        if all(now.get(name) is lane for name, lane in before.items()) and len(now) == len(before):
            return
        self._lanes = now
        shared = {name: _shared_steps(lane, now.get(name)) for name, lane in before.items()}
        self._values = {
            (expression, at): value
            for (expression, at), value in self._values.items()
            if all(at < shared.get(name, 0) for name in self._needed(expression))
        }


def _shared_steps(before: Lane, now: Lane | None) -> float:
    """After how many updates a lane as it was and as it is now may first differ."""
    if now is None or now.model is not before.model or now.start is not before.start:
        return 0
    common = zip_longest(before.edits, now.edits)
    return min((edit.at for pair in common if pair[0] is not pair[1] for edit in pair if edit), default=math.inf)


@InSlices
def truth_at(session: Session, expression: Expression, step: int) -> Slices[Truth]:
    """An expression's value in this run after `step` updates; None for null."""
    lane_runs, measurements = session.lane_runs, {}
    for lane_run in lane_runs:
        yield from lane_run.timeline.advance(step)
        measurements[lane_run.lane.id] = measured_at(lane_run, step)
    values = yield from look_up.slices(expression.quantities, step, measurements)
    first: dict[Expression, float] = {}
    for condition in expression.first_steps:
        hit = yield from Watch.of(lane_runs, condition).first_true_slices(0, step)
        first[condition] = np.nan if hit is None else float(hit)
    value = evaluate_check(expression, values.__getitem__, first.__getitem__)
    if is_comparison(expression):
        return bool(value)
    return None if np.isnan(float(value)) else float(value)
