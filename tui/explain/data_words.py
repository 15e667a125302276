"""What a scenario's data are, in words: where they come from, how many, what is in, what comes out."""

from __future__ import annotations

from collections.abc import Sequence

from scenarios.data import Given
from scenarios.runs.build import dataset
from scenarios.scenario import Scenario
from tui.explain.names import brief
from tui.render.numbers import num

LISTED = 8
"""Names that are listed."""


def data_lines(scenario: Scenario) -> list[str]:
    """A line on where the samples come from, and for a file what its columns and classes are called and scaled by.

    Nothing where all lanes are functions. Raises ScenarioError where the data cannot be drawn.
    """
    source = scenario.data
    if not isinstance(source, Given) or not (source.names.inputs or source.names.classes or source.standardize):
        return []
    data = dataset(scenario)
    assert data is not None
    names = source.names
    inputs = names.inputs or [f"x{number}" for number in range(1, data.x.shape[1] + 1)]
    lines = [f"{len(data.x):,} samples to train on, {len(data.x_test):,} to test"]
    if data.mean is None or data.deviation is None:
        lines.append(f"inputs: {_listed(inputs)}")
    else:
        scaled = [
            f"{brief(name)} (mean {num(mean)}, deviation {num(deviation)})"
            for name, mean, deviation in zip(inputs[:LISTED], data.mean, data.deviation, strict=False)
        ]
        lines.append(f"inputs, standardized: {_listed(scaled, len(inputs))}")
    if names.outputs:
        lines.append(f"outputs: {_listed(names.outputs)}")
    if names.classes:
        values = data.labels or range(len(names.classes))
        numbered = [f"{value:g} {brief(name)}" for value, name in zip(values, names.classes, strict=False)]
        lines.append(f"classes: {_listed(numbered)}")
    return lines


def _listed(names: Sequence[str], count: int = 0) -> str:
    more = max(count, len(names)) - LISTED
    return ", ".join([*map(str, names[:LISTED]), *([f"… and {more:,} more"] if more > 0 else [])])
