"""Mistakes in operations that were not recorded, told by what they make of the recorded ones that follow."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nncore.arrays import Array
from nncore.mistakes.catalogue import MISTAKES, Wrong
from nncore.mistakes.readings import Readings
from nncore.mistakes.step_values import Loop
from nncore.model import NetworkModel
from nncore.trace import Trace
from nncore.training import Lane
from scenarios.own_code.reference import Line, completed, inputs, lines, numbers, symbol
from scenarios.own_code.tolerance import Tolerance


@dataclass(frozen=True, eq=False)
class Upstream:
    """What stands before a wrong array of a recorded step.

    made: the true step. recorded: its recorded arrays by their names. line: the wrong one of them. right: the names
    of those that were found to be right.
    """

    lane: Lane
    model: NetworkModel
    made: Trace
    recorded: Mapping[str, Array]
    loop: Loop
    line: Line
    right: Collection[str]
    tolerance: Tolerance

    def missing(self) -> list[Line]:
        """The operations without a record between the wrong array and the recorded ones that it comes from."""
        found: set[str] = set()
        front = [self.line.name]
        while front:
            for name in inputs(self.model, front.pop()):
                forward = name[0] in "az" and "loss" in self.recorded and self.line.kind not in ("a", "z", "loss")
                if name not in self.recorded and name not in found and not forward:
                    found.add(name)
                    front.append(name)
        return [line for line in lines(self.model) if line.name in found]

    def where(self) -> str:
        """Between which recorded operations it arose; "" where all that the wrong array comes from is recorded."""
        missing = self.missing()
        if not missing:
            return ""
        order = [line.name for line in lines(self.model)]
        before = [name for name in order[: order.index(missing[0].name)] if name in self.recorded]
        names = ", ".join(symbol(line.name) for line in missing)
        since = symbol(before[-1]) if before else "the batch"
        return f"between {since} and {symbol(self.line.name)}, with no record of {names}: "

    def mistakes(self) -> list[tuple[str, str]]:
        """The mistakes that explain the wrong array, by their IDs, in words; if some explain all arrays, those."""
        explaining = [
            (self._explains_all(step), name, f"{symbol(line.name)}: {self._words(line, name, wrong)}")
            for line, name, wrong, step in self._tried()
            if all(self._explains(step, name) for name in (self.line.name, *self.right))
        ]
        best = [one for one in explaining if one[0]] or explaining
        told = {name: words for _, name, words in reversed(best)}
        return list(reversed(told.items()))

    def _words(self, line: Line, name: str, wrong: Wrong) -> str:
        return MISTAKES[name].said(line.operation.layer, len(self.made.targets), wrong.about)

    def _explains(self, step: Trace, name: str) -> bool:
        change = step.change if name[0] in "Wb" else None
        wide = Tolerance(10.0 * self.tolerance.relative, self.tolerance.exact)
        return wide.near(numbers(self.model, step)[name], self.recorded[name], change)

    def _explains_all(self, step: Trace) -> bool:
        return all(self._explains(step, name) for name in self.recorded)

    def _tried(self) -> Iterator[tuple[Line, str, Wrong, Trace]]:
        """The step with each known mistake in one of the missing operations, or in all of its kind."""
        missing = self.missing()
        for line in missing:
            for name, wrong in self._wrong(line, self._given()):
                if (step := self._with({line.name: wrong})) is not None:
                    yield line, name, wrong, step
        for kind in dict.fromkeys(line.kind for line in missing):
            alike = [line for line in missing if line.kind == kind]
            if len(alike) > 1:
                yield from self._everywhere(alike)

    def _everywhere(self, alike: Sequence[Line]) -> Iterator[tuple[Line, str, Wrong, Trace]]:
        """The step with one mistake in several operations, each from what the one before it makes."""
        names = dict.fromkeys(name for line in alike for name, _ in self._wrong(line, self._given()))
        for name in names:
            made: dict[str, Wrong] = {}
            for line in alike:
                given = {**self._given(), **{other: wrong.terms.value for other, wrong in made.items()}}
                if (wrong := next((one for own, one in self._wrong(line, given) if own == name), None)) is not None:
                    made[line.name] = wrong
            if (step := self._with(made)) is not None:
                first = next(line for line in alike if line.name in made)
                yield first, name, made[first.name], step

    def _given(self) -> dict[str, Array]:
        """What was recorded before the wrong array."""
        order = [line.name for line in lines(self.model)]
        return {name: self.recorded[name] for name in order[: order.index(self.line.name)] if name in self.recorded}

    def _wrong(self, line: Line, given: Mapping[str, Array]) -> list[tuple[str, Wrong]]:
        """What each known mistake makes of an operation, from what is given before it."""
        axes = {"db": 1, "loss": 0}.get(line.kind, 2)
        step = completed(self.model, self.made, given)
        return list(Readings(self.lane, step, line.operation, axes, True, self.loop).named())

    def _with(self, wrong: Mapping[str, Wrong]) -> Trace | None:
        """The step with wrong arrays in it; None where they do not fit in."""
        own = numbers(self.model, self.made)
        if not wrong or any(one.terms.value.shape != own[name].shape for name, one in wrong.items()):
            return None
        arrays = {name: one.terms.value for name, one in wrong.items()}
        return completed(self.model, self.made, {**self._given(), **arrays})
