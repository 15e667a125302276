"""The tree of an expression: what each kind of node holds, is worth, and looks like as text.

A node is worth a number (float64) or a truth value; truth values count as 0 and 1 in arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import ClassVar

import numpy as np

from scenarios.expressions.functions import COMPARISONS, COMPUTE, OPERATORS, Value

Read = Callable[["Quantity | FirstStep"], Value]
"""What gives the leaves their values while a tree is evaluated."""


@dataclass(frozen=True)
class Number:
    """A finite constant."""

    value: float
    operands: ClassVar[tuple[Node, ...]] = ()

    def evaluate(self, read: Read) -> Value:
        return self.value


@dataclass(frozen=True)
class Quantity:
    """A reference: `deep.W2[3,1]` has a lane (or "any", "all"), a name and indices; `x` a name only."""

    lane: str | None
    name: str
    indices: tuple[int, ...] = ()
    operands: ClassVar[tuple[Node, ...]] = ()

    def evaluate(self, read: Read) -> Value:
        return read(self)

    def __str__(self) -> str:
        lane = "" if self.lane is None else f"{self.lane}."
        indices = f"[{','.join(map(str, self.indices))}]" if self.indices else ""
        return f"{lane}{self.name}{indices}"


@dataclass(frozen=True)
class FirstStep:
    """`first_step(condition)`: a leaf, since its value comes from the run's history."""

    condition: Node
    operands: ClassVar[tuple[Node, ...]] = ()

    def evaluate(self, read: Read) -> Value:
        return read(self)


@dataclass(frozen=True)
class Operation:
    """An operator or function (a key of COMPUTE) on its operands."""

    name: str
    operands: tuple[Node, ...]

    def evaluate(self, read: Read) -> Value:
        return COMPUTE[self.name](*[operand.evaluate(read) for operand in self.operands])


@dataclass(frozen=True)
class Comparison:
    """A chain of comparisons, `operators` standing between the operands; False wherever a nan is compared."""

    operators: tuple[str, ...]
    operands: tuple[Node, ...]

    def evaluate(self, read: Read) -> Value:
        values = [operand.evaluate(read) for operand in self.operands]
        links = zip(self.operators, pairwise(values), strict=True)
        return reduce(np.logical_and, [COMPARISONS[operator](*pair) for operator, pair in links])


@dataclass(frozen=True)
class Logic:
    """`and`, `or` of truth values, or `not` of one."""

    operator: str
    operands: tuple[Node, ...]

    def evaluate(self, read: Read) -> Value:
        values = [operand.evaluate(read) for operand in self.operands]
        if self.operator == "not":
            return np.logical_not(values[0])
        return reduce(np.logical_and if self.operator == "and" else np.logical_or, values)


Node = Number | Quantity | FirstStep | Operation | Comparison | Logic


def is_truth(node: Node) -> bool:
    """Whether the node is worth a truth value."""
    return isinstance(node, Comparison | Logic)


def walk(root: Node) -> Iterator[Node]:
    """Every node in the order of the text; not those in conditions of first_step."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(node.operands))


_PRECEDENCE = {"or": 1, "and": 2, "not": 3, "compare": 4, "+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6}
_SIGN, _POWER, _ATOM = 7, 8, 9


def render(node: Node) -> str:
    """The text of a tree; parsing it gives the same tree."""
    return _render(node)[0]


def _render(node: Node) -> tuple[str, int]:
    """The text, and how tightly its outermost operator binds."""
    match node:
        case Number(value):
            text = repr(value).removesuffix(".0")
            return text, _SIGN if text.startswith("-") else _ATOM
        case Quantity():
            return str(node), _ATOM
        case FirstStep(condition):
            return f"first_step({render(condition)})", _ATOM
        case Operation("neg", (operand,)):
            return f"-{_within(operand, _SIGN)}", _SIGN
        case Operation("**", (base, exponent)):
            return f"{_within(base, _ATOM)}**{_within(exponent, _SIGN)}", _POWER
        case Operation(name, (left, right)) if name in OPERATORS:
            level = _PRECEDENCE[name]
            return f"{_within(left, level)} {name} {_within(right, level + 1)}", level
        case Operation(name, operands):
            return f"{name}({', '.join(render(operand) for operand in operands)})", _ATOM
        case Comparison(operators, operands):
            level = _PRECEDENCE["compare"]
            texts = [_within(operand, level + 1) for operand in operands]
            links = [f" {operator} {text}" for operator, text in zip(operators, texts[1:], strict=True)]
            return texts[0] + "".join(links), level
        case Logic("not", (operand,)):
            return f"not {_within(operand, _PRECEDENCE['not'])}", _PRECEDENCE["not"]
        case Logic(operator, operands):
            level = _PRECEDENCE[operator]
            return f" {operator} ".join(_within(operand, level + 1) for operand in operands), level


def _within(node: Node, level: int) -> str:
    """The node's text, in brackets if it binds less tightly than `level`."""
    text, own = _render(node)
    return text if own >= level else f"({text})"
