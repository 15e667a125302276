"""A scenario as it is told to a class: page by page, also where its file has no guide."""

from __future__ import annotations

from dataclasses import replace

from scenarios.guide import GuidePlace, Stage, Text
from scenarios.scenario import NamedStep, Scenario


def talk(scenario: Scenario) -> Scenario:
    """The scenario with a guide: its own, else a page for each of its stops, else one for the start and the end."""
    if scenario.guide:
        return scenario
    stops = scenario.stops or (NamedStep(scenario.steps, "the end"),)
    start = () if stops[0].at == 0 else (NamedStep(0, scenario.title),)
    stages = tuple(map(_page, (*start, *stops)))
    table = {**scenario.table, "guide": [_table(stage) for stage in stages]}
    return replace(scenario, guide=stages, table=table)


def _page(stop: NamedStep) -> Stage:
    title = f"step {stop.at:,}" if stop.at else "start"
    return Stage(title=title, say=Text((stop.name,)), go=GuidePlace(stop.at))


def _table(stage: Stage) -> dict[str, object]:
    """The page as a file has it, for what is exported."""
    assert stage.go is not None
    return {"title": stage.title, "say": "".join(map(str, stage.say.parts)), "go": stage.go.step}
