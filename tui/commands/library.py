"""`gradstep list` and `gradstep show`: what scenarios there are, and what is in one."""

from __future__ import annotations

from argparse import Namespace
from itertools import groupby
from typing import Any

from scenarios.file import loader
from scenarios.scenario import Claim, LanePlan, NetworkPlan, Scenario
from tui.commands.output import console, grid, print_json


def list(options: Namespace) -> int:
    """Print the scenarios of the library, lesson by lesson."""
    scenarios = loader.library()
    if options.json:
        print_json({"scenarios": [_summary(scenario) for scenario in scenarios]})
        return 0
    out = console()
    for lesson, group in groupby(scenarios, key=lambda scenario: scenario.lesson):
        out.print(lesson, style="bold")
        table = grid(2)
        table.columns[1].justify = "left"
        for scenario in group:
            table.add_row(f"  {scenario.name}", scenario.title)
        out.print(table)
    return 0


def show(options: Namespace) -> int:
    """Print a scenario's text, its lanes with their sizes, and its claims."""
    scenario = loader.load(options.scenario)
    if options.json:
        print_json(_description(scenario))
        return 0
    out = console()
    out.print(f"{scenario.title} ({scenario.name})", style="bold")
    out.print(f"{scenario.question}\n\n{scenario.text.strip()}\n", style=None)
    out.print(f"Lanes, {scenario.steps:,} steps, seed {scenario.seed}", style="bold")
    lanes = grid(4)
    for lane in scenario.lanes:
        lanes.add_row(f"  {lane.id}", lane.label, _architecture(lane), f"{_parameters(lane):,} parameters")
    out.print(lanes)
    if scenario.claims:
        out.print("\nClaims", style="bold")
    for claim in scenario.claims:
        out.print(f"  {claim.text}\n    {expected(claim.check.text, claim.at, claim.seeds, claim.share)}")
    return 0


def expected(check: str, at: int, seeds: int, share: float) -> str:
    """What a claim demands, in a line."""
    which = "the scenario's seed"
    if seeds > 1:
        which = f"{seeds} seeds" if share == 1 else f"at least {share:.4g} of {seeds} seeds"
    return f"{check}, at step {at:,}, for {which}"


def _summary(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "lesson": scenario.lesson,
        "question": scenario.question,
        "lanes": [lane.id for lane in scenario.lanes],
        "claims": [claim.text for claim in scenario.claims],
    }


def _description(scenario: Scenario) -> dict[str, Any]:
    return {
        **_summary(scenario),
        "text": scenario.text,
        "seed": scenario.seed,
        "steps": scenario.steps,
        "lanes": [_lane(lane) for lane in scenario.lanes],
        "claims": [_claim(claim) for claim in scenario.claims],
    }


def _lane(lane: LanePlan) -> dict[str, Any]:
    model = lane.model
    what: dict[str, Any]
    if isinstance(model, NetworkPlan):
        network = model.network
        what = {"sizes": network.sizes, "activations": network.activations, "loss": model.loss}
    else:
        what = {"function": model.value.text, "variables": model.names}
    return {"id": lane.id, "label": lane.label, "parameters": _parameters(lane), **what}


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "check": claim.check.text,
        "at": claim.at,
        "seeds": claim.seeds,
        "share": claim.share,
    }


def _architecture(lane: LanePlan) -> str:
    if isinstance(lane.model, NetworkPlan):
        return "-".join(map(str, lane.model.network.sizes))
    return lane.model.value.text


def _parameters(lane: LanePlan) -> int:
    model = lane.model
    return model.network.parameter_count if isinstance(model, NetworkPlan) else len(model.names)
