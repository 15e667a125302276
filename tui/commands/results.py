"""Files that a run wrote, read again: the JSON and the CSV of `gradstep run`, and records."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from errno import ENOENT
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from scenarios.errors import ScenarioError, quoted
from scenarios.export.provenance import META, meta_path, scenario_hash
from scenarios.file.loader import find, load
from scenarios.own_code.recorded import Recording, recordings
from scenarios.own_code.sides import recorded_scenario
from scenarios.regular_file import open_regular, read_regular
from scenarios.scenario import Scenario

MAX_BYTES = 256 * 2**20
"""A JSON is at most so large."""

_TABLE = b"lane,step,"
MAX_LINE = 2**20
Integer = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Lanes = dict[str, dict[str, Any]]


class Origin(msgspec.Struct):
    """What a run says it was made from, as `run_provenance` has it."""

    file: str
    seed: Integer
    steps: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    version: str
    numpy: str
    scenario_hash: str
    overrides: list[str]
    seeds: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None
    also: list[str] = []


class Export(msgspec.Struct):
    """What a scenario that the app exported says of the run it came from. exported_hash: that of itself."""

    step: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    version: str
    numpy: str
    exported_hash: str
    train_loss: dict[str, float | None]


@dataclass(frozen=True, eq=False)
class Record:
    """The recordings of a record by their lanes."""

    lanes: Mapping[str, Recording]


@dataclass(frozen=True, eq=False)
class Result:
    """A result and what it was made from. file: as it was given.

    numbers: the lanes of a JSON, the path of a CSV, or a record.
    """

    file: str
    scenario: Scenario
    origin: Origin
    numbers: Lanes | Path | Record


def is_result(name: str) -> bool:
    """Whether a file is called like what a run writes."""
    return name.lower().endswith((".json", ".csv", ".npz"))


def read_result(name: str, source: str | None) -> Result:
    """The result in a file, for the scenario it names or for a `source` in its place; raises ScenarioError."""
    if name.lower().endswith(".npz"):
        return _record(name, source)
    if name.lower().endswith(META):
        name = name[: -len(META)]
    table = name.lower().endswith(".csv")
    if table:
        _refuse_other_tables(name)
    found = _decoded(str(meta_path(name)), name) if table else _decoded(name, name)
    origin = _origin(name, found, () if table else ("lanes",))
    scenario = _scenario(name, origin, source)
    numbers = Path(name) if table else _lanes(name, found["lanes"])
    return Result(name, scenario, origin, numbers)


def read_export(name: str) -> Export | None:
    """What the first line of a scenario says, None where it says nothing of where it was exported."""
    try:
        with open_regular(find(name)) as file:
            line = file.readline(MAX_LINE)
        return msgspec.json.decode(line.removeprefix(b"# gradstep: "), type=Export)
    except (ScenarioError, OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _record(name: str, source: str | None) -> Result:
    if source is not None:
        raise ScenarioError(name, "", f"holds its scenario; try: gradstep run {name}")
    lanes, texts = recordings(name)
    scenario = recorded_scenario(name, texts)
    if scenario is None:
        raise ScenarioError(name, "", f"holds no scenario to run; try: gradstep diff SCENARIO {name}")
    version, numpy = (str(texts.get(key, "")) for key in ("version", "numpy"))
    own = scenario_hash(scenario), list(scenario.overrides)
    origin = Origin(scenario.file, scenario.seed, _steps(name, texts, scenario.steps), version, numpy, *own)
    return Result(name, scenario, origin, Record(lanes))


def _steps(name: str, texts: Mapping[str, Any], otherwise: int) -> int:
    """How many steps were recorded; records of earlier versions do not say other than their scenario."""
    found = str(texts.get("steps", otherwise))
    if not (found.isascii() and found.isdecimal() and len(found) < 19):
        raise ScenarioError(name, "steps", f"found {quoted(found)}; allowed: a number of steps")
    return int(found)


def _refuse_other_tables(name: str) -> None:
    """Raise ScenarioError for a CSV file that does not begin like those of runs."""
    try:
        with open_regular(Path(name)) as file:
            begins = file.read(len(_TABLE)) == _TABLE
    except OSError as error:
        raise ScenarioError(name, "", f"cannot read it: {error.strerror}") from None
    if not begins:
        raise ScenarioError(name, "", "is no table of gradstep run --csv: it begins with other columns")


def _decoded(path: str, name: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(read_regular(Path(path), MAX_BYTES))
    except OSError as error:
        if path != name and error.errno == ENOENT:
            why = f"there is no {path} beside it, which says what it was made from"
            raise ScenarioError(name, "", f"cannot be made again: {why}") from None
        raise ScenarioError(path, "", f"cannot read it: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ScenarioError(path, "", f"is no JSON: {error}") from None
    return found if isinstance(found, dict) else {}


def _origin(name: str, found: Mapping[str, Any], also: Iterable[str]) -> Origin:
    """What a result was made from; raises ScenarioError for what is none, and for one that does not tell."""
    if "gradstep_lesson_run" in found:
        raise ScenarioError(name, "", f"is a lesson run; try: gradstep replay {name}")
    if {"scenario", "step", "scenario_hash"} <= found.keys():
        message = "the app wrote it, of a run that may have been edited; the scenario that x, then l writes runs again"
        raise ScenarioError(name, "", message)
    if not {"scenario", "seed", "steps", *also} <= found.keys():
        raise ScenarioError(name, "", "is no result of gradstep run; allowed: what --json, --csv and --record write")
    missing = [key for key in Origin.__struct_fields__ if key not in found and key not in ("seeds", "also")]
    if missing:
        message = f"does not tell {', '.join(missing)}, as results of earlier versions: it cannot be made again from it"
        raise ScenarioError(name, "", message)
    try:
        return msgspec.convert(found, Origin)
    except msgspec.ValidationError as error:
        raise ScenarioError(name, "", f"is no result of gradstep run: {error}") from None


def _lanes(name: str, found: Any) -> Lanes:
    try:
        return msgspec.convert(found, Lanes)
    except msgspec.ValidationError as error:
        raise ScenarioError(name, "lanes", f"is no result of gradstep run: {error}") from None


def _scenario(name: str, origin: Origin, source: str | None) -> Scenario:
    """The scenario of a result; a path as seen from here, else from the folder of the result."""
    if source is not None:
        return load(source, origin.overrides, own_files=True)
    beside = os.path.join(os.path.dirname(name), origin.file)
    for candidate in (origin.file, beside):
        if _is_there(candidate):
            return load(candidate, origin.overrides, own_files=True)
    message = f"was made from the scenario {quoted(origin.file)}, which is not there; try: gradstep run {name} SCENARIO"
    raise ScenarioError(name, "", message)


def _is_there(scenario: str) -> bool:
    try:
        return find(scenario).exists()
    except (ScenarioError, OSError, ValueError):
        return False
