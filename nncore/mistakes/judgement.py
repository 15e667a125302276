"""Right or wrong, and which mistake it is: a number, or all that an operation computes, against the true step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.catalogue import MISTAKES, Wrong, wrong
from nncore.mistakes.step_values import StepValues, UpdateValues
from nncore.mistakes.terms import Terms
from nncore.mistakes.wrong_backward import (
    WRONG_BIAS_GRADIENTS,
    WRONG_DELTAS,
    WRONG_WEIGHT_GRADIENTS,
    bias_gradient,
    delta,
    weight_gradient,
)
from nncore.mistakes.wrong_forward import (
    WRONG_ACTIVATIONS,
    WRONG_LOSSES,
    WRONG_PRE_ACTIVATIONS,
    activation,
    loss,
    pre_activation,
)
from nncore.mistakes.wrong_updates import WRONG_UPDATES, update
from nncore.operations import Operation, OperationKind
from nncore.trace import Trace
from nncore.training import Lane

TYPED = 0.01
"""How far a typed number may be off, relative to the terms that it is made of."""

CODE = 1e-9
"""How far what code computes may be off, relative to its terms."""

Entry = tuple[int, ...]
"""(row, column) of a matrix, (index,) of biases, () of the loss; of an update, what of the layer it is."""


@dataclass(frozen=True)
class Found:
    """A mistake that a number agrees with, in words about the layer it was made in; `factor` of the mistake of that
    name."""

    id: str
    words: str
    factor: float | None = None


@dataclass(frozen=True)
class Judgement:
    """What became of a number: whether it agrees, else the mistakes that it agrees with, two where it cannot be told.

    says: for a learner, "" if it is right; where no mistake fits, only which term to look at.
    """

    right: bool
    mistakes: tuple[Found, ...] = ()
    says: str = ""


RIGHT = Judgement(True)


@dataclass(frozen=True, eq=False)
class Loop:
    """What a recorded loop knows besides the step itself: θ (P,) after its update, the gradient (P,) before."""

    after: Array | None = None
    previous: Array | None = None


NOTHING_RECORDED = Loop()

OPERATIONS: dict[OperationKind, tuple[Any, dict[str, Any]]] = {
    OperationKind.PRE_ACTIVATION: (pre_activation, WRONG_PRE_ACTIVATIONS),
    OperationKind.ACTIVATION: (activation, WRONG_ACTIVATIONS),
    OperationKind.LOSS: (loss, WRONG_LOSSES),
    OperationKind.OUTPUT_DELTA: (delta, WRONG_DELTAS),
    OperationKind.DELTA: (delta, WRONG_DELTAS),
    OperationKind.WEIGHT_GRADIENT: (weight_gradient, WRONG_WEIGHT_GRADIENTS),
    OperationKind.BIAS_GRADIENT: (bias_gradient, WRONG_BIAS_GRADIENTS),
    OperationKind.UPDATE: (update, WRONG_UPDATES),
}
"""How each operation is computed, and the wrong ways to do it."""


@dataclass(frozen=True, eq=False)
class Case:
    """One operation of a step, with its true values and every other reading of it."""

    lane: Lane
    trace: Trace
    operation: Operation
    axes: int
    whole: bool
    loop: Loop = field(default=NOTHING_RECORDED)

    @property
    def still(self) -> bool:
        """Whether it is about parameters that are not trained."""
        kinds = (OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT, OperationKind.UPDATE)
        return self.operation.kind in kinds and self.operation.layer in self.trace.settings.frozen

    def values(self) -> StepValues | UpdateValues:
        if self.operation.kind is OperationKind.UPDATE:
            return self._update_values()
        model, d = self.lane.model, self.operation.layer
        return StepValues(model, self.trace, d, self.whole, self.loop.after)

    def _update_values(self) -> UpdateValues:
        trace, settings, d = self.trace, self.trace.settings, self.operation.layer
        parts = [layer for layer in self.lane.model.network.split(trace.theta)]
        part = 0 if self.axes == 2 else 1

        def of(vector: Array, k: int = d) -> Array:
            return self.lane.model.network.split(vector)[k - 1][part]

        shape = parts[d - 1][part].shape
        return UpdateValues(
            settings.optimizer,
            trace.learning_rate,
            trace.count,
            settings.l2,
            settings.l1,
            of(trace.theta),
            of(trace.gradient),
            of(trace.memory_before),
            part == 0,
            self.still,
            {k: of(trace.gradient, k) for k, p in enumerate(parts, 1) if k != d and p[part].shape == shape},
            None if self.loop.previous is None else of(self.loop.previous),
        )

    def truth(self) -> Terms:
        true, _ = OPERATIONS[self.operation.kind]
        values = self.values()
        if not self.still:
            return true(values)
        if isinstance(values, UpdateValues):
            return Terms.of(values.theta)
        terms = true(values)
        return Terms(np.zeros_like(terms.value), terms.size)

    def named(self) -> Iterator[tuple[str, Wrong]]:
        if self.still:
            return
        _, ways = OPERATIONS[self.operation.kind]
        values = self.values()
        for name, way in ways.items():
            for one in way(values):
                yield name, one

    def plain(self, truth: Terms) -> Iterator[tuple[str, Wrong]]:
        """The readings that know nothing of the operation: a sign, a constant factor."""
        values = self.values()
        m = len(self.trace.indices)
        factors = dict.fromkeys((2.0, 0.5, 4.0, float(m), 1.0 / m))
        if isinstance(values, UpdateValues):
            for factor in factors:
                yield "factor", wrong(values.less(values.change() * factor), factor=factor)
            return
        yield "sign", wrong(truth * -1.0)
        for factor in factors:
            yield "factor", wrong(truth * factor, factor=factor)


def judge(
    lane: Lane,
    trace: Trace,
    operation: Operation,
    entry: Entry,
    number: float,
    tolerance: float = TYPED,
    loop: Loop = NOTHING_RECORDED,
) -> Judgement:
    """Judge one number, typed for an entry of what an operation computes."""
    case = Case(lane, trace, operation, len(entry), False, loop)
    with np.errstate(all="ignore"):
        return _judged(case, np.float64(number), entry, tolerance)


def judge_all(
    lane: Lane,
    trace: Trace,
    operation: Operation,
    array: Array,
    tolerance: float = CODE,
    loop: Loop = NOTHING_RECORDED,
) -> Judgement:
    """Judge all that an operation computes: one reading must explain every entry.

    Of an update, an array of two axes is W, of one axis b.
    """
    array = np.asarray(array)
    case = Case(lane, trace, operation, array.ndim, True, loop)
    with np.errstate(all="ignore"):
        return _judged(case, array, (), tolerance)


def _judged(case: Case, number: Array, entry: Entry, tolerance: float) -> Judgement:
    truth = case.truth()

    def fits(terms: Terms) -> bool:
        if case.whole:
            return terms.value.shape == number.shape and bool(terms.agrees(number, tolerance).all())
        if terms.value.ndim != len(entry) or terms.value.shape != truth.value.shape:
            return False
        return bool(terms.agrees(number, tolerance)[entry])

    if fits(truth):
        return RIGHT
    if not np.isfinite(number).all():
        return _told(case, [("not-finite", wrong(truth))])
    found = [(name, one) for name, one in case.named() if fits(one.terms)]
    found = found or [(name, one) for name, one in case.plain(truth) if fits(one.terms)]
    if found:
        return _told(case, found)
    return Judgement(False, (), "none of the known mistakes: look at its terms again")


def _told(case: Case, found: list[tuple[str, Wrong]]) -> Judgement:
    first: dict[str, Found] = {}
    for name, one in found:
        if name not in first:
            words = MISTAKES[name].said(case.operation.layer, len(case.trace.indices), one.about)
            first[name] = Found(name, words, one.about.get("factor"))
    mistakes = tuple(first.values())
    return Judgement(False, mistakes, ", or ".join(one.words for one in mistakes))
