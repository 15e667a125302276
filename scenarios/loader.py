"""Finds scenarios by name or path, and reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from msgspec import UNSET

from nncore.datasets import Data
from nncore.network import Network
from scenarios.checks import check, is_comparison
from scenarios.data import DataSource, read_data
from scenarios.document import Document, read_toml, refuse_impossible
from scenarios.errors import ScenarioError
from scenarios.expressions import Expression, ExpressionError
from scenarios.lanes import LaneReader, expression_of
from scenarios.names import nearest, quoted
from scenarios.overrides import Override, apply, lane_tables, parse_override
from scenarios.refusals import Path as KeyPath
from scenarios.scenario import Claim, LanePlan, NetworkPlan, Prediction, Scenario
from scenarios.schema import LaneTable, ScenarioFile

LIBRARY = Path(__file__).parent / "library"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_LARGEST_FILE = 64 * 2**20


def library_files() -> list[Path]:
    """The files of the library, in the order of their lessons."""
    return sorted(LIBRARY.glob("*.toml"))


def find(name: str) -> Path:
    """The file of a library scenario by its name, or of any by its path; raises ScenarioError."""
    if _NAME.fullmatch(name) and (LIBRARY / f"{name}.toml").is_file():
        return LIBRARY / f"{name}.toml"
    path = Path(name)
    if "/" in name or path.suffix or path.exists():
        return path
    known = [file.stem for file in library_files()]
    raise ScenarioError(name, "", f"there is no such scenario{nearest(name, known)}; see: gradstep list")


def load(name: str, overrides: Sequence[str] = ()) -> Scenario:
    """The scenario of that name or path, with `--set KEY=VALUE` changes; raises ScenarioError."""
    path = find(name)
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise ScenarioError(name, "", f"cannot read it: {reason}") from None
    if len(content) > _LARGEST_FILE:
        raise ScenarioError(name, "", f"larger than {_LARGEST_FILE >> 20} MiB")
    return parse(content, name, path.parent, overrides)


def parse(content: bytes, file: str, folder: Path, overrides: Sequence[str] = ()) -> Scenario:
    """The scenario in a file's bytes; data files are read from `folder`. Raises ScenarioError."""
    changes = [parse_override(text) for text in overrides]
    try:
        return _resolve(Document(file, folder, read_toml(content, file)), changes)
    except ScenarioError as error:
        for change in changes:
            if error.file == file and f"{error.key}.".startswith(f"{change.key}."):
                raise ScenarioError(change.source, error.key, error.message) from None
        raise


def library() -> list[Scenario]:
    """Every scenario of the library, lesson by lesson."""
    return sorted((load(file.stem) for file in library_files()), key=lambda s: (s.lesson, s.name))


def _resolve(document: Document, changes: Sequence[Override]) -> Scenario:
    refuse_impossible(document)
    table = deepcopy(document.table)
    for change in changes:
        if change.path[0] != "lanes":
            apply(table, change.path, change)
    document = Document(document.file, document.folder, table)
    own = _own_lanes(document)
    document.convert(table.get("defaults", {}), LaneTable, ("defaults",))
    merged = [{**table.get("defaults", {}), **lane} for lane in own]
    merged = lane_tables(merged, [change for change in changes if change.path[0] == "lanes"])
    document = Document(document.file, document.folder, {**table, "lanes": merged})
    refuse_impossible(document)
    file = document.convert(document.table, ScenarioFile, ())
    if not _NAME.fullmatch(file.name):
        raise document.error(("name",), f"found {quoted(file.name)}; allowed: letters, digits and hyphens")
    source = read_data(document, file.data) if file.data is not UNSET else None
    lanes = _lanes(document, source, file.steps, own, merged)
    layers = {lane.id: _depth(lane) for lane in lanes}
    return Scenario(
        file=document.file,
        name=file.name,
        title=file.name if file.title is UNSET else file.title,
        question=file.question,
        lesson=file.lesson,
        text=file.text,
        panes=tuple(dict.fromkeys(file.panes)),
        seed=file.seed,
        steps=file.steps,
        data=source,
        lanes=lanes,
        claims=_claims(document, file, layers),
        predictions=_predictions(document, file, layers),
    )


def _own_lanes(document: Document) -> list[dict[str, Any]]:
    """The lanes as written: enough of a list of tables to merge the defaults into."""
    lanes = document.table.get("lanes", [])
    defaults = document.table.get("defaults", {})
    if (
        isinstance(lanes, list)
        and all(isinstance(lane, dict) for lane in lanes)
        and isinstance(defaults, dict)
    ):
        return lanes
    document.convert(document.table, ScenarioFile, ())
    raise document.error(("lanes",), "allowed: one to four tables")


def _lanes(
    document: Document,
    source: DataSource | None,
    steps: int,
    own: list[dict[str, Any]],
    merged: list[dict[str, Any]],
) -> tuple[LanePlan, ...]:
    data: Data | None = source.draw(0) if source else None
    reader = LaneReader(document, data, steps, own)
    return tuple(reader.read(index, raw) for index, raw in enumerate(merged))


def _depth(lane: LanePlan) -> int:
    network: Network | None = lane.model.network if isinstance(lane.model, NetworkPlan) else None
    return network.depth if network else 0


def _checked(document: Document, text: str, path: KeyPath, layers: dict[str, int]) -> Expression:
    expression = expression_of(document, text, path)
    try:
        return check(expression, list(layers), layers)
    except ExpressionError as error:
        raise document.error(path, str(error)) from None


def _claims(document: Document, file: ScenarioFile, layers: dict[str, int]) -> tuple[Claim, ...]:
    claims = []
    for index, table in enumerate(file.claims):
        path = ("claims", index, "check")
        expression = _checked(document, table.check, path, layers)
        if not is_comparison(expression):
            raise document.error(path, f"found {quoted(table.check)}; allowed: a comparison")
        at = file.steps if table.at is UNSET else table.at
        claims.append(Claim(table.text, expression, at, table.seeds, table.share))
    return tuple(claims)


def _predictions(document: Document, file: ScenarioFile, layers: dict[str, int]) -> tuple[Prediction, ...]:
    return tuple(
        Prediction(
            ask=table.ask,
            answer=_checked(document, table.answer, ("predict", index, "answer"), layers),
            at=file.steps if table.at is UNSET else table.at,
        )
        for index, table in enumerate(file.predict)
    )
