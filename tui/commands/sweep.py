"""`gradstep sweep`: runs every combination of varied keys over every seed, and prints what came of them."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

from scenarios.export.provenance import provenance
from scenarios.export.sweep_csv import OtherFileError, SweepFile
from scenarios.file.loader import find, load
from scenarios.runs.parallel import WorkersError
from scenarios.runs.sweep import Row, Setting, Sweep, jobs_of, plan_sweep, rows_of
from scenarios.runs.sweep_values import parse_varied
from scenarios.scenario import Scenario
from tui.commands.ascii_output import ascii_only
from tui.commands.errors import CommandError
from tui.commands.new_file import refuse_sources
from tui.commands.output import console, print_json, progress
from tui.commands.sweep_best import best_lines
from tui.commands.sweep_table import Results, heat_maps, legend, same_lines, table
from tui.commands.workers import crew_of

Rows = Mapping[tuple[int, int], Row]


def sweep(options: Namespace) -> int:
    """Run a sweep; raises CommandError for what cannot be done, WriteError for what cannot be written."""
    scenario = load(options.scenario, options.set)
    if options.out is not None:
        if os.path.exists(options.out) and not os.path.isfile(options.out):
            raise CommandError(f"cannot write {options.out}: not a regular file")
        refuse_sources((options.out,), find(options.scenario), scenario)
    plan = _plan(options)
    about = {
        "scenario": scenario.name,
        "vary": {one.key: list(one.values) for one in plan.varied},
        "seeds": options.seeds,
        "steps": options.steps,
        **provenance(scenario),
    }
    rows = _run(plan, options, about)
    if options.json:
        print_json({**about, "rows": [_json(plan, rows[key]) for key in plan.keys]})
    else:
        _print(scenario, plan, rows, ascii_only(options))
    return 0


def _plan(options: Namespace) -> Sweep:
    if not options.vary:
        raise CommandError("nothing is varied; allowed: --vary KEY=V1,V2,…")
    with progress(prod(len(parse_varied(text).texts) for text in options.vary), "settings") as tick:
        return plan_sweep(options.scenario, options.vary, options.set, options.seeds, options.steps, tick)


def _run(plan: Sweep, options: Namespace, about: Mapping[str, Any]) -> Rows:
    """The rows of a sweep: those that its file has already, and the others, which are trained and written there."""
    with crew_of(options) as crew:
        file = None if options.out is None else SweepFile(Path(options.out), plan, about)
        rows = _begun(file, options.force) if file else {}
        if rows:
            _say(f"{options.out} has {len(rows):,} of {len(plan.keys):,} rows already")
        try:
            jobs = jobs_of(plan, rows, crew.count)
            with progress(sum(job.steps for _, job in jobs), "sweep") as tick:
                for done in rows_of(jobs, crew, tick):
                    rows |= {(row.setting, row.seed): row for row in done}
                    if file:
                        file.append(done)
        except (KeyboardInterrupt, SystemExit, WorkersError):
            _say_what_is_left(plan, rows, options.out)
            raise
    if file:
        file.finish(rows)
    return rows


def _begun(file: SweepFile, force: bool) -> dict[tuple[int, int], Row]:
    try:
        return file.begin(force)
    except OtherFileError as error:
        raise CommandError(str(error)) from None


def _say_what_is_left(plan: Sweep, rows: Rows, out: str | None) -> None:
    done = f"{len(rows):,} of {len(plan.keys):,} rows were done"
    if out is None:
        _say(f"{done}; with --out FILE.csv they would have been kept")
    else:
        _say(f"{done} and are in {out}; the same call goes on from there")


def _say(text: str) -> None:
    print(f"gradstep: {text}", file=sys.stderr)


def _json(plan: Sweep, row: Row) -> dict[str, Any]:
    setting = plan.settings[row.setting]
    labels = {lane.id: lane.label for lane in setting.scenario.lanes}
    values = (one.values[one.texts.index(text)] for one, text in zip(plan.varied, setting.texts, strict=True))
    return {
        "settings": dict(zip((one.key for one in plan.varied), values, strict=True)),
        "seed": row.seed,
        "lanes": {lane: {"label": labels[lane], **values} for lane, values in row.lanes.items()},
    }


def _print(scenario: Scenario, plan: Sweep, rows: Rows, ascii: bool) -> None:
    out, results = console(), Results(plan, rows)
    out.print(_heading(scenario, plan.settings, plan.seeds), style="bold")
    if plan.seeds > 1:
        out.print("median [lowest, highest] over the seeds")
    if results.lanes:
        out.print(legend(results))
        out.print()
        out.print(table(results, ascii))
    if results.same:
        out.print("", *same_lines(results), sep="\n")
    if len(plan.varied) == 2:
        for picture in heat_maps(results, out.width, ascii):
            out.print()
            out.print(picture, no_wrap=True)
    if best := best_lines(results, ascii):
        out.print("", *best, sep="\n")


def _heading(scenario: Scenario, settings: Sequence[Setting], seeds: int) -> str:
    steps = sorted({setting.steps for setting in settings})
    long = f"{steps[0]:,} steps" if len(steps) == 1 else f"{steps[0]:,} to {steps[-1]:,} steps"
    first = scenario.seed
    which = f"seed {first}" if seeds == 1 else f"seeds {first} to {first + seeds - 1}"
    return f"{scenario.name}, {len(settings):,} settings, {which}, {long}"
