"""Right or wrong, and which mistake it is: a number, or all that an operation computes, against the true step.

The step is a trace, and each operation is judged by what goes into it there: a trace whose fields are replaced by what
a learner's own loop recorded judges every operation of that loop by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.catalogue import MISTAKES, Wrong, wrong
from nncore.mistakes.made_of import SUMS, Entry
from nncore.mistakes.readings import Readings
from nncore.mistakes.step_values import Loop, StepValues
from nncore.mistakes.terms import Terms
from nncore.mistakes.update_values import UpdateValues
from nncore.operations import Operation
from nncore.trace import Trace
from nncore.training import Lane

TYPED = 0.01
"""How far a typed number may be off, relative to the terms that it is made of."""

CODE = 1e-9
"""How far what code computes may be off, relative to its terms."""

NOTHING_RECORDED = Loop()


@dataclass(frozen=True)
class Found:
    """A mistake that a number agrees with, in words about where it was made; factor: that of the mistake "factor"."""

    id: str
    words: str
    factor: float | None = None


@dataclass(frozen=True)
class Judgement:
    """What a number, or all that an operation computes, is.

    mistakes: those that it agrees with, more than one where they cannot be told apart. says: it in words, "" where it
    is right; without a mistake only which term to look at. entry: the first wrong one, None where there is none.
    """

    right: bool
    mistakes: tuple[Found, ...] = ()
    says: str = ""
    entry: Entry | None = None


def judge(
    lane: Lane,
    trace: Trace,
    operation: Operation,
    entry: Entry,
    number: float,
    tolerance: float = TYPED,
    loop: Loop = NOTHING_RECORDED,
) -> Judgement:
    """Judge one number of what an operation computes; of an update, (row, column) is a weight and (index,) a bias.

    Raises KeyError for the batch, which is not computed, and IndexError for an entry that is not there.
    """
    readings = Readings(lane, trace, operation, len(entry), False, loop)
    with np.errstate(all="ignore"):
        return _Case(readings, np.asarray(number, dtype=np.float64), entry, tolerance).judgement()


def judge_all(
    lane: Lane,
    trace: Trace,
    operation: Operation,
    array: Array,
    tolerance: float = CODE,
    loop: Loop = NOTHING_RECORDED,
) -> Judgement:
    """Judge all that an operation computes: a mistake has to explain every entry.

    Of an update, an array of 2 axes is W, one of 1 axis b. Raises KeyError for the batch.
    """
    array = np.asarray(array, dtype=np.float64)
    readings = Readings(lane, trace, operation, array.ndim, True, loop)
    with np.errstate(all="ignore"):
        return _Case(readings, array, None, tolerance).judgement()


@dataclass(frozen=True, eq=False)
class _Case:
    """A number () for one entry, or without an entry an array, and the readings that it may agree with."""

    readings: Readings
    number: Array
    entry: Entry | None
    tolerance: float

    def judgement(self) -> Judgement:
        true = self.readings.true
        if self._fits(true):
            return Judgement(True)
        if self.entry is not None:
            true.at(self.entry)  # raises IndexError
        elif self.number.shape == true.value.shape:
            at = int(np.argmin(true.agrees(self.number, self.tolerance)))
            return self._wrong(tuple(int(i) for i in np.unravel_index(at, self.number.shape)))
        return self._wrong(self.entry)

    def _wrong(self, entry: Entry | None) -> Judgement:
        found = self._found(entry)
        if not found:
            return Judgement(False, (), self._where_to_look(entry), entry)
        first = dict(reversed(found))
        told = tuple(self._told(name, first[name]) for name in dict.fromkeys(name for name, _ in found))
        return Judgement(False, told, ", or ".join(one.words for one in told), entry)

    def _found(self, entry: Entry | None) -> list[tuple[str, Wrong]]:
        """The mistakes that explain the number: of the operation, else one that may be made anywhere."""
        true, finite = self.readings.true, bool(np.isfinite(self.number).all())
        for readings in (self.readings.named(), self.readings.plain() if finite else ()):
            found = [(name, one) for name, one in readings if self._explains(one.terms)]
            if found:
                return found
        if not finite:
            return [("not-finite", wrong(true))]
        if entry is None:
            return [("shape", Wrong(true, None, {"found": _shape(self.number), "expected": _shape(true.value)}))]
        return []

    def _explains(self, terms: Terms) -> bool:
        """Whether a mistake agrees with the number, and changes anything here."""
        true = self.readings.true
        if not self._fits(terms):
            return False
        if self.entry is None:
            return terms.value.shape != true.value.shape or not true.agrees(terms.value, self.tolerance).all()
        return not true.at(self.entry).agrees(terms.at(self.entry).value, self.tolerance)

    def _fits(self, terms: Terms) -> bool:
        """Whether the number agrees with a reading, if that has such an entry, or its shape."""
        shape = terms.value.shape
        if self.entry is None:
            return shape == self.number.shape and bool(terms.agrees(self.number, self.tolerance).all())
        there = len(shape) == len(self.entry) and all(at < n for at, n in zip(self.entry, shape, strict=True))
        return there and bool(terms.at(self.entry).agrees(self.number, self.tolerance))

    def _told(self, name: str, one: Wrong) -> Found:
        value = ""
        if self.entry is not None and one.shows is not None:
            value = f" = {np.broadcast_to(one.shows, self.readings.true.value.shape)[self.entry]:.4g}"
        operation, m = self.readings.operation, len(self.readings.trace.indices)
        return Found(name, MISTAKES[name].said(operation.layer, m, one.about, value), one.about.get("factor"))

    def _where_to_look(self, entry: Entry | None) -> str:
        operation, values, true = self.readings.operation, self.readings.values, self.readings.true
        if self.readings.frozen:
            return f"layer {operation.layer} is frozen: its gradient counts as 0"
        look = "f(θ)"
        if isinstance(values, UpdateValues):
            look = "what is subtracted"
        elif isinstance(values, StepValues) and entry is not None:
            number = self.number if self.entry is not None else self.number[entry]
            expected = true.at(entry)
            off, margin = float(number - expected.value), self.tolerance * float(expected.size)
            look = SUMS[operation.kind](values, entry).suspect(off, margin)
        return f"none of the known mistakes: look at {look}"


def _shape(array: Array) -> str:
    return "×".join(map(str, array.shape)) or "that of a number"
