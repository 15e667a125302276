"""What of a step is shown to be filled in: its matrices, or parts of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.made_of import Entry
from nncore.model import NetworkModel
from nncore.network import Layer
from nncore.trace import Trace
from nncore.training import Model
from tui.explain.notation import the_others

MOST_ASKED = 4
"""A matrix with more rows or columns is filled in for a chosen unit."""
MOST_SAMPLES = 8
"""A batch of more is filled in one sample at a time."""
MOST_TERMS = 6
"""Of a sum of more products the largest are shown, and what the others add."""


@dataclass(frozen=True)
class Scope:
    """What of a step is filled in: a sample, by its row in the batch, or all; of each wide layer one of its units."""

    row: int
    whole: bool
    units: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Grid:
    """A matrix (r, c) under its name, with the names of its rows and columns; whole: the shape it is a part of."""

    title: str
    values: Array
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    whole: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False)
class Sheet:
    """An operation to fill in.

    given: what goes into it. notes: constants and functions that take part. cells: what it computes, as far as it is
    shown. asked: by row and column of `cells`, the entries to fill in as `nncore.mistakes` calls them.
    after: θ once the update is made, for others None.
    """

    given: tuple[Grid, ...]
    notes: tuple[str, ...]
    cells: Grid
    asked: dict[tuple[int, int], Entry]
    after: Grid | None = None


def first_scope(model: Model, trace: Trace) -> Scope:
    """The whole of a small batch, else the sample with the largest error; of wide layers the unit with the largest."""
    if not isinstance(model, NetworkModel):
        return Scope(0, True, ())
    deltas = [np.nan_to_num(np.abs(delta)) for delta in trace.delta]
    row = int(deltas[-1].sum(1).argmax())
    units = tuple(int(delta[row].argmax()) for delta in deltas)
    return Scope(row, len(trace.indices) <= MOST_ASKED, units)


def moved_scope(scope: Scope, layer: int, units: int, by: int) -> Scope:
    """Another unit of a layer chosen."""
    chosen = list(scope.units)
    chosen[layer - 1] = (chosen[layer - 1] + by) % units
    return replace(scope, units=tuple(chosen))


@dataclass(frozen=True, eq=False)
class Layout:
    """What of a step is shown for an operation of layer d."""

    model: NetworkModel
    trace: Trace
    d: int
    scope: Scope

    @cached_property
    def rows(self) -> list[int]:
        """The rows of the batch that are shown."""
        return list(range(len(self.trace.indices))) if self.scope.whole else [self.scope.row]

    @property
    def unseen(self) -> list[int]:
        """Those that are not."""
        return [row for row in range(len(self.trace.indices)) if row not in self.rows]

    @cached_property
    def samples(self) -> tuple[str, ...]:
        """What the rows are called."""
        return tuple(str(self.trace.indices[row]) for row in self.rows)

    @property
    def layer(self) -> Layer:
        return self.model.layers[self.d - 1]

    @property
    def units(self) -> list[int]:
        """The units that are asked for."""
        count = self.layer.fan_out
        return list(range(count)) if count <= MOST_ASKED else [self.scope.units[self.d - 1]]

    @property
    def shown_units(self) -> list[int]:
        """Those whose results are shown."""
        first = max(0, min(self.units[0] - MOST_ASKED, self.layer.fan_out - MOST_TERMS))
        return list(range(self.layer.fan_out))[first : first + MOST_TERMS]

    @property
    def inputs(self) -> list[int]:
        """The columns of W that are asked for."""
        return list(range(min(self.layer.fan_in, MOST_ASKED)))

    def parameters(self, d: int, vector: Array | None = None) -> tuple[Array, Array]:
        """W and b of a layer, or the parts of another vector (P,)."""
        return self.model.network.split(self.trace.theta if vector is None else vector)[d - 1]

    def of_samples(self, title: str, values: Array, columns: Sequence[int]) -> Grid:
        """Some columns of a matrix whose rows are the batch."""
        part = values[np.ix_(self.rows, list(columns))]
        return Grid(title, part, self.samples, named(columns), (len(values), values.shape[1]))

    def others(self, count: int, values: Array, rows: tuple[str, ...], columns: tuple[str, ...]) -> tuple[Grid, ...]:
        """What `count` samples that are not shown add."""
        return (Grid(f"{the_others(count, 'sample')} add", values, rows, columns),) if count else ()

    def unit_cells(self, title: str, values: Array) -> tuple[Grid, dict[tuple[int, int], Entry]]:
        """The cells of a matrix of samples and units, and those that are asked for."""
        shown = self.shown_units
        asked: dict[tuple[int, int], Entry] = {
            (i, shown.index(unit)): (row, unit) for i, row in enumerate(self.rows) for unit in self.units
        }
        return self.of_samples(title, values, shown), asked


def named(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(map(str, numbers))


def main_terms(left: Array, right: Array) -> tuple[list[int], list[int]]:
    """Which terms of the sums left (m, k) · rightᵀ (n, k) to show, and the others."""
    count = left.shape[1]
    if count <= MOST_TERMS:
        return list(range(count)), []
    sizes = np.nan_to_num(np.abs(left).sum(0) * np.abs(right).sum(0))
    kept = sorted(np.argsort(-sizes, kind="stable")[: MOST_TERMS - 2].tolist())
    return kept, [term for term in range(count) if term not in kept]


def left_out(s: Layout, left: Array, right: Array, others: list[int]) -> tuple[Grid, ...]:
    """What the terms that are not shown add."""
    if not others:
        return ()
    title = f"{the_others(len(others), 'term')} add"
    return (Grid(title, left[:, others] @ right[:, others].T, s.samples, named(s.units)),)
