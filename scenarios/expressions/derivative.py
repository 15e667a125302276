"""Exact derivatives of expressions, simplified lightly so that they can be differentiated again."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial, reduce

from scenarios.expressions.expression import Expression, ExpressionError
from scenarios.expressions.simplify import (
    ONE,
    TWO,
    ZERO,
    add,
    divide,
    fold,
    multiply,
    negate,
    power,
    simplified,
    subtract,
)
from scenarios.expressions.tree import Comparison, Logic, Node, Number, Operation, Quantity, render, walk
from scenarios.names import quoted

MAX_NODES = 10_000
MAX_DEPTH = 150


def derivative(expression: Expression, name: str) -> Expression:
    """The partial derivative by the variable of that name.

    At kinks: abs has slope 0 at 0; min and max follow the argument selected, at a tie a constant one if
    there is one (as ReLU′(0) = 0), else the first. floor, ceil, sign and // have slope 0 everywhere.
    Raises ExpressionError where a comparison of the variable stands for a number, or where the
    derivative has more than MAX_NODES nodes or is more than MAX_DEPTH deep.
    """
    root = _slope(simplified(expression.root), name)
    for count, (_, depth) in enumerate(walk(root), start=1):
        if count > MAX_NODES or depth > MAX_DEPTH:
            raise ExpressionError(f"the derivative of {quoted(expression.text)} by {quoted(name)} is too long")
    return Expression(render(root), root)


def _slope(node: Node, name: str) -> Node:
    match node:
        case Quantity():
            return ONE if node == Quantity(None, name) else ZERO
        case Comparison() | Logic():
            if any(part == Quantity(None, name) for part, _ in walk(node)):
                raise ExpressionError(
                    f"the comparison {quoted(render(node))} has no derivative by {quoted(name)}; "
                    'a choice is written "where(condition, value, otherwise)"'
                )
            return ZERO
        case Operation("where", (condition, value, otherwise)):
            return _select(condition, _slope(value, name), _slope(otherwise, name))
        case Operation("min" | "max" as extreme, operands):
            return reduce(partial(_extreme, extreme), [(u, _slope(u, name)) for u in operands])[1]
        case Operation(operator, operands):
            slopes = tuple(_slope(operand, name) for operand in operands)
            if all(slope == ZERO for slope in slopes):
                return ZERO
            if len(operands) == 2:
                return _BINARY[operator](*operands, *slopes)
            return multiply(_UNARY[operator](*operands), *slopes)
    return ZERO


def _extreme(name: str, first: tuple[Node, Node], second: tuple[Node, Node]) -> tuple[Node, Node]:
    """min or max of two (node, slope) pairs, as such a pair."""
    (u, du), (v, dv) = first, second
    strict = ">" if name == "max" else "<"
    relation = strict if dv == ZERO else f"{strict}="
    return fold(name, u, v), _select(Comparison((relation,), (u, v)), du, dv)


def _select(condition: Node, value: Node, otherwise: Node) -> Node:
    same = isinstance(value, Number) and value == otherwise
    return value if same else Operation("where", (condition, value, otherwise))


def _power_slope(u: Node, v: Node, du: Node, dv: Node) -> Node:
    if dv == ZERO:
        return multiply(multiply(v, power(u, subtract(v, ONE))), du)
    growth = multiply(dv, fold("log", u))
    return multiply(power(u, v), add(growth, divide(multiply(v, du), u)))


def _square(u: Node) -> Node:
    return power(u, TWO)


_UNARY: dict[str, Callable[[Node], Node]] = {
    "neg": lambda u: Number(-1.0),
    "sin": lambda u: fold("cos", u),
    "cos": lambda u: negate(fold("sin", u)),
    "tan": lambda u: add(ONE, _square(fold("tan", u))),
    "asin": lambda u: divide(ONE, fold("sqrt", subtract(ONE, _square(u)))),
    "acos": lambda u: divide(Number(-1.0), fold("sqrt", subtract(ONE, _square(u)))),
    "atan": lambda u: divide(ONE, add(ONE, _square(u))),
    "sinh": lambda u: fold("cosh", u),
    "cosh": lambda u: fold("sinh", u),
    "tanh": lambda u: subtract(ONE, _square(fold("tanh", u))),
    "exp": lambda u: fold("exp", u),
    "log": lambda u: divide(ONE, u),
    "log2": lambda u: divide(ONE, multiply(Number(math.log(2.0)), u)),
    "log10": lambda u: divide(ONE, multiply(Number(math.log(10.0)), u)),
    "sqrt": lambda u: divide(ONE, multiply(TWO, fold("sqrt", u))),
    "abs": lambda u: fold("sign", u),
    "sign": lambda u: ZERO,
    "floor": lambda u: ZERO,
    "ceil": lambda u: ZERO,
}

_BINARY: dict[str, Callable[[Node, Node, Node, Node], Node]] = {
    "+": lambda u, v, du, dv: add(du, dv),
    "-": lambda u, v, du, dv: subtract(du, dv),
    "*": lambda u, v, du, dv: add(multiply(du, v), multiply(u, dv)),
    "/": lambda u, v, du, dv: divide(subtract(du, multiply(divide(u, v), dv)), v),
    "%": lambda u, v, du, dv: subtract(du, multiply(fold("//", u, v), dv)),
    "//": lambda u, v, du, dv: ZERO,
    "**": _power_slope,
}
