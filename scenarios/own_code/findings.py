"""What comes of a comparison: the first difference of two runs, and how far apart they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.batches import Indices
from scenarios.own_code.conventions import Convention
from scenarios.own_code.parting import Parting
from scenarios.own_code.reference import symbol


@dataclass(frozen=True, eq=False)
class First:
    """The first difference. operation, layer: by their names in files; array: dW2.

    step counts from 1, 0 for starting values. own, found: the arrays of the lane and of the run compared with it.
    batch: the sample numbers of the step.
    """

    step: int
    operation: str
    layer: int | None
    array: str
    entry: tuple[int, ...] | None
    own: Array
    found: Array
    mistake: str | None
    says: str
    batch: Indices | None = None

    def number(self, array: Array) -> float | None:
        """The entry of one of both arrays; None where it has none, or is not finite."""
        if self.entry is None and array.shape:
            return None
        value = float(array[self.entry or ()])
        return value if np.isfinite(value) else None


@dataclass(frozen=True, eq=False)
class Difference:
    """What became of a comparison.

    steps: how many were compared. largest: the largest relative difference of any array, up to the first wrong one.
    apart: relative differences of θ by step. conventions: how the run keeps numbers in other ways, all the same.
    parting: why two right programs are apart in the end. missing: kinds of arrays that were not recorded.
    ended: the step in which both overflow, or the lane does, which is not compared.
    """

    steps: int
    largest: float
    first: First | None
    apart: Mapping[int, float]
    conventions: tuple[Convention, ...] = ()
    parting: Parting | None = None
    missing: tuple[str, ...] = ()
    ended: int | None = None

    @property
    def same(self) -> bool:
        return self.first is None


def place(first: First) -> str:
    """What differs first, in words: ∂W₂[0,3], the loss, W₁[0,1] after the update."""
    index = "[" + ",".join(map(str, first.entry)) + "]" if first.entry else ""
    return f"{whole(first)}{index}{' after the update' if first.operation == 'update' else ''}"


def whole(first: First) -> str:
    """The array that differs first, in words."""
    if first.operation == "batch":
        return "the batch" if first.array == "batch" else first.array
    return "the loss" if first.operation == "loss" else symbol(first.array)
