"""Building expressions with the simplifications of school algebra: 0·x, 1·x, x + 0, constants folded."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from scenarios.expressions.functions import COMPUTE
from scenarios.expressions.tree import Comparison, Logic, Node, Number, Operation

ZERO, ONE, TWO = Number(0.0), Number(1.0), Number(2.0)


def simplified(node: Node) -> Node:
    """The tree rebuilt from its leaves with the functions below."""
    if isinstance(node, Operation):
        operands = tuple(simplified(operand) for operand in node.operands)
        return _SIMPLIFY.get(node.name, partial(fold, node.name))(*operands)
    if isinstance(node, Comparison | Logic):
        return replace(node, operands=tuple(simplified(operand) for operand in node.operands))
    return node


def fold(name: str, *operands: Node) -> Node:
    """The operation, or its value where all operands are numbers and the value is finite."""
    values = [operand.value for operand in operands if isinstance(operand, Number)]
    if len(values) == len(operands):
        with np.errstate(all="ignore"):
            value = float(COMPUTE[name](*values))
        if math.isfinite(value):
            return Number(value)
    return Operation(name, operands)


def negate(u: Node) -> Node:
    match u:
        case Number(value):
            return Number(-value)
        case Operation("neg", (inner,)):
            return inner
        case Operation("*", (Number(factor), rest)):
            return multiply(Number(-factor), rest)
    return Operation("neg", (u,))


def add(u: Node, v: Node) -> Node:
    match u, v:
        case (Number(0.0), other) | (other, Number(0.0)):
            return other
        case _, Operation("neg", (inner,)):
            return subtract(u, inner)
    return fold("+", u, v)


def subtract(u: Node, v: Node) -> Node:
    match u, v:
        case _, Number(0.0):
            return u
        case Number(0.0), _:
            return negate(v)
        case _, Operation("neg", (inner,)):
            return add(u, inner)
    return fold("-", u, v)


def multiply(u: Node, v: Node) -> Node:
    """The product, with its sign and its numbers gathered in front."""
    match u, v:
        case (Number(0.0), _) | (_, Number(0.0)):
            return ZERO
        case (Number(1.0), other) | (other, Number(1.0)):
            return other
        case (Number(-1.0), other) | (other, Number(-1.0)):
            return negate(other)
        case (Operation("neg", (inner,)), other) | (other, Operation("neg", (inner,))):
            return negate(multiply(inner, other))
        case _, Number() if not isinstance(u, Number):
            return multiply(v, u)
        case Number(first), Operation("*", (Number(second), rest)) if math.isfinite(first * second):
            return multiply(Number(first * second), rest)
        case Number(), _:
            return fold("*", u, v)
        case (Operation("*", (Number() as factor, rest)), other):
            return multiply(factor, multiply(rest, other))
        case (other, Operation("*", (Number() as factor, rest))):
            return multiply(factor, multiply(other, rest))
    return fold("*", u, v)


def divide(u: Node, v: Node) -> Node:
    match u, v:
        case Number(0.0), _:
            return ZERO
        case _, Number(1.0):
            return u
    return fold("/", u, v)


def power(u: Node, v: Node) -> Node:
    match v:
        case Number(0.0):
            return ONE
        case Number(1.0):
            return u
    return fold("**", u, v)


_SIMPLIFY: dict[str, Callable[..., Node]] = {
    "neg": negate,
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
