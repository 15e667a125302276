"""What came of the comparison of two runs, in words: where they differ first, and how that grew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nncore.arrays import Array
from scenarios.own_code.causes import shape
from scenarios.own_code.findings import Difference, First, place, whole
from scenarios.own_code.tolerance import relative_difference


def told(
    difference: Difference, names: tuple[str, str], swapped: bool = False, of_lanes: bool = False
) -> Iterator[str]:
    """What came of the comparison of two runs by these names, in lines; a line that begins with a blank is no sentence.

    swapped: whether the lane that trained along is that of the second one. of_lanes: whether both are lanes, of which
    none is mistaken.
    """
    yield from (f"{convention.words}." for convention in difference.conventions)
    first = difference.first
    if first is None:
        yield from _same(difference)
        return
    when = "at the start" if first.step == 0 else f"in step {first.step}"
    yield f"The first difference is {when}: {place(first)}{_sample(first)}"
    arrays = first.own, first.found
    width = max(map(len, names))
    for name, array in zip(names, reversed(arrays) if swapped else arrays, strict=True):
        yield f"  {name:<{width}}  {_shown(first, array)}"
    yield _less(first, names) if of_lanes else f"{_sentence(first.says)}."
    size = relative_difference(first.own, first.found)
    if np.isfinite(size) and first.own.shape:
        yield f"{whole(first)} {'differs' if of_lanes else 'is off'} by up to {size:.1e} of its largest number."
    if first.step > 1:
        before = "The step before agrees" if first.step == 2 else f"The {first.step - 1:,} steps before agree"
        yield f"{before}, to {difference.largest:.1e}."
    yield from _growth(difference, first.step)
    if difference.missing:
        yield f"Not recorded: {', '.join(difference.missing)}."


def _less(first: First, names: tuple[str, str]) -> str:
    """The difference of the entry that is told."""
    if first.own.shape != first.found.shape or (first.entry is None and first.own.shape):
        return "They have other shapes."
    own, found = (float(side[first.entry or ()]) for side in (first.own, first.found))
    return f"{' − '.join(names)} is {own - found:.6g} there."


def _same(difference: Difference) -> Iterator[str]:
    if difference.parting is None:
        yield f"no difference in {difference.steps:,} steps, largest {difference.largest:.0e}"
    else:
        yield f"no operation is wrong in {difference.steps:,} steps, largest difference {difference.largest:.0e}"
        yield f"Rounding alone took them apart, beyond the tolerance from step {difference.parting.step:,} on:"
        yield f"{difference.parting.says}."
        yield from _growth(difference, difference.parting.step)
    if difference.ended is not None:
        yield f"Step {difference.ended:,} overflows: the comparison ends before it."


def _growth(difference: Difference, since: int) -> Iterator[str]:
    """How far apart θ is at some steps from one on."""
    steps = [at for at in difference.apart if at >= since]
    if steps:
        chosen = dict.fromkeys(at for at in (steps[0], since + 9, since + 99, since + 999, steps[-1]) if at in steps)
        shown = ", ".join(f"{difference.apart[at]:.1e} after step {at:,}" for at in chosen)
        yield f"How far θ is apart then, relative to its largest number: {shown}."


def _sentence(text: str) -> str:
    """A sentence with a capital letter, unless it begins with a symbol."""
    return text[:1].upper() + text[1:] if text[:2].isascii() and text[1:2].isalpha() else text


def _sample(first: First) -> str:
    if first.batch is None or first.operation not in ("a", "z", "delta") or not first.entry:
        return ""
    return f" (row {first.entry[0]} of the batch, sample {first.batch[first.entry[0]]})"


def _shown(first: First, array: Array) -> str:
    """The wrong entry of an array with as many digits as tell both numbers apart, or the array's shape."""
    if first.own.shape != first.found.shape or (first.entry is None and array.shape):
        return f"shape {shape(array)}"
    one, other, value = (float(side[first.entry or ()]) for side in (first.own, first.found, array))
    digits = 6 if abs(one - other) > 1e-5 * max(abs(one), abs(other)) else 17
    return f"{value:.{digits}g}"
