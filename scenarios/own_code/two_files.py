"""Two recorded loops without a scenario: what both hold is compared, and nothing is known of how it was computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from nncore.arrays import Array
from scenarios.own_code.difference import reshaped
from scenarios.own_code.findings import Difference, First
from scenarios.own_code.parting import Parting
from scenarios.own_code.recorded import RecordedStep, Recording
from scenarios.own_code.reference import layer_of_name, letters_of, symbol
from scenarios.own_code.tolerance import Tolerance, first_entry, relative_difference

SUDDEN = 1e4
"""What is off by so much more than all before it did not come of rounding."""

_KINDS = {"W": "θ", "b": "θ", "dW": "gradient", "db": "gradient"}

LEAST = 1e-15
"""Two programs are taken to be apart by as much as this, if they are not at all."""


@dataclass(eq=False)
class FileComparison:
    """Two loops, step by step. names: the arrays that both hold, in causal order; known: how far apart they were yet.

    What is apart all of a sudden is a difference; what comes by and by, or with a unit that rounding puts on the
    other side of 0, is not. seen: the largest number yet of each array and kind of arrays.
    """

    names: tuple[str, ...]
    tolerance: Tolerance
    known: float = LEAST
    largest: float = 0.0
    first: First | None = None
    parting: Parting | None = None
    ended: int | None = None
    apart: dict[int, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)

    def step(self, number: int, one: RecordedStep, other: RecordedStep) -> None:
        """Compare a step of both."""
        pairs = {name: (one.numbers[name], reshaped(other.numbers[name], one.numbers[name])) for name in self.names}
        if all(self.tolerance.overflows({"": side}) for pair in list(pairs.values())[-2:] for side in pair):
            self.ended = number
            return
        if self.first is None:
            self.first = _batches(number, one, other)
        for name, pair in pairs.items():
            if self.first is None:
                self._array(number, name, pair, pairs, one)
        theta = [pairs[name] for name in pairs if name[0] in "Wb"]
        size = max((float(np.abs(own).max()) for own, _ in theta), default=0.0)
        self.apart[number] = max((relative_difference(*pair, size) for pair in theta), default=0.0)

    def _size(self, name: str, pair: tuple[Array, Array]) -> float:
        """The largest number that an array had yet; of one that is nothing but rounding, what rounds as much beside it.

        Beside it are all layers' parameters or gradients, or error signals.
        """
        letters = letters_of(name)
        largest = max(float(np.nan_to_num(np.abs(one)).max()) for one in pair)
        for seen in (name, kind := _KINDS.get(letters, letters)):
            self.seen[seen] = max(self.seen.get(seen, 0.0), largest)
        return max(self.seen[name], self.tolerance.rounding / self.tolerance.relative * self.seen[kind])

    def _array(
        self,
        number: int,
        name: str,
        pair: tuple[Array, Array],
        pairs: Mapping[str, tuple[Array, Array]],
        step: RecordedStep,
    ) -> None:
        off = relative_difference(*pair, self._size(name, pair))
        if off > self.tolerance.relative and self.parting is None:
            came = (
                f"{symbol(name)} is further apart than the tolerance from step {number} on, which it came to by and by"
            )
            self.parting = Parting(number, None, came)
        if off > max(self.tolerance.relative, SUDDEN * self.known):
            side = self._other_side(pairs)
            if side is None:
                self.parting, self.first = None, self._first(number, name, pair, step)
                return
            if self.parting is None or self.parting.step == number:
                self.parting = Parting(number, "side", f"{side}, from step {number} on {symbol(name)} is apart")
        self.largest, self.known = max(self.largest, off), max(self.known, off)

    def _other_side(self, pairs: Mapping[str, tuple[Array, Array]]) -> str | None:
        """A pre-activation that is 0 but for rounding, of other signs in both, in words."""
        for name, (a, b) in pairs.items():
            if name[0] == "a" and a.shape == b.shape:
                near = np.abs(a - b) <= self.tolerance.relative * np.abs(a).max()
                changed = np.argwhere(near & ((a > 0.0) != (b > 0.0)))
                if len(changed):
                    row, unit = changed[0]
                    one, other = a[row, unit], b[row, unit]
                    return f"{symbol(name)}[{row},{unit}] is {one:.1e} in one and {other:.1e} in the other"
        return None

    def _first(self, number: int, name: str, pair: tuple[Array, Array], step: RecordedStep) -> First:
        own, found = pair
        letters, layer = letters_of(name), layer_of_name(name)
        before = self.names[: self.names.index(name)]
        says = f"{symbol(before[-1])} agrees, {symbol(name)} does not" if before else f"{symbol(name)} differs"
        if letters in "Wb" and f"d{name}" in self.names:
            says = "the gradients agree, the update does not"
        operation = "update" if letters in "Wb" else letters
        entry = first_entry(own, found, self.tolerance)
        return First(number, operation, layer or None, name, entry, own, found, None, says, step.batch)


def compare_files(a: Recording, b: Recording, tolerance: Tolerance, tick: Callable[[int], object]) -> Difference:
    """The first array of both that differs, and how far apart both are afterwards."""
    first = _start(a.start(), b.start(), tolerance)
    if first is not None:
        return Difference(0, 0.0, first, {})
    order = tuple(_order(max(a.depth, b.depth)))
    names = tuple(name for name in order if name in a.streams and name in b.streams)
    made, done = FileComparison(names, tolerance), 0
    with np.errstate(all="ignore"):
        for number, (one, other) in enumerate(zip(a.steps(), b.steps(), strict=False), 1):
            made.step(number, one, other)
            if made.ended is not None:
                break
            tick(1)
            done = number
    missing = tuple(dict.fromkeys(letters_of(name) for name in order if name not in names))
    parting = made.parting if made.first is None else None
    return Difference(done, made.largest, made.first, made.apart, (), parting, missing, made.ended)


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


def _order(depth: int) -> Iterator[str]:
    """The arrays of a step in causal order, as `lines` has them for a network."""
    for d in range(1, depth + 1):
        yield from (f"a{d}", f"z{d}")
    yield "loss"
    for d in range(depth, 0, -1):
        yield from (f"delta{d}", f"dW{d}", f"db{d}")
    for d in range(1, depth + 1):
        yield from (f"W{d}", f"b{d}")
