"""What a learner's functions returned, against the true steps: the results that are wrong, and which mistake it is.

Each result is judged by what the learner's own function made it of, so that a mistake is told where it was made and
not where it goes on. A mistake has to explain every case in which the result is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.judgement import CODE, NOTHING_RECORDED, Found, Judgement, judge, judge_all
from nncore.mistakes.made_of import Entry
from nncore.mistakes.readings import Readings
from nncore.trace import Trace
from scenarios.own_code.calls import Result
from scenarios.own_code.cases import Case
from scenarios.own_code.replies import Reply
from scenarios.own_code.shapes import slips
from scenarios.own_code.worker import Arrays


@dataclass(frozen=True)
class Fault:
    """Something wrong in what a function returned, in one case.

    entry: the first wrong one, with the number found and expected; None where shape or type are wrong.
    found, expected: shapes, or what kind of thing is there. mistakes: those that explain it. slips: what may have
    made it another shape.
    """

    result: Result
    where: str
    samples: int
    found: str
    expected: str
    says: str = ""
    mistakes: tuple[Found, ...] = ()
    entry: Entry | None = None
    yours: float | None = None
    true: float | None = None
    slips: tuple[str, ...] = ()


def faults(results: Sequence[Result], heard: Sequence[Reply]) -> dict[Result, list[Fault]]:
    """What is wrong with each result, in all cases in which it was returned, or should have been."""
    found: dict[Result, list[Fault]] = {}
    for reply in heard:
        if reply.whole:
            own = [result for result in results if result.function == reply.function]
            returned = _Returned(reply.case, reply.arrays, {f"{n}{d}": what for n, d, what in reply.about["faults"]})
            for result, fault in returned.judged(own):
                found.setdefault(result, []).extend([fault] if fault else [])
    return {result: found[result] for result in results if result in found}


@dataclass(frozen=True, eq=False)
class _Returned:
    """What a function returned in a case: arrays by their keys, and by theirs what stands where there is none."""

    case: Case
    arrays: Arrays
    missing: Mapping[str, str]

    def judged(self, results: Sequence[Result]) -> Iterator[tuple[Result, Fault | None]]:
        """Of each of a function's results what is wrong, None where it is right.

        A result that was made of something without the right shape or a finite number is left out if it is wrong.
        """
        own, broken = self._own(results)
        for result in results:
            fault = self._fault(result, own)
            if fault is None or result.made_from not in broken:
                yield result, fault

    def _own(self, results: Sequence[Result]) -> tuple[Trace, set[str]]:
        """The step as the learner's function has it, and the keys of what cannot be taken from there."""
        seen = self.case.trace
        fields = {"A": list(seen.a), "Z": list(seen.z), "D": list(seen.delta)}
        broken = set()
        for result in results:
            if result.name in fields:
                at = result.layer - (result.name != "Z")
                array = self.arrays.get(result.key)
                if array is not None and array.shape == fields[result.name][at].shape and np.isfinite(array).all():
                    fields[result.name][at] = array
                else:
                    broken.add(result.key)
        own = replace(seen, a=tuple(fields["A"]), z=tuple(fields["Z"]), delta=tuple(fields["D"]))
        return own, broken

    def _fault(self, result: Result, own: Trace) -> Fault | None:
        case, array = self.case, self.arrays.get(result.key)
        true = self._true(result, case.trace)
        found = self.missing.get(result.key, "nothing") if array is None else _shape(array)
        fault = Fault(result, case.where, len(case.trace.indices), found, _shape(true))
        if array is not None and array.shape != true.shape:
            fault = replace(fault, slips=tuple(slips(result.name, array.shape, true.shape, fault.samples)))
        if array is None or (result.function == "update" and array.ndim != true.ndim):
            return replace(fault, mistakes=(Found("shape", ""),))
        seen, judgement = self._judgement(result, own, array)
        if judgement.right:
            return None
        mistakes, entry = judgement.mistakes or self._overwritten(result), judgement.entry
        fault = replace(fault, says=judgement.says, mistakes=mistakes)
        if entry is None:
            return fault
        told = {one.id: one for one in judge(case.lane, seen, result.operation, entry, array[entry], CODE).mistakes}
        here = tuple(told.get(one.id, one) for one in mistakes)  # in words about this entry
        return replace(
            fault, mistakes=here, entry=entry, yours=float(array[entry]), true=float(self._true(result, seen)[entry])
        )

    def _judgement(self, result: Result, own: Trace, array: Array) -> tuple[Trace, Judgement]:
        """Whether a result is right in the true step or in the learner's own, and what it is in one of them if not."""
        lane, seen = self.case.lane, self.case.trace
        in_true = judge_all(lane, seen, result.operation, array)
        if in_true.right:
            return seen, in_true
        in_own = judge_all(lane, own, result.operation, array)
        return (own, in_own) if in_own.right or in_own.mistakes or not in_true.mistakes else (seen, in_true)

    def _overwritten(self, result: Result) -> tuple[Found, ...]:
        """The mistake of a pre-activation that was lost when its activation was written over it."""
        d, other = result.layer, self.arrays.get(f"Z{result.layer}")
        if result.name != "A" or other is None or not np.array_equal(self.arrays[result.key], other):
            return ()
        return (Found("in-place", f"A[{d}] is Z[{d}]: its numbers are lost when Z[{d}] is written over them"),)

    def _true(self, result: Result, seen: Trace) -> Array:
        axes = {"W": 2, "b": 1}.get(result.name, 2)
        return Readings(self.case.lane, seen, result.operation, axes, True, NOTHING_RECORDED).true.value


def _shape(array: Array) -> str:
    return str(array.shape) if array.shape else "a number"


def explained(faults: Sequence[Fault]) -> Fault:
    """The fault to tell of a result that is wrong in several cases, with the mistakes that explain all of them."""
    first, everywhere = faults[0], reduce(set.intersection, map(_explanations, faults))
    told = {name: words for name, words in sorted(everywhere) if name != "shape"}
    mistakes = tuple(replace(one, words=told[one.id] or one.words) for one in first.mistakes if one.id in told)
    if mistakes:
        return replace(first, mistakes=mistakes, says=", or ".join(one.words for one in mistakes))
    shaped = [fault for fault in faults if fault.entry is None]
    slips = [slip for slip in shaped[0].slips if all(slip in fault.slips for fault in shaped)] if shaped else []
    if slips or len(shaped) == len(faults):  # where a shape is right by chance, its numbers are wrong
        return replace(shaped[0], mistakes=(Found("shape", ""),), says="", slips=tuple(slips))
    unknown = next((fault for fault in faults if not fault.mistakes), None)
    return unknown or replace(first, mistakes=(), says="none of the known mistakes explains it in every case")


def _explanations(fault: Fault) -> set[tuple[str, str]]:
    """The mistakes that explain a fault by their IDs, a factor with words for what it is in every case."""
    found = {(one.id, "") for one in fault.mistakes if one.factor is None}
    yours = "your change" if fault.result.function == "update" else "yours"
    for factor in (one.factor for one in fault.mistakes if one.factor is not None):
        sizes = {f"{factor:.6g}": factor, "m, the number of samples": fault.samples, "1/m": 1.0 / fault.samples}
        found |= {("factor", f"{yours} is the true one times {name}") for name, size in sizes.items() if size == factor}
    return found
