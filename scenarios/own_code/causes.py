"""The first array of a recorded step that is wrong, each judged by what goes into it there, and the mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.catalogue import MISTAKES
from nncore.mistakes.judgement import judge_all
from nncore.mistakes.step_values import Loop, StepValues
from nncore.mistakes.wrong_forward import pre_activation
from nncore.model import NetworkModel
from nncore.network import activation_named
from nncore.trace import Trace
from nncore.training import Lane
from scenarios.own_code.conventions import CONVENTIONS, Convention, kept_as_here
from scenarios.own_code.reference import Line, completed, joined, lines, numbers
from scenarios.own_code.sizes import sizes
from scenarios.own_code.tolerance import Tolerance, first_entry
from scenarios.own_code.upstream import Upstream

MOST_UNSURE = 6
"""Of so many units whose side of a kink was not recorded every combination is tried."""

_OF_GRADIENTS = ("dW", "db", "update")

ACCUMULATED = "the gradient of the step before is still in it: set it to zero before each backward pass"


@dataclass(frozen=True, eq=False)
class Fault:
    """A wrong array of a step: what it should be, what it is, the first wrong entry, and the mistake in words."""

    line: Line
    expected: Array
    found: Array
    entry: tuple[int, ...] | None
    mistake: str | None
    says: str


@dataclass(frozen=True, eq=False)
class RecordedCase:
    """One step of another program: the true step from that program's own θ, and the arrays that it recorded.

    previous: the gradient of its step before (P,).
    """

    lane: Lane
    model: NetworkModel
    made: Trace
    recorded: Mapping[str, Array]
    previous: Array | None
    tolerance: Tolerance

    def judged(self) -> tuple[Fault | None, tuple[Convention, ...]]:
        """The first array that does not follow from those before it, and the conventions by which others do."""
        first = fault = self._fault()
        used: list[Convention] = []
        while fault is not None:
            own = [one for one in CONVENTIONS if one not in used and one.looks_like(fault.line.kind, fault.mistake)]
            if not own:
                break
            used += own
            kept = kept_as_here(self.model, self.made, self.recorded, used)
            fault = replace(self, recorded=kept)._fault()
        if fault is not None and any(self._denied(one, fault) for one in used):
            fault, used = first, []
        if fault is not None and self._right_on_other_sides():
            return None, ()
        return fault, tuple(used)

    def _denied(self, convention: Convention, fault: Fault) -> bool:
        """Whether what is wrong with a convention in use shows that the loop has none."""
        right_without = self.tolerance.near(fault.expected, self.recorded[fault.line.name])
        return right_without or convention.denied_by(fault.line.kind, fault.mistake)

    def _fault(self) -> Fault | None:
        given: dict[str, Array] = {}
        for line in self._order():
            step, found = completed(self.model, self.made, given), self.recorded[line.name]
            expected = numbers(self.model, step)[line.name]
            change = step.change if line.kind == "update" else None
            if not self.tolerance.near(expected, found, change) and not self._rounded(line, expected, found, change):
                reshaped = found.shape != expected.shape and line.kind == "update"
                upstream = Upstream(
                    self.lane, self.model, self.made, self.recorded, self._loop, line, tuple(given), self.tolerance
                )
                fault = (self._reshaped if reshaped else self._wrong)(upstream, step, expected, found)
                if fault is not None:
                    return fault
            given[line.name] = found
        return None

    def _rounded(self, line: Line, expected: Array, found: Array, change: Array | None) -> bool:
        """Whether two arrays are apart by no more than rounding makes of terms that cancel."""
        return self.tolerance.near(expected, found, change, self.tolerance.rounding * self._sizes[line.name])

    @cached_property
    def _sizes(self) -> dict[str, float]:
        return sizes(self.model, self.made, self.tolerance.rounding)

    def _order(self) -> Iterator[Line]:
        """The recorded arrays in causal order; where gradients are missing, updates in the order of the gradients."""
        order = [line for line in lines(self.model) if line.name in self.recorded]
        if any(line.kind in ("dW", "db") for line in order):
            return iter(order)
        return iter(sorted(order, key=lambda line: -line.operation.layer if line.kind == "update" else -len(order)))

    def _wrong(self, upstream: Upstream, step: Trace, expected: Array, found: Array) -> Fault | None:
        """What is wrong with an array by the terms that it is made of, and the mistake; None where it is right."""
        line = upstream.line
        update = line.kind == "update"
        tolerance = self.tolerance.of_update if update else self.tolerance.relative
        judgement = judge_all(self.lane, step, line.operation, found, tolerance, self._loop)
        if judgement.right and tolerance == self.tolerance.relative:
            return None
        told = {one.id: one.words for one in judgement.mistakes}
        if not set(told) - {"factor", "sign"}:
            told = dict(upstream.mistakes()) or told
        elif update and f"d{line.name}" not in self.recorded:
            told |= dict(upstream.mistakes())
        agree = update and f"d{line.name}" in self.recorded
        where = "the gradients agree, the update does not: " if agree else upstream.where()
        says = ", or ".join(told.values()) or self._added_up(line, step, found) or judgement.says
        entry = judgement.entry or first_entry(expected, found, self.tolerance)
        return Fault(line, expected, found, entry, next(iter(told), None), where + says)

    def _added_up(self, line: Line, step: Trace, found: Array) -> str:
        """The words for a gradient to which that of the step before was added, or its update; "" for others."""
        update = line.kind == "update"
        if self.previous is None or (update and f"d{line.name}" in self.recorded) or line.kind not in _OF_GRADIENTS:
            return ""
        both = step.gradient + self.previous
        change, _ = step.settings.optimizer.update(both, step.memory_before, step.learning_rate, step.count)
        made = replace(step, gradient=both, change=change)
        wide = Tolerance(10.0 * self.tolerance.relative, self.tolerance.exact)
        return ACCUMULATED if wide.near(numbers(self.model, made)[line.name], found, change if update else None) else ""

    def _reshaped(self, upstream: Upstream, step: Trace, expected: Array, found: Array) -> Fault:
        """W or b of another shape after the update, and the mistake that makes it so."""
        mistake, says = "shape", MISTAKES["shape"].words.format(found=shape(found), expected=shape(expected))
        line, layer = upstream.line, upstream.line.operation.layer
        if line.name[0] == "b" and found.shape == step.delta[layer - 1].shape:
            mistake = "bias-not-summed"
            says += f": {MISTAKES[mistake].said(layer, len(found), {})}"
        return Fault(line, expected, found, None, mistake, upstream.where() + says)

    @property
    def _loop(self) -> Loop:
        return Loop(joined(self.model, self.recorded), self.previous)

    def _right_on_other_sides(self) -> bool:
        """Whether all is right if units so near to a kink that rounding decides stand on its other side."""
        units = list(self._unsure())
        if len(units) > MOST_UNSURE:
            return False
        own = numbers(self.model, completed(self.model, self.made, self.recorded))
        for sides in product((False, True), repeat=len(units)):
            moved = {name: own[name].copy() for name, _, _ in units}
            for (name, entry, kink), other in zip(units, sides, strict=True):
                if other:
                    moved[name][entry] = np.nextafter(kink, 2.0 * kink - moved[name][entry])
            if any(sides) and replace(self, recorded={**self.recorded, **moved})._fault() is None:
                return True
        return False

    def _unsure(self) -> Iterator[tuple[str, tuple[int, ...], float]]:
        """Pre-activations that were not recorded, and are at a kink up to rounding: name, entry, kink."""
        mixed = completed(self.model, self.made, self.recorded)
        for d, a in enumerate(mixed.a, 1):
            if f"a{d}" in self.recorded or f"z{d}" in self.recorded:
                continue
            size = pre_activation(StepValues(self.model, mixed, d, True, self._loop)).size
            for kink in activation_named(self.model.network.activations[d - 1]).kinks:
                near = (np.abs(a - kink) <= self.tolerance.relative * size) & (size > 0.0)
                yield from ((f"a{d}", (int(row), int(unit)), kink) for row, unit in np.argwhere(near))


def shape(array: Array | Sequence[int]) -> str:
    """3×2, as it stands in a sentence."""
    found = array.shape if isinstance(array, np.ndarray) else array
    return "×".join(map(str, found)) or "that of a number"
