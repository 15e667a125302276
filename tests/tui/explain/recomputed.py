"""Works out sums as they stand on the screen, and how far off their printed digits allow the result to be."""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """All that a number can be of which only some digits are printed."""

    low: float
    high: float

    @staticmethod
    def around(*values: float) -> Range:
        return Range(min(values), max(values))

    def __neg__(self) -> Range:
        return Range(-self.high, -self.low)

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return self + -other

    def __mul__(self, other: Range) -> Range:
        return Range.around(*(one * two for one in (self.low, self.high) for two in (other.low, other.high)))

    def __truediv__(self, other: Range) -> Range:
        if other.low <= 0 <= other.high:
            return Range(-math.inf, math.inf)
        return self * Range(1 / other.high, 1 / other.low)

    def __pow__(self, power: Range) -> Range:
        ends = Range.around(self.low**power.low, self.high**power.low)
        return Range(0.0, ends.high) if power.low % 2 == 0 and self.low < 0 < self.high else ends

    def meets(self, other: Range) -> bool:
        rounding = 1e-12 * max(abs(self.low), abs(self.high), abs(other.low), 1e-300)
        return self.low <= other.high + rounding and other.low <= self.high + rounding


def printed(text: str) -> Range:
    """What a printed number can be: four digits are rounded to them, fewer are exact."""
    digits, _, exponent = text.lower().partition("e")
    whole, _, fraction = digits.partition(".")
    half = 0.5 * 10.0 ** (int(exponent or 0) - len(fraction))
    if len((whole + fraction).lstrip("-0")) < 4:
        half = 0.0
    return Range(float(text) - half, float(text) + half)


_MONOTONE = {"sqrt": lambda v: math.sqrt(max(v, 0.0)), "exp": math.exp, "sign": lambda v: (v > 0) - (v < 0)}
_SIGNS = {"·": "*", "²": "**2", "^": "**", "½": "0.5"}
_OPERATORS = {
    ast.Add: Range.__add__,
    ast.Sub: Range.__sub__,
    ast.Mult: Range.__mul__,
    ast.Div: Range.__truediv__,
    ast.Pow: Range.__pow__,
}


def worked_out(text: str) -> Range:
    """What arithmetic on the screen comes to; raises SyntaxError for what is none."""
    text = re.sub(r" \((?:the other[^)]*)\)", "", text)
    text = re.sub(r"\be\^(\([^)]*\)|[\d.]+(?:e[-+]\d+)?)", r"exp(\1)", text)
    text = re.sub(r"√([\d.]+(?:e[-+]\d+)?)", r"sqrt(\1)", text).replace("√", "sqrt")
    for sign, python in _SIGNS.items():
        text = text.replace(sign, python)

    def value(node: ast.expr) -> Range:
        match node:
            case ast.Constant():
                return printed(ast.get_source_segment(text, node))
            case ast.UnaryOp(ast.USub(), operand):
                return -value(operand)
            case ast.BinOp(left, operator, right):
                return _OPERATORS[type(operator)](value(left), value(right))
            case ast.Call(ast.Name("max" | "min" as name), arguments):
                parts, pick = [value(argument) for argument in arguments], {"max": max, "min": min}[name]
                return Range(pick(part.low for part in parts), pick(part.high for part in parts))
            case ast.Call(ast.Name(name), [argument]):
                inside = value(argument)
                return Range(_MONOTONE[name](inside.low), _MONOTONE[name](inside.high))
        raise SyntaxError(text)

    return value(ast.parse(text, mode="eval").body)
