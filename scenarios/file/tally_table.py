"""The table `[tally]`: what is counted of one start after the other."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UnsetType

from scenarios.errors import quoted
from scenarios.expressions.tree import Quantity
from scenarios.file.checks import one_line, read_number
from scenarios.file.document import Document
from scenarios.file.schema import TallyTable
from scenarios.scenario import LanePlan, TallyPlan


def read_tally(document: Document, table: TallyTable, steps: int, lanes: Sequence[LanePlan]) -> TallyPlan:
    """The tally of a file; raises ScenarioError."""
    if len(set(table.values)) < len(table.values):
        raise document.error(("tally", "values"), "found a value twice; allowed: each once")
    if table.names and len(table.names) != len(table.values):
        found = f"found {len(table.names)} for {len(table.values)} values"
        raise document.error(("tally", "names"), f"{found}; allowed: one for each, or none at all")
    names = tuple(map(one_line, table.names))
    if "" in names:
        raise document.error(("tally", "names", names.index("")), "found blanks; allowed: words")
    roots = [read_number(document, f"{lane.id}.{table.of}", ("tally", "of"), lanes).root for lane in lanes]
    ends = tuple(root for root in roots if isinstance(root, Quantity))
    if len(ends) < len(roots):
        raise document.error(("tally", "of"), f"found {quoted(table.of)}; allowed: a quantity, without a lane")
    return TallyPlan(
        at=steps if isinstance(table.at, UnsetType) else table.at,
        of=table.of,
        ends=ends,
        values=tuple(table.values),
        names=names or tuple(f"{value:g}" for value in table.values),
        within=table.within,
    )
