"""`--set KEY=VALUE`: changes to a scenario file's tables before they are checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.errors import ScenarioError, nearest, quoted
from scenarios.file.document import Document
from scenarios.file.toml_reader import MAX_DEPTH, TomlError, read_toml_text

_DEFAULTS = {"optimizer": "sgd", "schedule": "constant", "init": "he"}
"""The names of the tables that a lane has where its file says nothing."""


@dataclass(frozen=True)
class Override:
    """A key path such as `lanes.deep.optimizer.learning_rate`, and the value it gets.

    source: what errors name in place of the file.
    """

    source: str
    path: tuple[str, ...]
    value: Any


def parse_override(text: str) -> Override:
    """Read KEY=VALUE; the value is TOML, else text. Raises ScenarioError."""
    key, equals, value = text.partition("=")
    path = tuple(part.strip() for part in key.split("."))
    if not equals or not all(path) or len(path) > MAX_DEPTH:
        message = "allowed: KEY=VALUE, as in lanes.deep.optimizer.learning_rate=0.01"
        raise ScenarioError(f"--set {text}", "", message)
    return Override(f"--set {text}", path, toml_value(value.strip()))


def toml_value(text: str) -> Any:
    """A text as the TOML value it is, else as itself."""
    try:
        table = read_toml_text(f"value = {text}")
    except TomlError:
        return text
    return table["value"] if list(table) == ["value"] else text


def changed(document: Document, override: Override) -> dict[str, Any]:
    """The document's top table with one change; raises ScenarioError.

    `lanes.ID.KEY` changes what the lane has, be it from its own table or from `[defaults]`.
    """
    table = document.table
    if override.path == ("data", "csv"):
        table = _without_source(table)
    if override.path[0] != "lanes":
        return _changed(document, table, override.path, override.value)
    index, keys = _lane(document, override.path[1:])
    lane, defaults = table["lanes"][index], table.get("defaults", {})
    if isinstance(defaults, dict) and keys[0] in defaults:
        lane = {keys[0]: defaults[keys[0]], **lane}
    lanes = list(table["lanes"])
    lanes[index] = _changed(document, lane, keys, override.value)
    return {**table, "lanes": lanes}


_BESIDE_CSV = ("csv", "inputs", "outputs", "decimal", "classes", "seed", "standardize", "test_fraction")
"""The keys of data that stay where a file of samples takes the place of other data."""


def _without_source(table: dict[str, Any]) -> dict[str, Any]:
    """The top table whose data come from nowhere else than a file: it takes the place of what was there."""
    data = table.get("data")
    if not isinstance(data, dict) or "csv" in data:
        return table
    return {**table, "data": {key: value for key, value in data.items() if key in _BESIDE_CSV}}


def named_files(changes: Sequence[Override]) -> frozenset[str]:
    """The files of samples that changes name."""
    names: list[Any] = []
    for change in changes:
        match change.path, change.value:
            case ("data", "csv" | "test_csv"), name:
                names.append(name)
            case ("data",), dict() as table:
                names += [table.get("csv"), table.get("test_csv")]
    return frozenset(name for name in names if isinstance(name, str))


WHOLE = "allowed: lanes.ID.KEY=VALUE"


def _lane(document: Document, path: Sequence[str]) -> tuple[int, Sequence[str]]:
    """The place of the lane that a path below `lanes` begins with, and the rest of the path."""
    lanes = document.table.get("lanes")
    known = {str(lane.get("id")): index for index, lane in enumerate(tables(lanes))}
    if not path or path[0] not in known:
        name = path[0] if path else ""
        hint = nearest(name, known)
        message = f"there is no lane {quoted(name)}; allowed: {', '.join(known)}{hint}"
        raise document.error(("lanes",), message if path else WHOLE)
    if len(path) == 1:
        raise document.error(("lanes", known[path[0]]), WHOLE)
    return known[path[0]], path[1:]


def tables(value: Any) -> list[dict[str, Any]]:
    """The value if it is an array of tables, else none."""
    is_one = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return value if is_one else []


def _changed(document: Document, table: dict[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """The table with the value at a path; a name such as "he" on the way becomes the table of that name."""
    result = inner = dict(table)
    for step in path[:-1]:
        below = inner.get(step, _DEFAULTS.get(step, {}))
        if isinstance(below, str) and step in _DEFAULTS:
            below = {"name": below}
        if not isinstance(below, dict):
            raise document.error((), f"{quoted(step)} has no keys")
        inner[step] = dict(below)
        inner = inner[step]
    inner[path[-1]] = value
    return result
