"""The `[data]` table as it is written. Exactly one of four keys says where the data come from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from scenarios.file.schema import (
    MAX_NAME,
    MAX_SAMPLES,
    MAX_WIDTH,
    NonNegative,
    Positive,
    Samples,
    ScenarioFile,
    Table,
    TestSamples,
)

Labels = tuple[Literal[0, -1], Literal[1]]
Interval = tuple[float, float]


Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
ColumnNames = Annotated[list[Name], Meta(min_length=1, max_length=MAX_WIDTH)]
ClassNames = Annotated[list[Name], Meta(min_length=2, max_length=MAX_WIDTH)]


Points = Annotated[list[list[float]], Meta(min_length=1, max_length=MAX_SAMPLES)]


class DataTable(Table):
    """The keys of all data. At most one of the four that begin with test_ is given."""

    test_samples: TestSamples | UnsetType = UNSET
    test_fraction: Annotated[float, Meta(ge=0, lt=1)] | UnsetType = UNSET
    test_csv: str | UnsetType = UNSET
    test_points: Points | UnsetType = UNSET
    seed: int | UnsetType = UNSET
    standardize: bool | Literal["all"] = False


class Labelled(DataTable, tag_field="kind"):
    """Labelled data of a kind; its own keys are those of the kind's class in `nncore.kinds`."""

    samples: Samples = 256
    noise: NonNegative = 0.0
    labels: Labels | UnsetType = UNSET


class Disc(Labelled, tag="disc"):
    pass


class Circles(Labelled, tag="circles"):
    factor: Positive = 0.5


class Moons(Labelled, tag="moons"):
    pass


class Spirals(Labelled, tag="spirals"):
    turns: Positive = 1.5


class Xor(Labelled, tag="xor"):
    pass


class Blobs(Labelled, tag="blobs"):
    centers: Annotated[int, Meta(ge=2, le=100)] = 2
    spread: NonNegative = 0.3


class Checkerboard(Labelled, tag="checkerboard"):
    cells: Annotated[int, Meta(ge=1, le=100)] = 4


class Line(DataTable, tag_field="kind", tag="line"):
    samples: Samples = 256
    noise: NonNegative = 0.0
    slope: float = 2.0
    intercept: float = 1.0


class ExpressionTable(DataTable, kw_only=True):
    """y = expression of x, or of x1 and x2. domain: one interval for every input, or one for each."""

    samples: Samples = 256
    noise: NonNegative = 0.0
    expression: str
    domain: tuple[float | Interval, float | Interval] = (-1.0, 1.0)
    sampling: Literal["grid", "random"] = "random"


class PointsTable(DataTable, kw_only=True):
    """Samples written in the file. outputs: how many numbers at the end of each point are y, or what they are called.

    inputs: what the others are called. classes: what the classes are called whose numbers y holds.
    """

    points: Points
    inputs: ColumnNames | UnsetType = UNSET
    outputs: Annotated[int, Meta(ge=1)] | ColumnNames = 1
    classes: ClassNames | UnsetType = UNSET
    labels: Labels | UnsetType = UNSET


class CsvTable(DataTable, kw_only=True):
    """Samples in a file. inputs, outputs: its columns by name, else x1, x2, … and y1, y2, … classes: in their order."""

    csv: str
    inputs: ColumnNames | UnsetType = UNSET
    outputs: ColumnNames | UnsetType = UNSET
    decimal: Literal[".", ","] = "."
    classes: ClassNames | UnsetType = UNSET
    labels: Labels | UnsetType = UNSET


DistributionTable = Disc | Circles | Moons | Spirals | Xor | Blobs | Checkerboard | Line

SOURCES: dict[str, Any] = {
    "kind": DistributionTable,
    "expression": ExpressionTable,
    "points": PointsTable,
    "csv": CsvTable,
}
"""The type of the table for each of the four keys."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors that complete and check TOML by one."""
    types = [ScenarioFile, *SOURCES.values()]
    (file, *data), definitions = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    definitions["ScenarioFile"]["properties"]["data"] = {"anyOf": data}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **file, "$defs": definitions}
