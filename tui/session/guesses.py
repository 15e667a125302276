"""What a learner said before it was shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scenarios.expressions.expression import ExpressionError, parse

Guess = bool | float
"""The answer to a question of the lesson: a comparison's truth, or a number."""


@dataclass(frozen=True)
class Answered:
    """The answer to a question about the number that comes next, and what it is; signs are −1, 0 and 1.

    late: the number had been seen before.
    """

    ask: str
    answer: float
    truth: float
    right: bool
    late: bool = False


CLOSE = 0.02
"""A number predicted this near, as a share of the true one, is right."""


def close(guess: float, truth: float) -> bool:
    """Whether a number was predicted well enough."""
    return abs(guess - truth) <= CLOSE * abs(truth) + 1e-12


def read_number(text: str) -> float:
    """A number that was typed, or the value of arithmetic; raises ValueError."""
    try:
        expression = parse(text.replace("−", "-").replace("·", "*").replace("^", "**"))
        expression.require(())
        value = float(expression.evaluate({}))
    except ExpressionError as error:
        raise ValueError(f"{error}; allowed: a number, or arithmetic such as -0.5*(1 - 2)") from None
    if not math.isfinite(value):
        raise ValueError("allowed: a number, or arithmetic such as -0.5*(1 - 2)")
    return value
