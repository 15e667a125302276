"""Gradients and Hessians of expressions by forward jets: the chain rule carried through the tree with its values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from itertools import product
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from nncore.arrays import Array
from scenarios.errors import quoted
from scenarios.expressions.expression import Expression, ExpressionError
from scenarios.expressions.functions import COMPUTE
from scenarios.expressions.tree import Comparison, FirstStep, Logic, Node, Number, Operation, Quantity, render, walk

Value = Array | float
Key = TypeVar("Key", str, tuple[str, str])


def value_and_gradient(expression: Expression, values: Mapping[str, npt.ArrayLike]) -> tuple[Array, Array]:
    """The value (…) where the variables have the values (…), and the derivatives (…, variables) by each, in order.

    At kinks: abs has the derivative 0 at 0; min and max follow the argument selected, at a tie one that does not
    depend on the variable if there is one (as ReLU′(0) = 0), else the first. floor, ceil, sign and // have the
    derivative 0 everywhere, and so have comparisons (see `require_differentiable`).
    """
    jet, shape = _expand(expression, values, order=1)
    value, gradient = np.empty(shape), np.empty((*shape, len(values)))
    value[...] = jet.value
    for i, name in enumerate(values):
        gradient[..., i] = jet.first.get(name, 0.0)
    return value, gradient


def hessian(expression: Expression, values: Mapping[str, npt.ArrayLike]) -> Array:
    """The second derivatives, (…, variables, variables); kinks as in `value_and_gradient`."""
    jet, shape = _expand(expression, values, order=2)
    result = np.empty((*shape, len(values), len(values)))
    for (i, name), (j, other) in product(enumerate(values), repeat=2):
        result[..., i, j] = jet.second.get((min(name, other), max(name, other)), 0.0)
    return result


def require_differentiable(expression: Expression, names: Iterable[str]) -> None:
    """Raises ExpressionError where a comparison of one of these variables stands for a number."""
    for name, node in product(names, _comparisons(expression.root)):
        if any(part == Quantity(None, name) for part in walk(node)):
            raise ExpressionError(
                f"the comparison {quoted(render(node))} has no derivative by {quoted(name)}; "
                'a choice is written "where(condition, value, otherwise)"'
            )


def _comparisons(node: Node) -> Iterator[Node]:
    """The truth values that stand for numbers, which the condition of `where` does not."""
    if isinstance(node, Comparison | Logic):
        yield node
    else:
        choice = isinstance(node, Operation) and node.name == "where"
        for operand in node.operands[choice:]:
            yield from _comparisons(operand)


class _Jet(NamedTuple):
    """A value with its derivatives by the variables that it depends on; those that are missing are 0.

    second: by pairs of variables, each pair in the order of the alphabet; empty where only first ones are wanted.
    """

    value: Value
    first: Mapping[str, Value] = {}
    second: Mapping[tuple[str, str], Value] = {}


def _expand(expression: Expression, values: Mapping[str, npt.ArrayLike], order: int) -> tuple[_Jet, tuple[int, ...]]:
    """The jet of an expression and the shape that its derivatives broadcast to."""
    arrays = {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}
    shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
    variables = {name: _Jet(array[()], {name: 1.0}) for name, array in arrays.items()}
    with np.errstate(all="ignore"):
        return _jet(expression.root, variables, order), shape


def _jet(node: Node, variables: Mapping[str, _Jet], order: int) -> _Jet:
    if isinstance(node, Number):
        return _Jet(np.float64(node.value))
    if isinstance(node, Quantity):
        return variables[node.name]
    if isinstance(node, Operation) and node.name != "where":
        jets = [_jet(operand, variables, order) for operand in node.operands]
        return reduce(partial(_extreme, node.name), jets) if node.name in _EXTREMES else _chain(node.name, jets, order)

    def value_of(leaf: Quantity | FirstStep) -> Value:
        return variables[str(leaf)].value

    if isinstance(node, Operation):
        chosen, *branches = node.operands
        mask = chosen.evaluate(value_of)
        u, v = (_jet(branch, variables, order) for branch in branches)
        return _select(lambda *_: mask, np.where(mask, u.value, v.value), u, v)
    return _Jet(np.asarray(node.evaluate(value_of), dtype=np.float64))


def _chain(name: str, operands: Sequence[_Jet], order: int) -> _Jet:
    """The chain rule for f(u₁, u₂): ∂ᵢ = Σₖ fₖ·∂ᵢuₖ and ∂ᵢⱼ = Σₖ fₖ·∂ᵢⱼuₖ + Σₖₘ fₖₘ·∂ᵢuₖ·∂ⱼuₘ."""
    values, rule = [jet.value for jet in operands], _RULES[name]
    first: dict[str, Value] = {}
    second: dict[tuple[str, str], Value] = {}
    for operand, derivative in zip(operands, rule.first, strict=True):
        if operand.first and derivative is not None:
            factor = derivative(*values) if callable(derivative) else derivative
            _add(first, factor, operand.first)
            if operand.second:
                _add(second, factor, operand.second)
    for (k, m), second_derivative in rule.second.items() if order == 2 else ():
        if operands[k].first and operands[m].first:
            factor = second_derivative(*values) if callable(second_derivative) else second_derivative
            for one, other in sorted({(k, m), (m, k)}):
                pairs = product(operands[one].first.items(), operands[other].first.items())
                _add(second, factor, {(i, j): di * dj for (i, di), (j, dj) in pairs if i <= j})
    return _Jet(COMPUTE[name](*values), first, second)


def _add(sums: dict[Key, Value], factor: Value, derivatives: Mapping[Key, Value]) -> None:
    for key, derivative in derivatives.items():
        term = factor * derivative
        sums[key] = sums[key] + term if key in sums else term


def _select(chosen: Callable[..., Any], value: Value, u: _Jet, v: _Jet) -> _Jet:
    """The derivatives of u where `chosen` is true of the variables concerned, else those of v."""
    return _Jet(
        value,
        {i: np.where(chosen(i), u.first.get(i, 0.0), v.first.get(i, 0.0)) for i in {**u.first, **v.first}},
        {ij: np.where(chosen(*ij), u.second.get(ij, 0.0), v.second.get(ij, 0.0)) for ij in {**u.second, **v.second}},
    )


_EXTREMES = {"max": (np.greater, np.greater_equal), "min": (np.less, np.less_equal)}


def _extreme(name: str, u: _Jet, v: _Jet) -> _Jet:
    beyond, at_least = _EXTREMES[name]

    def chosen(*variables: str) -> Any:
        return (at_least if v.first.keys() >= set(variables) else beyond)(u.value, v.value)

    return _select(chosen, COMPUTE[name](u.value, v.value), u, v)


_Partial = float | Callable[..., Value]
"""A partial derivative as a function of the operands' values, or a constant."""


@dataclass(frozen=True)
class _Rule:
    """The first and second derivatives of an operation by its operands; those that are None or missing are 0."""

    first: tuple[_Partial | None, ...]
    second: Mapping[tuple[int, int], _Partial] = field(default_factory=dict)


def _unary(first: _Partial | None, second: _Partial | None = None) -> _Rule:
    return _Rule((first,), {} if second is None else {(0, 0): second})


def _power(factor: Value, u: Value, exponent: Value) -> Value:
    """factor·u^exponent; 0 where the factor is 0, also where the power is infinite."""
    return factor * np.power(u, exponent * (factor != 0.0))


def _sech2(u: Value) -> Value:
    return 1.0 - np.tanh(u) ** 2


def _sec2(u: Value) -> Value:
    return 1.0 + np.tan(u) ** 2


_LN2, _LN10 = math.log(2.0), math.log(10.0)

_RULES: dict[str, _Rule] = {
    "+": _Rule((1.0, 1.0)),
    "-": _Rule((1.0, -1.0)),
    "*": _Rule((lambda u, v: v, lambda u, v: u), {(0, 1): 1.0}),
    "/": _Rule(
        (lambda u, v: 1.0 / v, lambda u, v: -(u / v) / v),
        {(0, 1): lambda u, v: -1.0 / (v * v), (1, 1): lambda u, v: 2.0 * (u / v) / (v * v)},
    ),
    "//": _Rule((None, None)),
    "%": _Rule((1.0, lambda u, v: -np.floor_divide(u, v))),
    "**": _Rule(
        (lambda u, v: _power(v, u, v - 1.0), lambda u, v: np.power(u, v) * np.log(u)),
        {
            (0, 0): lambda u, v: _power(v * (v - 1.0), u, v - 2.0),
            (0, 1): lambda u, v: np.power(u, v - 1.0) * (1.0 + v * np.log(u)),
            (1, 1): lambda u, v: np.power(u, v) * np.log(u) ** 2,
        },
    ),
    "neg": _unary(-1.0),
    "sin": _unary(np.cos, lambda u: -np.sin(u)),
    "cos": _unary(lambda u: -np.sin(u), lambda u: -np.cos(u)),
    "tan": _unary(_sec2, lambda u: 2.0 * np.tan(u) * _sec2(u)),
    "asin": _unary(lambda u: 1.0 / np.sqrt(1.0 - u * u), lambda u: u / (1.0 - u * u) ** 1.5),
    "acos": _unary(lambda u: -1.0 / np.sqrt(1.0 - u * u), lambda u: -u / (1.0 - u * u) ** 1.5),
    "atan": _unary(lambda u: 1.0 / (1.0 + u * u), lambda u: -2.0 * u / (1.0 + u * u) ** 2),
    "sinh": _unary(np.cosh, np.sinh),
    "cosh": _unary(np.sinh, np.cosh),
    "tanh": _unary(_sech2, lambda u: -2.0 * np.tanh(u) * _sech2(u)),
    "exp": _unary(np.exp, np.exp),
    "log": _unary(lambda u: 1.0 / u, lambda u: -1.0 / (u * u)),
    "log2": _unary(lambda u: 1.0 / (_LN2 * u), lambda u: -1.0 / (_LN2 * u * u)),
    "log10": _unary(lambda u: 1.0 / (_LN10 * u), lambda u: -1.0 / (_LN10 * u * u)),
    "sqrt": _unary(lambda u: 1.0 / (2.0 * np.sqrt(u)), lambda u: -1.0 / (4.0 * u * np.sqrt(u))),
    "abs": _unary(np.sign),
    "sign": _unary(None),
    "floor": _unary(None),
    "ceil": _unary(None),
}
