"""From a file's tables to a scenario: changes made, defaults merged into the lanes, everything checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from msgspec import UNSET

from scenarios.errors import quoted
from scenarios.expressions.expression import Expression, ExpressionError, parse
from scenarios.file.data_table import read_data
from scenarios.file.document import Document, refuse_impossible
from scenarios.file.lanes import read_lanes
from scenarios.file.overrides import Override, changed, tables
from scenarios.file.refusals import Path
from scenarios.file.schema import LaneTable, ScenarioFile
from scenarios.quantities.lookup import check, is_comparison
from scenarios.scenario import Claim, LanePlan, NetworkPlan, Prediction, Scenario

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
"""What a scenario may be called."""


def resolve(document: Document, changes: Sequence[Override]) -> Scenario:
    """The scenario of a document with some changes; raises ScenarioError."""
    for change in changes:
        document = replace(document, table=changed(document, change))
    refuse_impossible(document)
    document = _with_defaults(document)
    file = document.convert(document.table, ScenarioFile, ())
    if not NAME.fullmatch(file.name):
        raise document.error(("name",), f"found {quoted(file.name)}; allowed: letters, digits and hyphens")
    source = None if file.data is UNSET else read_data(document, file.data)
    lanes = read_lanes(document, file.lanes, source.sample() if source else None, file.steps)
    return Scenario(
        file=document.file,
        name=file.name,
        title=_line(file.title) or file.name,
        question=_line(file.question),
        lesson=_line(file.lesson),
        text=file.text.strip("\n"),
        panes=tuple(dict.fromkeys(file.panes)),
        seed=file.seed,
        steps=file.steps,
        data=source,
        lanes=lanes,
        claims=_claims(document, file, lanes),
        predictions=_predictions(document, file, lanes),
        table=document.table,
    )


def _with_defaults(document: Document) -> Document:
    """The document with the keys of `[defaults]` in every lane that lacks them."""
    defaults = document.table.get("defaults", {})
    document.convert(defaults, LaneTable, ("defaults",))
    lanes = tables(document.table.get("lanes"))
    merged = [{**defaults, **lane} for lane in lanes]
    defaulted = frozenset((index, key) for index, lane in enumerate(lanes) for key in defaults if key not in lane)
    return replace(document, table={**document.table, "lanes": merged}, defaulted=defaulted) if lanes else document


def _line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def _claims(document: Document, file: ScenarioFile, lanes: Sequence[LanePlan]) -> tuple[Claim, ...]:
    claims = []
    for index, table in enumerate(file.claims):
        path = ("claims", index, "check")
        expression = _check(document, table.check, path, lanes)
        if not is_comparison(expression):
            raise document.error(path, f"found {quoted(table.check)}; allowed: a comparison")
        at = file.steps if table.at is UNSET else table.at
        claims.append(Claim(_line(table.text), expression, at, table.seeds, table.share))
    return tuple(claims)


def _predictions(document: Document, file: ScenarioFile, lanes: Sequence[LanePlan]) -> tuple[Prediction, ...]:
    return tuple(
        Prediction(
            ask=_line(table.ask),
            answer=_check(document, table.answer, ("predict", index, "answer"), lanes),
            at=file.steps if table.at is UNSET else table.at,
        )
        for index, table in enumerate(file.predict)
    )


def _check(document: Document, text: str, path: Path, lanes: Sequence[LanePlan]) -> Expression:
    layers = {lane.id: lane.model.network.depth if isinstance(lane.model, NetworkPlan) else 0 for lane in lanes}
    try:
        return check(parse(text), list(layers), layers)
    except ExpressionError as error:
        raise document.error(path, str(error)) from None
