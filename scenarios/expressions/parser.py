"""Reads the text of an expression into its tree.

Python's own grammar does the parsing (`ast`); a whitelist of its nodes becomes the tree of
`scenarios.expressions.tree`, everything else is refused in words, and nothing is ever run as Python.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Iterable

from scenarios.errors import nearest, quoted
from scenarios.expressions.functions import CONSTANTS, FUNCTIONS
from scenarios.expressions.tree import Comparison, FirstStep, Logic, Node, Number, Operation, Quantity, is_truth

MAX_CHARACTERS = 1_000
MAX_DEPTH = 50

RESERVED = frozenset({*FUNCTIONS, *CONSTANTS, "first_step", "any", "all"})
"""Words with a meaning of their own: no name for a variable or a lane."""

_ARGUMENTS = {name: (function.least, function.most) for name, function in FUNCTIONS.items()} | {"first_step": (1, 1)}

_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}
_COMPARISON: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_FOREIGN = re.compile(r"[^\w\s.,()\[\]+\-*/%<>=!]|(?<![<>=!])=(?!=)")
_INSTEAD = {"^": "**", "&": "and", "|": "or", "~": "not", "=": "==", "·": "*", "×": "*", "−": "-"}
_ALLOWED = "an expression has numbers, names, + - * / // % **, comparisons, and, or, not and functions"


class ExpressionError(ValueError):
    """Says on one line what is wrong with an expression, what is allowed, and which known name is nearest."""


def read(text: str) -> Node:
    """The tree of an expression; raises ExpressionError for any text that is none."""
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(f"the expression has {len(text):,} characters, at most {MAX_CHARACTERS:,} are allowed")
    if not text.strip():
        raise ExpressionError(f"the expression is empty; {_ALLOWED}")
    if foreign := _FOREIGN.search(text):
        character = foreign.group()
        hint = f'use "{_INSTEAD[character]}"' if character in _INSTEAD else _ALLOWED
        raise ExpressionError(f"{quoted(character)} is not allowed: {hint}")
    _check_brackets(text)
    line = "".join(" " if character.isspace() else character for character in text).strip()
    return _Reader(line).node(_python_tree(line), 0)


def _too_deep() -> ExpressionError:
    return ExpressionError(f"the expression is nested more than {MAX_DEPTH} deep; group a long sum with brackets")


def _check_brackets(text: str) -> None:
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if depth > MAX_DEPTH:
            raise _too_deep()


def _python_tree(line: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(line, mode="eval").body
    except SyntaxError as error:
        place = f" near {quoted(line[max(error.offset - 1, 0) :])}" if error.offset else ""
        raise ExpressionError(f"not an expression{place} ({error.msg}); {_ALLOWED}") from None
    except (RecursionError, MemoryError):
        raise _too_deep() from None


class _Reader:
    """Turns Python's tree of one line into ours."""

    def __init__(self, line: str) -> None:
        self.line = line

    def node(self, tree: ast.expr, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise _too_deep()
        match tree:
            case ast.Constant(value=value):
                return self._number(tree, value)
            case ast.Name(id=name) if name in CONSTANTS:
                return Number(CONSTANTS[name])
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self._quantity(tree)
            case ast.Call():
                return self._call(tree, depth)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return Operation(_ARITHMETIC[type(op)], self._nodes([left, right], depth))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.node(operand, depth + 1)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.node(operand, depth + 1)
                return Number(-inner.value) if isinstance(inner, Number) else Operation("neg", (inner,))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._logic("not", [operand], depth)
            case ast.BoolOp(op=op, values=values):
                return self._logic("and" if isinstance(op, ast.And) else "or", values, depth)
            case ast.Compare(left=left, ops=ops, comparators=others) if all(type(o) in _COMPARISON for o in ops):
                return Comparison(tuple(_COMPARISON[type(o)] for o in ops), self._nodes([left, *others], depth))
            case ast.IfExp():
                raise self._refuse(tree, 'use "where(condition, value, otherwise)"')
        raise self._refuse(tree, _ALLOWED)

    def _nodes(self, trees: Iterable[ast.expr], depth: int) -> tuple[Node, ...]:
        return tuple(self.node(tree, depth + 1) for tree in trees)

    def _number(self, tree: ast.Constant, value: object) -> Number:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._refuse(tree, _ALLOWED)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self._refuse(tree, "a number is at most 1.8e308")
        return Number(number)

    def _quantity(self, tree: ast.expr) -> Quantity:
        match tree:
            case ast.Name(id=name):
                if name in RESERVED:
                    raise self._refuse(tree, _usage(name))
                return Quantity(None, name)
            case ast.Attribute(value=ast.Name(id=lane), attr=name):
                return Quantity(lane, name)
            case ast.Subscript(value=ast.Name() | ast.Attribute() as whole, slice=inside):
                quantity = self._quantity(whole)
                return Quantity(quantity.lane, quantity.name, self._indices(tree, inside))
        raise self._refuse(tree, 'a quantity is written "lane.name", "lane.name[layer]" or "lane.W2[3,1]"')

    def _indices(self, tree: ast.expr, inside: ast.expr) -> tuple[int, ...]:
        """The whole numbers in brackets."""
        parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        indices = tuple(part.value for part in parts if isinstance(part, ast.Constant) and type(part.value) is int)
        if not 0 < len(indices) == len(parts) <= 2:
            raise self._refuse(tree, "the brackets hold a layer's number or indices: [2], [3,1]")
        return indices

    def _call(self, tree: ast.Call, depth: int) -> Node:
        if not isinstance(tree.func, ast.Name):
            raise self._refuse(tree.func, "a function is called by its plain name, and a product needs *")
        name = tree.func.id
        if name not in _ARGUMENTS:
            known = ", ".join(_ARGUMENTS)
            hint = f"; {_usage(name)}" if name in RESERVED else nearest(name, _ARGUMENTS)
            raise ExpressionError(f"unknown function {quoted(name)}; known: {known}{hint}")
        least, most = _ARGUMENTS[name]
        if tree.keywords or not least <= len(tree.args) <= most:
            raise self._refuse(tree, _usage(name))
        operands = self._nodes(tree.args, depth)
        if name in ("first_step", "where") and not is_truth(operands[0]):
            raise self._refuse(tree, f'"{name}" begins with a comparison, such as a < b')
        return FirstStep(operands[0]) if name == "first_step" else Operation(name, operands)

    def _logic(self, operator: str, trees: list[ast.expr], depth: int) -> Logic:
        operands = self._nodes(trees, depth)
        for tree, operand in zip(trees, operands, strict=True):
            if not is_truth(operand):
                raise self._refuse(tree, f'"{operator}" takes comparisons, such as a < b, and this is a number')
        return Logic(operator, operands)

    def _refuse(self, tree: ast.expr, reason: str) -> ExpressionError:
        return ExpressionError(f"{quoted(ast.get_source_segment(self.line, tree) or '')} is not allowed: {reason}")


def _usage(name: str) -> str:
    """How a reserved word is used."""
    if name in CONSTANTS:
        return f'"{name}" is a number'
    if name in ("any", "all"):
        return f'"{name}." ranges over the lanes, such as {name}.grad_norm > 100'
    least, most = _ARGUMENTS[name]
    count = f"{least} argument" if least == 1 else f"{least} arguments"
    more = " or more" if most > least else ""
    return f'"{name}" is a function of {count}{more}'
