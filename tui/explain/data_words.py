"""What a scenario's data are, in words: how many, what is in, what comes out."""

from __future__ import annotations

from collections.abc import Sequence

from nncore.arrays import Array
from nncore.datasets import Names
from scenarios.data import Given
from scenarios.runs.build import dataset
from scenarios.scenario import Scenario
from tui.explain.names import brief
from tui.render.numbers import num

LISTED = 8
"""Names that are listed."""


def data_lines(scenario: Scenario) -> list[str]:
    """How many samples there are, what their columns and classes are called, and how inputs are scaled.

    Nothing of data that have no names and are not scaled. Raises ScenarioError where they cannot be drawn.
    """
    source = scenario.data
    names = source.names if isinstance(source, Given) else Names()
    if source is None or not (names.inputs or names.classes or source.standardize):
        return []
    data = dataset(scenario)
    assert data is not None
    inputs = names.inputs or [f"x{number}" for number in range(1, data.x.shape[1] + 1)]
    lines = [f"{len(data.x):,} samples to train on, {len(data.x_test):,} to test"]
    lines.append(_columns("inputs", inputs, data.mean, data.deviation))
    outputs = names.outputs or [f"y{number}" for number in range(1, data.y.shape[1] + 1)]
    if names.outputs or data.y_mean is not None:
        lines.append(_columns("outputs", outputs, data.y_mean, data.y_deviation))
    if names.classes:
        values = data.labels or range(len(names.classes))
        numbered = [f"{value:g} {brief(name)}" for value, name in zip(values, names.classes, strict=False)]
        lines.append(f"classes: {_listed(numbered)}")
    return lines


def _columns(what: str, names: Sequence[str], means: Array | None, deviations: Array | None) -> str:
    """Names of columns, with the numbers by which they are scaled."""
    if means is None or deviations is None:
        return f"{what}: {_listed(names)}"
    scaled = [
        f"{brief(name)} (mean {num(mean)}, deviation {num(deviation)})"
        for name, mean, deviation in zip(names[:LISTED], means, deviations, strict=False)
    ]
    return f"{what}, standardized: {_listed(scaled, len(names))}"


def _listed(names: Sequence[str], count: int = 0) -> str:
    more = max(count, len(names)) - LISTED
    return ", ".join([*map(str, names[:LISTED]), *([f"… and {more:,} more"] if more > 0 else [])])
