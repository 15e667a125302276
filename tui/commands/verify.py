"""`gradstep verify`: checks the claims of scenarios over many seeds, and their guides, on all processors."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import cast

from rich.console import Console

from scenarios.errors import quoted
from scenarios.export.provenance import provenances
from scenarios.file.course_file import read_course_file
from scenarios.file.loader import library_files, load
from scenarios.runs.claims import ClaimResult, Outcome, Stack, results, stacks
from scenarios.runs.guide_check import Fault, GuideCheck
from scenarios.runs.lane_training import parts_for
from scenarios.scenario import Scenario
from tui.commands.errors import CommandError
from tui.commands.library import expected
from tui.commands.output import console, grid, print_json, progress, spread
from tui.commands.workers import crew_of


def verify(options: Namespace) -> int:
    """Check every claim and guide of the scenarios; 1 if something fails."""
    if options.all and options.scenarios:
        raise CommandError("found scenarios and --all; allowed: one of them")
    names = list(_names(options.scenarios)) or [file.stem for file in library_files()]
    scenarios = {name: load(name) for name in names}
    with crew_of(options) as crew:
        parts = parts_for(crew.count, len(scenarios), _most_seeds(scenarios.values(), options.seeds))
        plans = {name: stacks(scenario, options.seeds, parts) for name, scenario in scenarios.items()}
        guides = [GuideCheck(scenario) for scenario in scenarios.values() if scenario.guide or scenario.quiz]
        jobs: list[Stack | GuideCheck] = [*(stack for plan in plans.values() for stack in plan), *guides]
        with progress(sum(job.steps for job in jobs), "claims") as tick:
            done = dict(crew.each(jobs, tick))
    outcomes = (done[place] for place in range(len(jobs)))
    found = [
        result
        for name, plan in plans.items()
        for result in results(scenarios[name], plan, [cast(list[Outcome], next(outcomes)) for _ in plan])
    ]
    wrong = [fault for _ in guides for fault in cast(list[Fault], next(outcomes))]
    passed = not wrong and all(result.passed for result in found)
    if options.json:
        claims, guide = [asdict(result) for result in found], [asdict(fault) for fault in wrong]
        print_json({"passed": passed, "claims": claims, "guide": guide, **provenances(scenarios)})
    else:
        _print(found, wrong)
    return 0 if passed else 1


def _names(given: Sequence[str]) -> Iterator[str]:
    """The scenarios that were named; in place of a folder all those of its course."""
    for name in dict.fromkeys(given):
        if os.path.isdir(name):
            yield from map(str, read_course_file(Path(name)).files)
        else:
            yield name


def _most_seeds(scenarios: Iterable[Scenario], seeds: int | None) -> int:
    """How many seeds the claims of a scenario ask for, at most."""
    return seeds or max((claim.seeds for scenario in scenarios for claim in scenario.verified), default=1)


def _print(found: Sequence[ClaimResult], wrong: Sequence[Fault]) -> None:
    out = console()
    for scenario, claims in groupby(found, key=lambda result: result.scenario):
        out.print(scenario, style="bold")
        for claim in claims:
            _print_claim(out, claim)
    for scenario, parts in groupby(wrong, key=lambda fault: fault.scenario):
        out.print(f"{scenario}, guide", style="bold")
        table = grid(2)
        table.columns[1].justify = "left"
        for fault in parts:
            table.add_row("  FAIL", f"{fault.part} {quoted(fault.title)}: {fault.says}")
        out.print(table)
    failed = sum(not result.passed for result in found)
    held = {0: "nothing is claimed", 1: "the claim holds"}.get(len(found), f"all {len(found)} claims hold")
    out.print(f"{failed} of {len(found)} claims failed" if failed else held)
    if wrong:
        out.print(f"{len(wrong)} faults in guides" if len(wrong) > 1 else "a fault in a guide")


def _print_claim(out: Console, claim: ClaimResult) -> None:
    table = grid(2)
    table.columns[1].justify = "left"
    table.add_row("  ok" if claim.passed else "  FAIL", claim.text)
    table.add_row("", f"expected  {expected(claim.check, claim.at, claim.seeds, claim.share)}")
    for name, values in claim.values.items():
        table.add_row("", f"measured  {name}  {spread(values)}")
    if claim.seeds > 1:
        table.add_row("", f"held      for {round(claim.held * claim.seeds)} of {claim.seeds} seeds")
    out.print(table)
