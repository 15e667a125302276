"""`gradstep run` of a scenario, or of a result: it is made again, and compared number by number."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from scenarios.export.provenance import provenance
from scenarios.own_code.recorded import recordings
from tui.commands.comparison import Difference, Tally, csv_difference, json_difference, record_difference
from tui.commands.errors import CommandError
from tui.commands.output import console, print_json
from tui.commands.results import Record, Result, is_result, read_result
from tui.commands.run import Plan, called, lanes_json, made_from, plan_of, run, train

_ELSEWHERE = ("steps", "seed", "seeds", "set", "csv", "record", "force")
"""The options that are for scenarios."""


def run_or_repeat(options: Namespace) -> int:
    """Run a scenario, or make a result again, 1 if its numbers differ; raises CommandError and what `run` does."""
    if not is_result(options.scenario):
        if options.source is not None:
            raise CommandError("found two scenarios; allowed: one, or a result of gradstep run and its scenario")
        return run(options)
    for option in _ELSEWHERE:
        if getattr(options, option) not in (None, False, []):
            raise CommandError(f"found --{option} beside a result, which is made again as it was; allowed: --json")
    return _repeat(read_result(options.scenario, options.source), options.json)


def _repeat(result: Result, as_json: bool) -> int:
    origin, tally = result.origin, Tally()
    plan = plan_of(result.scenario, origin.steps, origin.seed, origin.seeds)
    found = _difference(result, plan, tally)
    if as_json:
        print_json(_json(result, plan, found, tally))
    else:
        _print(result, plan, found, tally)
    return 0 if found is None else 1


def _difference(result: Result, plan: Plan, tally: Tally) -> Difference | None:
    """Where the result differs from the run that is made for it."""
    there = result.numbers
    if isinstance(there, Path):
        with TemporaryFile() as table:
            train(plan, {"csv": table})
            table.seek(0)
            return csv_difference(there, table, tally)
    if isinstance(there, Record):
        with TemporaryDirectory() as folder:
            path = Path(folder, "run.npz")
            with path.open("wb") as file:
                train(plan, {"record": file})
            return record_difference(there.lanes, recordings(str(path))[0], tally)
    seeds = range(plan.seed, plan.seed + plan.seeds) if plan.seeds else None
    return json_difference(there, lanes_json(plan, train(plan, {})), seeds, tally)


def _changed(result: Result, plan: Plan) -> dict[str, tuple[str, str]]:
    """What the result was made with and the run was not: there and here."""
    here = provenance(plan.scenario)
    keys = ("version", "numpy", "scenario_hash")
    return {key: (there, here[key]) for key in keys if (there := getattr(result.origin, key)) != here[key]}


def _json(result: Result, plan: Plan, found: Difference | None, tally: Tally) -> dict[str, Any]:
    changed = {key: {"there": there, "here": here} for key, (there, here) in _changed(result, plan).items()}
    return {
        "same": found is None,
        "result": result.file,
        "numbers": tally.numbers,
        "first": None if found is None else {**asdict(found), "size": found.size},
        "changed": changed,
        **made_from(plan),
    }


_CHANGED = {
    "version": "it was made with gradstep {there}, this is {here}",
    "numpy": "it was made with NumPy {there}, this is {here}",
    "scenario_hash": "the scenario has changed: its hash was {there:.12}…, and is {here:.12}…",
}


def _print(result: Result, plan: Plan, found: Difference | None, tally: Tally) -> None:
    out = console()
    out.print(f"{result.file}: {called(plan)}", style="bold")
    if found is None:
        out.print(f"the same numbers, all {tally.numbers:,}")
    else:
        for line in _told(found):
            out.print(line)
    for key, (there, here) in _changed(result, plan).items():
        out.print(_CHANGED[key].format(there=there or "an unknown version", here=here))


def _told(found: Difference) -> Iterator[str]:
    """A difference in lines."""
    at = [f"step {found.step:,}"] if found.step is not None else []
    at += [f"seed {found.seed}"] if found.seed is not None else []
    yield f"the first difference: {', '.join([found.name, *at])}{f': {found.says}' if found.says else ''}"
    if found.size is not None:
        yield f"  there  {found.there!r}"
        yield f"  here   {found.here!r}"
        yield f"{found.size:.1e} apart, relative to the larger"
