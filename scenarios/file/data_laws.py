"""The laws that data are drawn from: a kind with its keys, or a function with its domain."""

from __future__ import annotations

import math

from msgspec import UNSET, UnsetType

from nncore.arrays import Array
from nncore.datasets import Data, from_function, make
from nncore.kinds import DISTRIBUTIONS
from scenarios.data import Law
from scenarios.expressions.expression import Expression, ExpressionError, parse
from scenarios.file.data_schema import DistributionTable, ExpressionTable, Interval, Labelled, Labels
from scenarios.file.document import Document


def kind_law(document: Document, table: DistributionTable) -> Law:
    """The law of a kind of data; raises ScenarioError."""
    own = [name for name in table.__struct_fields__ if name not in Labelled.__struct_fields__]
    kind = DISTRIBUTIONS[str(table.__struct_config__.tag)](**{name: getattr(table, name) for name in own})
    labels = label_pair(table.labels) if isinstance(table, Labelled) else None
    if labels and kind.classes != 2:
        raise document.error(("data", "labels"), f"found with {kind.classes} classes; allowed: with 2")

    def law(samples: int, tests: int, seed: int) -> Data:
        return make(kind, samples, tests, table.noise, labels, seed)

    return law


def label_pair(labels: Labels | UnsetType) -> tuple[float, float] | None:
    """The labels of the two classes as numbers, if they are given."""
    return None if labels is UNSET else (float(labels[0]), float(labels[1]))


def function_law(document: Document, table: ExpressionTable, samples: int) -> Law:
    """The law of y as a function of x, or of x1 and x2, for a training part of that size; raises ScenarioError."""
    expression = _expression(document, table.expression)
    names = ("x1", "x2") if expression.names & {"x1", "x2"} else ("x",)
    domain = _domain(document, table, len(names))
    side = round(samples ** (1 / len(names)))
    if table.sampling == "grid" and side ** len(names) != samples:
        message = f"found a training part of {samples}; allowed: a square such as {side**2}, for a grid of x1 and x2"
        raise document.error(("data", "samples"), message)

    def function(x: Array) -> Array:
        return expression.evaluate({name: x[..., i] for i, name in enumerate(names)})[..., None]

    def law(samples: int, tests: int, seed: int) -> Data:
        return from_function(function, domain, table.sampling, samples, tests, table.noise, seed)

    return law


def _expression(document: Document, text: str) -> Expression:
    try:
        expression = parse(text)
        expression.require(("x1", "x2") if expression.names & {"x1", "x2"} else ("x",))
    except ExpressionError as error:
        raise document.error(("data", "expression"), str(error)) from None
    return expression


def _domain(document: Document, table: ExpressionTable, inputs: int) -> tuple[Interval, ...]:
    """One interval for each input."""
    first, second = table.domain
    domain: tuple[Interval, ...]
    if isinstance(first, tuple) and isinstance(second, tuple) and inputs == 2:
        domain = (first, second)
    elif isinstance(first, float) and isinstance(second, float):
        domain = ((first, second),) * inputs
    else:
        message = "found pairs of numbers; allowed: [low, high], or one such pair for x1 and one for x2"
        raise document.error(("data", "domain"), message)
    for low, high in domain:
        if not low < high or not math.isfinite(high - low):
            message = f"found [{low:g}, {high:g}]; allowed: the lower end first, and a finite length"
            raise document.error(("data", "domain"), message)
    return domain
