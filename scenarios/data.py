"""A scenario's data: the `[data]` table checked, with its files read, ready to be drawn for any seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from msgspec import UNSET, to_builtins

from nncore.arrays import Array
from nncore.datasets import Data, from_function, from_points, make, standardize
from nncore.kinds import KINDS, Function
from scenarios.csv_file import read_samples
from scenarios.data_schema import SOURCES, CsvTable, ExpressionTable, Interval, KindTable, PointsTable
from scenarios.document import Document
from scenarios.expressions import Expression, ExpressionError, parse
from scenarios.names import quoted

Points = tuple[Array, Array]
Table = KindTable | ExpressionTable | PointsTable | CsvTable

_TESTS = ("test_samples", "test_fraction", "test_csv")
_COMMON = {"kind", "samples", "noise", "labels", "seed", "standardize", *_TESTS}


@dataclass(frozen=True, eq=False)
class DataSource:
    """Where data come from. points, test: samples (x, y) given in a file. seed: the data's own, if any.

    expression: y as a function of the inputs.
    """

    table: Table
    seed: int | None
    points: Points | None
    test: Points | None
    expression: Expression | None

    @property
    def shared(self) -> bool:
        """Whether all seeds of the scenario have the same data."""
        return self.seed is not None or (self.points is not None and self.table.test_fraction is UNSET)

    def draw(self, seed: int) -> Data:
        """The data for a seed of the scenario; raises ValueError for what cannot be drawn."""
        seed = seed if self.seed is None else self.seed
        data = self._drawn(seed)
        if self.test is not None:
            data = replace(data, x_test=self.test[0], y_test=self.test[1])
        return standardize(data) if self.table.standardize else data

    def _drawn(self, seed: int) -> Data:
        table = self.table
        if self.points is not None:
            assert isinstance(table, PointsTable | CsvTable)
            return self._from_points(table, self.points, seed)
        assert isinstance(table, KindTable | ExpressionTable)
        samples = table.samples
        if table.test_fraction is not UNSET:
            tests = round(samples * table.test_fraction)
            samples -= tests
        else:
            tests = 0 if table.test_samples is UNSET else table.test_samples
        if isinstance(table, ExpressionTable):
            assert self.expression is not None
            domain = _domain(table, self.expression)
            function = _function(self.expression)
            return from_function(function, domain, table.sampling, samples, tests, table.noise, seed)
        keys = {key: value for key, value in to_builtins(table).items() if key not in _COMMON}
        labels = getattr(table, "labels", UNSET)
        kind = KINDS[table.__struct_config__.tag](**keys)
        return make(kind, samples, tests, table.noise, None if labels is UNSET else labels, seed)

    def _from_points(self, table: PointsTable | CsvTable, points: Points, seed: int) -> Data:
        fraction = 0.0 if table.test_fraction is UNSET else table.test_fraction
        data = from_points(*points, test_fraction=fraction, seed=seed)
        if table.labels is UNSET:
            return data
        low, high = (float(label) for label in table.labels)
        return replace(data, labels=(low, high), classes=2 if low == 0 else None)


def read_data(document: Document, raw: dict[str, Any]) -> DataSource:
    """Check the `[data]` table and read its files; raises ScenarioError."""
    given = [key for key in SOURCES if key in raw]
    if len(given) != 1:
        found = " and ".join(map(quoted, given)) or "none of them"
        allowed = "one of " + ", ".join(map(quoted, SOURCES))
        raise document.error(("data",), f"found {found}; allowed: {allowed}")
    table: Table = document.convert(raw, SOURCES[given[0]], ("data",))
    tests = [key for key in _TESTS if key in raw]
    if len(tests) > 1:
        message = f"found {' and '.join(map(quoted, tests))}; allowed: one of them"
        raise document.error(("data", tests[1]), message)
    points = _points(document, table)
    test = None
    if table.test_csv is not UNSET:
        test = _read_csv(document, table.test_csv, "test_csv")
    if points is not None and table.test_samples is not UNSET and table.test_samples > 0:
        message = "given points have no more samples to draw; allowed: test_fraction or test_csv"
        raise document.error(("data", "test_samples"), message)
    expression = _expression(document, table) if isinstance(table, ExpressionTable) else None
    seed = None if table.seed is UNSET else table.seed
    source = DataSource(table, seed, points, test, expression)
    return _tried(document, source)


def _tried(document: Document, source: DataSource) -> DataSource:
    """The source, if data can be drawn from it whose numbers are finite and whose parts fit each other."""
    try:
        data = source.draw(0)
    except ValueError as error:
        raise document.error(("data",), str(error)) from None
    for name, values in (("inputs", data.x), ("y", data.y)):
        if not np.isfinite(values).all():
            raise document.error(("data",), f"some {name} are not finite")
    if len(data.x) == 0:
        raise document.error(("data",), "found no training samples; allowed: at least 1")
    if data.x_test.shape[-1] != data.x.shape[-1] or data.y_test.shape[-1] != data.y.shape[-1]:
        raise document.error(("data", "test_csv"), "has other columns than the training part")
    labels = data.labels
    if labels is not None and not np.isin(np.concatenate([data.y, data.y_test]), labels).all():
        raise document.error(("data", "labels"), f"some y are neither {labels[0]:g} nor {labels[1]:g}")
    return source


def _points(document: Document, table: Table) -> Points | None:
    if isinstance(table, CsvTable):
        return _read_csv(document, table.csv, "csv")
    if not isinstance(table, PointsTable):
        return None
    width = len(table.points[0])
    for row, point in enumerate(table.points):
        if len(point) != width:
            message = f"found {len(point)} numbers; allowed: {width}, as in the first point"
            raise document.error(("data", "points", row), message)
    if width <= table.outputs:
        message = f"found {width} numbers with outputs = {table.outputs}; allowed: at least one input more"
        raise document.error(("data", "points", 0), message)
    values = np.array(table.points, dtype=np.float64)
    return values[:, : -table.outputs], values[:, -table.outputs :]


def _read_csv(document: Document, name: str, key: str) -> Points:
    try:
        return read_samples(document.folder, name)
    except ValueError as error:
        raise document.error(("data", key), str(error)) from None


def _expression(document: Document, table: ExpressionTable) -> Expression:
    path = ("data", "expression")
    try:
        expression = parse(table.expression)
        expression.require(("x1", "x2") if expression.names & {"x1", "x2"} else ("x",))
    except ExpressionError as error:
        raise document.error(path, str(error)) from None
    nested = [isinstance(end, tuple) for end in table.domain]
    if any(nested) != all(nested) or (all(nested) and "x" in expression.names):
        raise document.error(
            ("data", "domain"), "allowed: [low, high], or one such pair for each of x1 and x2"
        )
    for low, high in _domain(table, expression):
        if not low < high:
            message = f"found [{low:g}, {high:g}]; allowed: the lower end first"
            raise document.error(("data", "domain"), message)
    return expression


def _domain(table: ExpressionTable, expression: Expression) -> tuple[Interval, ...]:
    """One interval for each input."""
    first, second = table.domain
    if isinstance(first, tuple) and isinstance(second, tuple):
        return (first, second)
    assert isinstance(first, float)
    assert isinstance(second, float)
    return ((first, second),) * (2 if expression.names & {"x1", "x2"} else 1)


def _function(expression: Expression) -> Function:
    """The expression as a function from x (…, n, d) to y (…, n, 1)."""
    names = ("x1", "x2") if expression.names & {"x1", "x2"} else ("x",)

    def function(x: Array) -> Array:
        return expression.evaluate({name: x[..., i] for i, name in enumerate(names)})[..., None]

    return function
