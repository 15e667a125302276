"""What of a scenario is varied over many seeds: what the form offers, and what its answer means."""

from __future__ import annotations

from scenarios.errors import ScenarioError
from scenarios.file.loader import load
from scenarios.runs.sweep_values import parse_varied
from scenarios.scenario import Scenario
from tui.dialogs.field import Field
from tui.dialogs.seeds import Vary
from tui.simulator.scenario_form import rework_fields

MOST = 6
"""How many values there may be: as many fans as a screen has room for."""

_FACTORS = (0.1, 0.3, 1, 3, 10)


def vary_fields(scenario: Scenario, lane: int) -> list[Field]:
    """A key of the scenario, by default the learning rate of the lane in front, and five values around its own."""
    plan = scenario.lanes[lane]
    rate = plan.settings.optimizer.learning_rate
    keys = [field.name for field in rework_fields(scenario, lane)]
    return [
        Field("key", f"lanes.{plan.id}.optimizer.learning_rate", words=keys),
        Field("values", ", ".join(f"{rate * factor:.3g}" for factor in _FACTORS)),
    ]


def varied(scenario: Scenario, values: dict[str, str]) -> Vary:
    """The scenario with each of the values; raises ValueError with what is wrong."""
    if values["key"] == "seed":
        raise ValueError("every value has the same seeds: vary another key")
    try:
        found = parse_varied(f"{values['key']}={values['values']}")
    except ScenarioError as error:
        raise ValueError(error.message.replace("KEY=", "")) from None
    if not 2 <= len(found.texts) <= MOST:
        raise ValueError(f"found {len(found.texts)} values; allowed: 2 to {MOST}")
    scenarios = []
    for text in found.texts:
        change = f"{found.key}={text}"
        try:
            changed = load(scenario.file, [*scenario.overrides, change], own_files=True, learner=scenario.learner)
        except ScenarioError as error:
            raise ValueError(f"{error.key or found.key}: {error.message}") from None
        scenarios.append((text, changed))
    return Vary(found.key, tuple(scenarios))
