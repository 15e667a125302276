"""`gradstep run`: trains the lanes of a scenario without a screen and reports what came of them."""

from __future__ import annotations

import io
import os
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from rich.table import Table

from nncore.training import Lane
from scenarios.atomic_write import together
from scenarios.export.provenance import meta_json, meta_path, record_texts, run_provenance
from scenarios.expressions.expression import ExpressionError, parse
from scenarios.expressions.tree import Quantity
from scenarios.file.loader import find
from scenarios.quantities.definitions import numbers
from scenarios.quantities.lane_shape import lane_shape
from scenarios.quantities.lookup import check
from scenarios.quantities.measure import Measurement
from scenarios.runs.build import build, replicas
from scenarios.runs.csv_log import CsvLog
from scenarios.runs.lane_training import parts_for, seed_stacks
from scenarios.runs.record import Record
from scenarios.runs.report import LaneReport, columns, joined, run_lanes, seed_runs
from scenarios.scenario import Scenario
from tui.commands.errors import CommandError
from tui.commands.loading import loaded
from tui.commands.new_file import refuse_sources
from tui.commands.output import console, grid, print_json, progress, shown, spread
from tui.commands.workers import crew_of
from tui.explain.notation import operation_name


@dataclass(frozen=True, eq=False)
class Plan:
    """What to run: `seeds` of them from `seed` on, or None for a single run.

    stacks: each holds all lanes, singly or as replicas for some of the seeds. also: quantities to report besides.
    jobs: how many parts of the seeds are run at once, by default one a processor.
    """

    scenario: Scenario
    steps: int
    seed: int
    seeds: int | None
    stacks: Sequence[Sequence[Lane]]
    also: Sequence[Quantity]
    jobs: int | None = None


Watcher = Callable[[Measurement], object]


def run(options: Namespace, watchers: Sequence[Watcher] = ()) -> int:
    """Run a scenario, which others may watch; raises CommandError, ScenarioError and WriteError."""
    if options.record and options.seeds:
        raise CommandError("--record is for one seed, without --seeds")
    scenario = loaded(options.scenario, options.set)
    seed = scenario.seed if options.seed is None else options.seed
    steps = scenario.steps if options.steps is None else options.steps
    plan = replace(plan_of(scenario, steps, seed, options.seeds, options.also), jobs=options.jobs)
    _refuse_overwriting(options, plan.scenario)
    targets = _targets(options.csv, options.record)
    with together(list(map(Path, targets.values())), options.force) as files:
        reports = train(plan, dict(zip(targets, files, strict=True)), watchers)
    if options.json:
        print_json({**made_from(plan), "lanes": lanes_json(plan, reports)})
    else:
        _print(plan, reports)
    return 0


def plan_of(scenario: Scenario, steps: int, seed: int, seeds: int | None, also: Sequence[str] = ()) -> Plan:
    """The plan of one run, or of several seeds, that reports some quantities also.

    Raises ScenarioError where their data cannot be drawn, CommandError for what is no quantity.
    """
    stacks = [build(scenario, seed)]
    if seeds:
        stacks = [replicas(scenario, part) for part in seed_stacks(scenario, range(seed, seed + seeds))]
    return Plan(scenario, steps, seed, seeds, stacks, _also(also, stacks[0]))


def _also(texts: Sequence[str], lanes: Sequence[Lane]) -> list[Quantity]:
    """The quantities that are asked for besides; raises CommandError for what is none."""
    shapes = {lane.id: lane_shape(lane) for lane in lanes}
    found: list[Quantity] = []
    for text in texts:
        try:
            expression = parse(text)
            if not isinstance(expression.root, Quantity) or expression.root.lane is None:
                raise ExpressionError(f"allowed: a quantity of a lane, such as {lanes[0].id}.grad_norm[1]")
            found += check(expression, shapes).quantities
        except ExpressionError as error:
            raise CommandError(f'--also "{text}": {error}') from None
    return found


def _refuse_overwriting(options: Namespace, scenario: Scenario) -> None:
    """Raise CommandError, before anything is trained, for files to write that are there already.

    What the scenario is read from is never replaced.
    """
    targets = list(_targets(options.csv, options.record).values())
    refuse_sources(map(str, targets), find(options.scenario), scenario)
    for name in targets:
        if os.path.exists(name) and not os.path.isfile(name):
            raise CommandError(f"cannot write {name}: not a regular file")
        if os.path.lexists(name) and not options.force:
            raise CommandError(f"{name} exists already; it is overwritten with --force only")
    if len({os.path.realpath(name) for name in targets}) < len(targets):
        raise CommandError("--csv and --record name the same file")


def _targets(csv: str | None, record: str | None) -> dict[str, str]:
    """The names of the files to write, by what they are."""
    of_csv = {} if csv is None else {"csv": csv, "meta": str(meta_path(csv))}
    return of_csv if record is None else {**of_csv, "record": record}


def train(plan: Plan, files: Mapping[str, BinaryIO], others: Sequence[Watcher] = ()) -> list[LaneReport]:
    """Run all lanes, and write the files among csv, meta, record that are given; raises CommandError for too much."""
    watchers = list(others)
    scenario, lanes, steps = plan.scenario, plan.stacks[0], plan.steps
    if "csv" in files:
        table = io.TextIOWrapper(files["csv"], "utf-8", newline="")
        watchers.append(CsvLog(table, scenario, lanes, steps, bool(plan.seeds), plan.also).watch)
    if "record" in files:
        recorded = _record(lanes, steps)
        watchers.append(recorded.watch)
    if plan.seeds and not watchers:
        reports = _over_seeds(plan, plan.seeds)
    else:
        with progress(len(lanes) * len(plan.stacks) * steps, scenario.name) as tick:
            reports = run_lanes(scenario, plan.stacks, steps, watchers, tick, plan.also)
    if "csv" in files:
        table.detach()
    if "meta" in files:
        files["meta"].write(meta_json(made_from(plan)))
    if "record" in files:
        recorded.write(files["record"], record_texts(scenario, plan.seed, lanes, steps))
    return reports


def _over_seeds(plan: Plan, seeds: int) -> list[LaneReport]:
    with crew_of(Namespace(jobs=plan.jobs)) as crew:
        parts = parts_for(crew.count, 1, seeds)
        jobs = seed_runs(plan.scenario, range(plan.seed, plan.seed + seeds), plan.steps, parts, plan.also)
        with progress(sum(job.steps for job in jobs), plan.scenario.name) as tick:
            done = dict(crew.each(jobs, tick))
    return joined([done[place] for place in range(len(jobs))])


def made_from(plan: Plan) -> dict[str, Any]:
    """What the run can be repeated from."""
    also = {"also": list(map(str, plan.also))} if plan.also else {}
    return {**run_provenance(plan.scenario, plan.seed, plan.steps, plan.seeds), **also}


def _record(lanes: Sequence[Lane], steps: int) -> Record:
    try:
        return Record(lanes, steps)
    except ValueError as error:
        raise CommandError(f"--record: {error}") from None


def lanes_json(plan: Plan, reports: Sequence[LaneReport]) -> dict[str, dict[str, Any]]:
    """What a run reports of its lanes: a number for each quantity, or a list with one for each seed."""
    return {report.id: _json(report, plan.seeds is None) for report in reports}


def _json(report: LaneReport, single: bool) -> dict[str, Any]:
    lane: dict[str, Any] = {"label": report.label}
    for name, column in report.values.items():
        cells = numbers(name, column)
        lane[name] = cells[0] if single else cells
    return lane


def called(plan: Plan) -> str:
    """What is run, in words."""
    which = f"seeds {plan.seed} to {plan.seed + plan.seeds - 1}" if plan.seeds else f"seed {plan.seed}"
    return f"{plan.scenario.name}, {which}, {plan.steps:,} steps"


def _print(plan: Plan, reports: Sequence[LaneReport]) -> None:
    out = console()
    out.print(called(plan), style="bold")
    if plan.seeds:
        out.print("median [lowest, highest] over the seeds")
    out.print()
    out.print(_table([str(column) for column in columns(plan.scenario, plan.stacks[0], plan.also)], reports))
    for report in reports:
        if report.stopped:
            diverged = report.values["diverged_at"][0]
            what = operation_name(report.stopped)
            out.print(f"\n{report.id} diverged at step {diverged:,.0f}: {what} is not finite there")


def _table(names: Sequence[str], reports: Sequence[LaneReport]) -> Table:
    """A row for each of the quantities that has a meaning for some lane, a column for each lane."""
    table = grid(1 + len(reports))
    table.add_row("", *(report.id for report in reports), style="bold")
    table.add_row("", *(report.label for report in reports))
    for name in names:
        cells = [_cell(name, report) for report in reports]
        if any(cell != "-" for cell in cells):
            table.add_row(name, *cells)
    return table


def _cell(name: str, report: LaneReport) -> str:
    column = numbers(name, report.values.get(name, ()))
    if not column:
        return "-"
    return shown(column[0]) if len(column) == 1 else spread(column)
