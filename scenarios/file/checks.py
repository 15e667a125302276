"""Checks in a scenario file: expressions whose names are those of its lanes' quantities."""

from __future__ import annotations

from collections.abc import Sequence

from scenarios.errors import quoted
from scenarios.expressions.expression import Expression, ExpressionError, parse
from scenarios.file.document import Document
from scenarios.file.refusals import Path
from scenarios.quantities.lane_shape import LaneShape
from scenarios.quantities.lookup import check, is_comparison, require_number
from scenarios.scenario import LanePlan, NetworkPlan


def read_check(document: Document, text: str, path: Path, lanes: Sequence[LanePlan]) -> Expression:
    """The expression at a path, a number or a comparison; raises ScenarioError."""
    try:
        return check(parse(text), {lane.id: shape(lane) for lane in lanes})
    except ExpressionError as error:
        raise document.error(path, str(error)) from None


def read_watched(document: Document, text: str, path: Path, lanes: Sequence[LanePlan]) -> Expression:
    """The expression at a path that is worth a number at every step; raises ScenarioError."""
    try:
        return check(require_number(parse(text)), {lane.id: shape(lane) for lane in lanes})
    except ExpressionError as error:
        raise document.error(path, str(error)) from None


def read_comparison(document: Document, text: str, path: Path, lanes: Sequence[LanePlan]) -> Expression:
    """The comparison at a path; raises ScenarioError."""
    expression = read_check(document, text, path, lanes)
    if not is_comparison(expression):
        raise document.error(path, f"found {quoted(text)}; allowed: a comparison")
    return expression


def read_number(document: Document, text: str, path: Path, lanes: Sequence[LanePlan]) -> Expression:
    """The expression at a path that is worth a number; raises ScenarioError."""
    expression = read_check(document, text, path, lanes)
    if is_comparison(expression):
        raise document.error(path, f"found {quoted(text)}, a comparison; allowed: a number")
    return expression


def shape(lane: LanePlan) -> LaneShape:
    """What there is of a lane, short of its data."""
    model = lane.model
    return LaneShape(model.network.sizes) if isinstance(model, NetworkPlan) else LaneShape(variables=model.names)


def one_line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())
