"""A lane that trains along with another run, to find where they differ first, in causal order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from nncore.arrays import Array
from nncore.batches import Indices
from nncore.mistakes.catalogue import MISTAKES
from nncore.model import NetworkModel
from nncore.slices import Slices, finished, quiet
from nncore.trace import Trace
from nncore.training import Lane, State
from scenarios.own_code.causes import Fault, RecordedCase, shape
from scenarios.own_code.conventions import Convention, kept_as_here
from scenarios.own_code.findings import Difference, First
from scenarios.own_code.parting import Watch
from scenarios.own_code.recorded import RecordedStep
from scenarios.own_code.reference import Reference, joined, layer_of_name, lines, numbers
from scenarios.own_code.sizes import sizes
from scenarios.own_code.tolerance import Tolerance, first_entry, relative_difference

ROUNDING = 1e-12
"""While both θ are no further apart, one step serves for both."""


class Run(Protocol):
    """What is compared with a lane: starting values, steps one after another; exact: the spacing of its floats at 1."""

    @property
    def exact(self) -> float: ...
    def start(self) -> dict[str, Array]: ...
    def steps(self) -> Iterator[RecordedStep]: ...


def started_otherwise(model: NetworkModel, run: Run, own: Array, tolerance: Tolerance) -> First | None:
    """The first starting value of a run that differs from θ (P,)."""
    start, parts = run.start(), dict(model.parts(own))
    depth = max((layer_of_name(name) for name in start), default=0)
    if depth != model.network.depth:
        says = f"the networks have {model.network.depth} and {depth} layers"
        return First(0, "start", None, "θ", None, own, np.empty(0), None, says)
    for name, part in parts.items():
        found = reshaped(start.get(name, np.zeros(len(part)) if name[0] == "b" else np.empty(0)), part)
        if found.shape != part.shape:
            says = MISTAKES["shape"].words.format(found=shape(found), expected=shape(part))
            if found.T.shape == part.shape:
                says += ", a row for each unit; record W.T where your layers compute X @ W"
            return First(0, "start", layer_of_name(name), name, None, part, found, "shape", says)
        if not tolerance.near(part, found):
            entry = first_entry(part, found, tolerance)
            says = "the starting values differ"
            return First(0, "start", layer_of_name(name), name, entry, part, found, None, says)
    return None


def reshaped(array: Array, own: Array) -> Array:
    """An array as another has it where both differ by axes of length 1 only."""
    if array.shape != own.shape and array.size == own.size and array.squeeze().shape == own.squeeze().shape:
        return array.reshape(own.shape)
    return array


@dataclass(eq=False)
class Comparison:
    """A lane that trains along with another run, step by step.

    free: where the lane stands by itself. theirs: where the other run stands, with the optimizer's state that comes
    of its gradients. own_batches: whether the lane keeps to batches of its own, or takes the other's.
    """

    lane: Lane
    model: NetworkModel
    run: Run
    tolerance: Tolerance
    own_batches: bool
    free: State = field(init=False)
    theirs: State = field(init=False)
    conventions: tuple[Convention, ...] = ()
    previous: Array | None = None
    first: First | None = None
    largest: float = 0.0
    apart: dict[int, float] = field(default_factory=dict)
    ended: int | None = None

    def __post_init__(self) -> None:
        self._reference = Reference(self.lane, self.model)
        self._watch = Watch(self.lane, self.model)
        self.free = self.theirs = self.lane.first_state()
        self._recorded: set[str] = set()
        self._done = 0
        self._parted: int | None = None
        self._comparable = True

    def compared(self, tick: Callable[[int], object]) -> Difference:
        """All steps, or up to where both overflow."""
        return finished(self.comparing(tick))

    def comparing(self, tick: Callable[[int], object]) -> Slices[Difference]:
        """`compared` in slices."""
        return quiet(self._compared(tick))

    def _compared(self, tick: Callable[[int], object]) -> Slices[Difference]:
        self.first = started_otherwise(self.model, self.run, self.lane.start, self.tolerance)
        if self.first is None:
            for number, step in enumerate(self.run.steps(), 1):
                self._recorded |= set(step.numbers)
                self._step(number, step)
                tick(1)
                yield
                self._done = number - (self.ended is not None)
                if self.ended is not None or (self.first and not self._comparable):
                    break
        parting = None
        if self.first is None and self._parted is not None:
            parting = yield from self._watch.parting(self._parted, self.apart)
        missing = tuple(dict.fromkeys(line.kind for line in lines(self.model) if line.name not in self._recorded))
        return Difference(
            self._done, self.largest, self.first, self.apart, self.conventions, parting, missing, self.ended
        )

    def _step(self, number: int, step: RecordedStep) -> None:
        batch = step.batch
        free = self._reference.trace(self.free, None if self.own_batches else batch)
        if self.own_batches and batch is not None:
            if not self._same_batch(number, free.indices, batch):
                return
            free = self._reference.trace(self.free, batch)
        own = numbers(self.model, free)
        recorded = {name: reshaped(array, own[name]) for name, array in step.numbers.items() if name in own}
        after = joined(self.model, recorded)
        if not free.finite or (self.tolerance.overflows(own) and self.tolerance.overflows(recorded)):
            self.ended = number
        elif self.first is None:
            seen, kept = self._judge(number, free, recorded)
            if self.first is None:
                self.largest = max(self.largest, self._apart(free, own, kept))
                if self._parted is None and self.largest > self.tolerance.relative:
                    self._parted = number
                self._watch.step(number, free, seen)
                self._advance(seen, kept)
        if after is not None and self.ended is None:
            self.apart[number] = relative_difference(free.after, after)
        self._comparable = after is not None
        self.free = self._reference.after(self.free, free)

    def _apart(self, free: Trace, own: Mapping[str, Array], found: Mapping[str, Array]) -> float:
        """The largest difference of a step's arrays, relative to their terms, of W and b to the largest of θ."""
        alone = {name: relative_difference(own[name], array) for name, array in found.items()}
        if max(alone.values(), default=0.0) <= self.largest:
            return self.largest
        terms = sizes(self.model, free, self.tolerance.rounding)
        theta = float(np.abs(free.theta).max())
        return max(
            relative_difference(own[name], array, theta if name[0] in "Wb" else terms[name])
            for name, array in found.items()
        )

    def _same_batch(self, number: int, own: Indices, found: Indices) -> bool:
        if np.array_equal(np.sort(own), np.sort(found)):
            return True
        a, b = own.astype(np.float64), found.astype(np.float64)
        entry, says = None, f"the batches have {len(own)} and {len(found)} samples"
        if a.shape == b.shape:
            entry, says = (int(np.argmax(a != b)),), "the batches have other samples"
        self.first = First(number, "batch", None, "batch", entry, a, b, None, says, own)
        self._comparable = False
        return False

    def _judge(self, number: int, free: Trace, recorded: Mapping[str, Array]) -> tuple[Trace, Mapping[str, Array]]:
        """The true step from where the other run stands, and that run's arrays kept as they are here.

        Sets `first` where that run makes another step.
        """
        between = float(np.abs(self.free.theta - self.theirs.theta).max())
        seen = free
        if between > ROUNDING * float(np.abs(self.free.theta).max()):
            seen, between = self._reference.trace(self.theirs, free.indices), 0.0
        kept = kept_as_here(self.model, seen, recorded, self.conventions)
        if self._near(seen, kept, between):
            return seen, kept
        seen = self._reference.trace(self.theirs, free.indices)
        fault, conventions = RecordedCase(self.lane, self.model, seen, kept, self.previous, self.tolerance).judged()
        if fault is not None:
            self.first = _first(number, fault, free.indices)
        self.conventions += conventions
        return seen, kept_as_here(self.model, seen, kept, conventions)

    def _near(self, seen: Trace, recorded: Mapping[str, Array], between: float) -> bool:
        own = numbers(self.model, seen)
        return all(
            self.tolerance.near(own[name], array, seen.change if name[0] in "Wb" else None, 2.0 * between)
            for name, array in recorded.items()
        )

    def _advance(self, seen: Trace, recorded: Mapping[str, Array]) -> None:
        """Let the other run's state be what it recorded, and what comes of its gradients."""
        gradient = seen.gradient.copy()
        for name, part in self.model.parts(gradient):
            given = recorded.get(f"d{name}")
            if given is not None and given.shape == part.shape:
                part[...] = given
        _, memory = seen.settings.optimizer.update(gradient, seen.memory_before, seen.learning_rate, seen.count)
        after = joined(self.model, recorded)
        made = replace(seen, memory=memory, after=seen.after if after is None else after)
        self.theirs = self._reference.after(self.theirs, made)
        self.previous = gradient


def _first(step: int, fault: Fault, batch: Indices) -> First:
    line, both = fault.line, (fault.expected, fault.found)
    return First(step, line.kind, line.layer, line.name, fault.entry, *both, fault.mistake, fault.says, batch)
