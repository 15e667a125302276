"""`gradstep run` of a scenario, or of a result: it is made again, and compared number by number."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from scenarios.export.provenance import provenance, scenario_hash, versions
from scenarios.file.loader import load
from scenarios.own_code.recorded import recordings
from scenarios.quantities.definitions import Number, number
from scenarios.quantities.measure import Measurement, measure
from tui.commands.comparison import Difference, Tally, csv_difference, json_difference, record_difference
from tui.commands.errors import CommandError
from tui.commands.output import console, print_json
from tui.commands.results import Export, Lanes, Origin, Record, Result, is_result, read_export, read_result
from tui.commands.run import Plan, called, lanes_json, made_from, plan_of, run, train

_ELSEWHERE = ("steps", "seed", "seeds", "set", "also", "csv", "record", "force")
"""The options that are for scenarios."""


def run_or_repeat(options: Namespace) -> int:
    """Run a scenario, or make a result again, 1 if its numbers differ; raises CommandError and what `run` does."""
    if not is_result(options.scenario):
        if options.source is not None:
            raise CommandError("found two scenarios; allowed: one, or a result of gradstep run and its scenario")
        return _exported(options)
    for option in _ELSEWHERE:
        if getattr(options, option) not in (None, False, []):
            raise CommandError(f"found --{option} beside a result, which is made again as it was; allowed: --json")
    return _repeat(read_result(options.scenario, options.source), options.json)


def _exported(options: Namespace) -> int:
    """Run a scenario; one that the app wrote and nobody changed since has to come to the same train losses."""
    told = read_export(options.scenario)
    if told is None or (options.steps, options.seed, options.seeds, options.set) != (None, None, None, []):
        return run(options)
    if scenario_hash(load(options.scenario)) != told.exported_hash:
        _say(f"{options.scenario} was changed since it was exported, and is not compared with the run it came from")
        return run(options)
    found: dict[str, Number] = {}

    def watch(measurement: Measurement) -> None:
        diverged = int(measurement.state.diverged_at)
        if measurement.state.step == told.step or 0 < diverged <= told.step:
            found[measurement.lane.id] = number("train_loss", float(measure(measurement, "train_loss")))

    status = run(options, [watch])
    difference = json_difference(_losses(told.train_loss), _losses(found), None, Tally())
    if difference is None:
        _say(f"the same train losses at step {told.step:,} as where it was exported")
    for line in [] if difference is None else _told(replace(difference, step=told.step)):
        _say(line)
    for line in _words(_changed(told, versions())):
        _say(line)
    return status if difference is None else 1


def _losses(found: Mapping[str, Number]) -> Lanes:
    return {lane: {"train_loss": value} for lane, value in found.items()}


def _say(line: str) -> None:
    """Say something beside the output of the run."""
    print(line, file=sys.stderr)


def _repeat(result: Result, as_json: bool) -> int:
    origin, tally = result.origin, Tally()
    plan = plan_of(result.scenario, origin.steps, origin.seed, origin.seeds, origin.also)
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


def _changed(told: Origin | Export, here: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What a result was made with and the run was not: there and here."""
    keys = [key for key in ("version", "numpy", "scenario_hash") if key in here]
    return {key: (there, here[key]) for key in keys if (there := getattr(told, key)) != here[key]}


def _json(result: Result, plan: Plan, found: Difference | None, tally: Tally) -> dict[str, Any]:
    changed = {
        key: {"there": there, "here": here}
        for key, (there, here) in _changed(result.origin, provenance(plan.scenario)).items()
    }
    return {
        "same": found is None,
        "result": result.file,
        "numbers": tally.numbers,
        "first": None if found is None else {**asdict(found), "size": found.size},
        "changed": {key: {"there": there, "here": here} for key, (there, here) in changed.items()},
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
    for line in _words(_changed(result.origin, provenance(plan.scenario))):
        out.print(line)


def _words(changed: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    for key, (there, here) in changed.items():
        yield _CHANGED[key].format(there=there or "of an unknown version", here=here)


def _told(found: Difference) -> Iterator[str]:
    """A difference in lines."""
    at = [f"step {found.step:,}"] if found.step is not None else []
    at += [f"seed {found.seed}"] if found.seed is not None else []
    yield f"the first difference: {', '.join([found.name, *at])}{f': {found.says}' if found.says else ''}"
    if found.size is not None:
        yield f"  there  {found.there!r}"
        yield f"  here   {found.here!r}"
        yield f"{found.size:.1e} apart, relative to the larger"
