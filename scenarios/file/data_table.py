"""From the `[data]` table to a source of data: files read, everything that spans several keys checked."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import UNSET

from scenarios.data import DataSource, Drawn, Given, Points, refuse_infinite
from scenarios.errors import nearest, quoted
from scenarios.file.csv_samples import Layout, Samples
from scenarios.file.data_files import layout_of, points_in, read_points, relabelled, samples_in
from scenarios.file.data_laws import function_law, kind_law, label_pair
from scenarios.file.data_schema import (
    SOURCES,
    CsvTable,
    DataTable,
    DistributionTable,
    ExpressionTable,
    PointsTable,
)
from scenarios.file.document import Document

_TEST_KEYS = ("test_samples", "test_fraction", "test_csv", "test_points")


def read_data(document: Document, raw: dict[str, Any]) -> DataSource:
    """Check the `[data]` table and read its files; raises ScenarioError."""
    key = _source_key(document, raw)
    table: DataTable = document.convert(raw, SOURCES[key], ("data",))
    tests = [test for test in _TEST_KEYS if test in raw]
    if len(tests) > 1:
        raise document.error(("data", tests[1]), f"found beside {quoted(tests[0])}; allowed: one of them")
    source = (
        _drawn(document, key, table)
        if isinstance(table, DistributionTable | ExpressionTable)
        else _given(document, key, table)
    )
    if source.standardize == "all" and (source.sample().labels or source.sample().classes):
        raise document.error(("data", "standardize"), 'found "all"; allowed: true or false, as y are labels')
    _refuse_unfit(document, source, "test_points" if "test_points" in raw else "test_csv")
    return source


def _source_key(document: Document, raw: dict[str, Any]) -> str:
    """The one key that says where the data come from."""
    given = [key for key in SOURCES if key in raw]
    if len(given) == 1:
        return given[0]
    allowed = "allowed: one of " + ", ".join(map(quoted, SOURCES))
    if given:
        raise document.error(("data", given[1]), f"found beside {quoted(given[0])}; {allowed}")
    hints = [hint for key in raw if (hint := nearest(key, SOURCES))]
    raise document.error(("data",), f"does not say where the data come from; {allowed}{''.join(hints[:1])}")


def _drawn(document: Document, key: str, table: DistributionTable | ExpressionTable) -> Drawn:
    samples, tests = table.samples, 0 if table.test_samples is UNSET else table.test_samples
    if table.test_fraction is not UNSET:
        tests = _held_out(document, table.test_fraction, samples)
        samples -= tests
    if isinstance(table, ExpressionTable):
        law = function_law(document, table, samples)
    else:
        law = kind_law(document, table)
    return Drawn(key, _seed(table), table.standardize, _test_part(document, table), law, samples, tests)


def _given(document: Document, key: str, table: DataTable) -> Given:
    assert isinstance(table, PointsTable | CsvTable)
    if table.test_samples is not UNSET and table.test_samples > 0:
        allowed = "test_fraction, test_csv or test_points, for points that are given"
        message = f"found {table.test_samples}; allowed: {allowed}"
        raise document.error(("data", "test_samples"), message)
    fraction = 0.0 if table.test_fraction is UNSET else table.test_fraction
    labels = label_pair(table.labels)
    if isinstance(table, PointsTable):
        samples = points_in(document, table)
    else:
        samples = samples_in(document, table.csv, key, layout_of(document, table))
    _held_out(document, fraction, len(samples.x))
    test = _test_part(document, table, samples, labels)
    y, classes = samples.y, samples.names.classes
    if classes and isinstance(table, CsvTable):
        y = relabelled(y, labels)
    if len(classes) == 2 and labels is None:
        labels = (0.0, 1.0)
    return Given(key, _seed(table), table.standardize, test, samples.x, y, fraction, labels, samples.names)


def _seed(table: DataTable) -> int | None:
    return None if table.seed is UNSET else table.seed


def _held_out(document: Document, fraction: float, samples: int) -> int:
    """How many samples a test_fraction takes."""
    tests = round(fraction * samples)
    if tests == samples:
        message = f"found {fraction}; allowed: what leaves a training part of {samples:,} samples"
        raise document.error(("data", "test_fraction"), message)
    return tests


def _test_part(
    document: Document, table: DataTable, samples: Samples | None = None, labels: tuple[float, float] | None = None
) -> Points | None:
    """The samples of the test part, where they are given; with names and labels as those to train on have them."""
    if table.test_points is not UNSET:
        outputs = 1 if samples is None else samples.y.shape[-1]
        return read_points(document, table.test_points, outputs, "test_points")
    if table.test_csv is UNSET:
        return None
    layout = Layout()
    if samples is not None:
        names = samples.names
        decimal = table.decimal if isinstance(table, CsvTable) else "."
        layout = Layout(names.inputs, names.outputs, decimal, names.classes)
    test = samples_in(document, table.test_csv, "test_csv", layout)
    if test.names.classes != layout.classes:
        message = f"found classes such as {quoted(test.names.classes[0])}; allowed: numbers, as in the training part"
        raise document.error(("data", "test_csv"), message)
    return test.x, relabelled(test.y, labels) if layout.classes else test.y


def _refuse_unfit(document: Document, source: DataSource, test_key: str) -> None:
    """Refuse numbers that are not finite, and parts that do not fit each other or the labels."""
    data = source.sample()
    try:
        refuse_infinite(data)
    except ValueError as error:
        raise document.error(("data", source.key), str(error)) from None
    for name, train, test in (("inputs", data.x, data.x_test), ("y", data.y, data.y_test)):
        if train.shape[-1] != test.shape[-1]:
            message = f"found {test.shape[-1]} {name}; allowed: {train.shape[-1]}, as in the training part"
            raise document.error(("data", test_key), message)
    if data.labels is not None:
        y = np.concatenate([data.y, data.y_test])
        other = y[~np.isin(y, data.labels)]
        if other.size:
            message = f"some y are {other[0]:g}; allowed: {data.labels[0]:g} and {data.labels[1]:g}"
            raise document.error(("data", "labels"), message)
