"""Expressions: arithmetic, comparisons and logic in Python's syntax, held as a tree, never run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenarios.errors import nearest, quoted
from scenarios.expressions.functions import Value
from scenarios.expressions.parser import RESERVED, ExpressionError, read
from scenarios.expressions.tree import FirstStep, Node, Quantity, render, walk

__all__ = ["RESERVED", "Expression", "ExpressionError", "parse"]


@dataclass(frozen=True)
class Expression:
    """A text and its tree. Equal texts with equal trees are equal, and serve as dictionary keys."""

    text: str
    root: Node

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The references whose present values it needs, each once; not those inside first_step."""
        return tuple(dict.fromkeys(node for node in walk(self.root) if isinstance(node, Quantity)))

    @cached_property
    def names(self) -> frozenset[str]:
        """The plain names, without lane and indices, among its quantities."""
        return frozenset(q.name for q in self.quantities if q.lane is None and not q.indices)

    @cached_property
    def lanes(self) -> frozenset[str]:
        """The lanes that its quantities belong to, those inside first_step included."""
        own = {quantity.lane for quantity in self.quantities if quantity.lane is not None}
        return frozenset(own).union(*(condition.lanes for condition in self.first_steps))

    @cached_property
    def first_steps(self) -> tuple[Expression, ...]:
        """The conditions whose first step in the run's history it needs, each once."""
        nodes = (node for node in walk(self.root) if isinstance(node, FirstStep))
        return tuple(dict.fromkeys(Expression(render(node.condition), node.condition) for node in nodes))

    def require(self, allowed: Iterable[str]) -> None:
        """Checks that it is made of these plain names only; raises ExpressionError."""
        names = list(allowed)
        known = f"known: {', '.join(names) or 'no names'}"
        if self.first_steps:
            raise ExpressionError(f'"first_step" is for claims and breakpoints only; {known}')
        for quantity in self.quantities:
            if str(quantity) not in names:
                raise ExpressionError(f"unknown name {quoted(str(quantity))}; {known}{nearest(quantity.name, names)}")

    def evaluate(self, values: Mapping[str, npt.ArrayLike]) -> npt.NDArray[np.float64]:
        """Its value where each name has the given value: a new array of the shape the values broadcast to.

        Infinite or nan, without a warning, where the mathematics is; truth values give 1 and 0.
        Every name must be among `values` (see `require`).
        """
        arrays = {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}

        def value_of(leaf: Quantity | FirstStep) -> Value:
            return arrays[str(leaf)]

        result = np.empty(np.broadcast_shapes(*(array.shape for array in arrays.values())))
        with np.errstate(all="ignore"):
            result[...] = self.root.evaluate(value_of)
        return result


def parse(text: str) -> Expression:
    """Reads an expression; raises ExpressionError for any text that is none."""
    return Expression(text, read(text))
