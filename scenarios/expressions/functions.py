"""The operators, functions and constants of expressions, in float64 and with NumPy's inf and nan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

import numpy as np
import numpy.typing as npt

Value = npt.NDArray[Any] | np.generic | float
Compute = Callable[..., Any]


def _float64(ufunc: np.ufunc) -> Compute:
    """The ufunc with truth values counted as 0 and 1."""
    return partial(ufunc, dtype=np.float64)


def _extreme(ufunc: np.ufunc) -> Compute:
    return lambda *values: reduce(_float64(ufunc), values)


def _differ(left: Value, right: Value) -> Value:
    """left != right, but False where either is nan, as in every other comparison."""
    return np.logical_or(np.less(left, right), np.greater(left, right))


@dataclass(frozen=True)
class ScalarFunction:
    """A named function and how many arguments it takes, at least and at most."""

    compute: Compute
    least: int = 1
    most: float = 1


FUNCTIONS: dict[str, ScalarFunction] = {
    "sin": ScalarFunction(_float64(np.sin)),
    "cos": ScalarFunction(_float64(np.cos)),
    "tan": ScalarFunction(_float64(np.tan)),
    "asin": ScalarFunction(_float64(np.arcsin)),
    "acos": ScalarFunction(_float64(np.arccos)),
    "atan": ScalarFunction(_float64(np.arctan)),
    "sinh": ScalarFunction(_float64(np.sinh)),
    "cosh": ScalarFunction(_float64(np.cosh)),
    "tanh": ScalarFunction(_float64(np.tanh)),
    "exp": ScalarFunction(_float64(np.exp)),
    "log": ScalarFunction(_float64(np.log)),
    "log2": ScalarFunction(_float64(np.log2)),
    "log10": ScalarFunction(_float64(np.log10)),
    "sqrt": ScalarFunction(_float64(np.sqrt)),
    "abs": ScalarFunction(_float64(np.absolute)),
    "sign": ScalarFunction(_float64(np.sign)),
    "floor": ScalarFunction(_float64(np.floor)),
    "ceil": ScalarFunction(_float64(np.ceil)),
    "min": ScalarFunction(_extreme(np.minimum), 2, math.inf),
    "max": ScalarFunction(_extreme(np.maximum), 2, math.inf),
    "where": ScalarFunction(np.where, 3, 3),
}

OPERATORS: dict[str, Compute] = {
    "+": _float64(np.add),
    "-": _float64(np.subtract),
    "*": _float64(np.multiply),
    "/": _float64(np.divide),
    "//": _float64(np.floor_divide),
    "%": _float64(np.remainder),
    "**": _float64(np.power),
    "neg": _float64(np.negative),
}

COMPUTE: dict[str, Compute] = OPERATORS | {name: function.compute for name, function in FUNCTIONS.items()}

COMPARISONS: dict[str, Compute] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": _differ,
}

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e}
