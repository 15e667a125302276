"""A scenario as it is told to a class: page by page, also where its file has no guide."""

from __future__ import annotations

from dataclasses import replace

from scenarios.guide import GuidePlace, Stage, Text
from scenarios.scenario import NamedPlace, Scenario


def talk(scenario: Scenario) -> Scenario:
    """The scenario with a guide: its own, else a page for each of its stops, else one for the start and the end."""
    if scenario.guide:
        return scenario
    stops = scenario.stops or (NamedPlace(scenario.steps, "the end"),)
    start = () if stops[0].at == 0 else (NamedPlace(0, scenario.title),)
    stages = tuple(map(_page, (*start, *stops)))
    table = {**scenario.table, "guide": [_table(stage) for stage in stages]}
    return replace(scenario, guide=stages, table=table)


def _page(stop: NamedPlace) -> Stage:
    title = f"step {stop.at:,}" if stop.at else "start"
    said = f"{stop.name}: {stop.note}" if stop.note else stop.name
    return Stage(title=title, say=Text((said,)), go=GuidePlace(stop.at, stop.operation))


def _table(stage: Stage) -> dict[str, object]:
    """The page as a file has it, for what is exported."""
    assert stage.go is not None
    step, operation = stage.go.step, stage.go.operation
    go = step if operation is None else {"step": step, "operation": str(operation)}
    return {"title": stage.title, "say": "".join(map(str, stage.say.parts)), "go": go}
