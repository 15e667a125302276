"""Two recorded loops without a scenario: what both hold is compared, and nothing is known of how it was computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from nncore.arrays import Array
from scenarios.own_code.difference import Difference, First, reshaped
from scenarios.own_code.parting import Parting
from scenarios.own_code.recorded import RecordedStep, Recording
from scenarios.own_code.reference import layer_of_name, letters_of, symbol
from scenarios.own_code.tolerance import Tolerance, first_entry, relative_difference

SUDDEN = 1e4
"""What is off by so much more than all before it did not come of rounding."""

LEAST = 1e-15
"""Two programs are taken to be apart by as much as this, if they are not at all."""

_KINDS = {"W": "update", "b": "update"}


def compare_files(a: Recording, b: Recording, tolerance: Tolerance, tick: Callable[[int], object]) -> Difference:
    """The first array of both that differs all of a sudden; what grows by and by is rounding, and told as such."""
    first = _start(a.start(), b.start(), tolerance)
    if first is not None:
        return Difference(0, 0.0, first, {})
    apart: dict[int, float] = {}
    largest, known, parted = 0.0, LEAST, None
    order = list(_order(max(a.depth, b.depth)))
    names = [name for name in order if name in a.streams and name in b.streams]
    done = 0
    for number, (one, other) in enumerate(zip(a.steps(), b.steps(), strict=False), 1):
        found = None if first else _batches(number, one, other)
        for name in names if first is None and found is None else ():
            own = one.numbers[name]
            theirs = reshaped(other.numbers[name], own)
            off = relative_difference(own, theirs)
            if off > max(tolerance.relative, SUDDEN * known):
                found = _first(number, name, own, theirs, tolerance, one, names)
                break
            largest, known = max(largest, off), max(known, off)
            if off > tolerance.relative and parted is None:
                parted = number, symbol(name)
        first = first or found
        apart[number] = max(
            (relative_difference(one.numbers[name], other.numbers[name]) for name in names if name[0] in "Wb"),
            default=0.0,
        )
        tick(1)
        done = number
    parting = None
    if parted is not None and first is None:
        says = f"{parted[1]} is further apart than the tolerance from step {parted[0]} on, which it came to by and by"
        parting = Parting(parted[0], None, says)
    missing = tuple(dict.fromkeys(letters_of(name) for name in order if name not in names))
    return Difference(done, largest, first, apart, (), parting, missing)


def _start(own: Mapping[str, Array], other: Mapping[str, Array], tolerance: Tolerance) -> First | None:
    for name, one in own.items():
        found = reshaped(other.get(name, np.empty(0)), one)
        if not tolerance.near(one, found):
            entry = first_entry(one, found, tolerance)
            says = "the starting values differ" if one.shape == found.shape else "the starting values have other shapes"
            return First(0, "start", layer_of_name(name), name, entry, one, found, None, says)
    return None


def _batches(number: int, one: RecordedStep, other: RecordedStep) -> First | None:
    if one.batch is None or other.batch is None or np.array_equal(one.batch, other.batch):
        return None
    own, found = one.batch.astype(np.float64), other.batch.astype(np.float64)
    same = own.shape == found.shape
    entry = (int(np.argmax(own != found)),) if same else None
    says = "the batches have other samples" if same else f"the batches have {len(own)} and {len(found)} samples"
    return First(number, "batch", None, "batch", entry, own, found, None, says, one.batch)


def _first(
    number: int, name: str, own: Array, found: Array, tolerance: Tolerance, step: RecordedStep, names: list[str]
) -> First:
    letters, layer = letters_of(name), layer_of_name(name)
    before = names[: names.index(name)]
    says = f"{symbol(before[-1])} agrees, {symbol(name)} does not" if before else f"{symbol(name)} differs"
    if letters in "Wb" and f"d{name}" in names:
        says = "the gradients agree, the update does not"
    entry = first_entry(own, found, tolerance)
    return First(number, _KINDS.get(letters, letters), layer or None, name, entry, own, found, None, says, step.batch)


def _order(depth: int) -> Iterator[str]:
    """The arrays of a step in causal order, as `lines` has them for a network."""
    for d in range(1, depth + 1):
        yield from (f"a{d}", f"z{d}")
    yield "loss"
    for d in range(depth, 0, -1):
        yield from (f"delta{d}", f"dW{d}", f"db{d}")
    for d in range(1, depth + 1):
        yield from (f"W{d}", f"b{d}")
