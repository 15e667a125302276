"""`gradstep verify`: checks the claims of scenarios over many seeds, and their guides, on all processors."""

from __future__ import annotations

import os
import signal
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import cast

from rich.console import Console

from scenarios.errors import quoted
from scenarios.export.provenance import provenances
from scenarios.file.course_file import read_course_file
from scenarios.file.loader import library_files, load
from scenarios.runs.claims import ClaimResult, Outcome, Stack, results, run_stack, stacks
from scenarios.runs.guide_check import Fault, faults, steps_of
from scenarios.scenario import Scenario
from tui.commands.errors import CommandError
from tui.commands.library import expected
from tui.commands.output import console, grid, print_json, progress, spread

Job = tuple[str, Stack | None]
"""A scenario's name or path, and seeds of it to run; None for its guide and quiz."""

_STEPS_FOR_PROCESSES = 10_000
"""Fewer are done before processes have started."""


def verify(options: Namespace) -> int:
    """Check every claim and guide of the scenarios; 1 if something fails."""
    if options.all and options.scenarios:
        raise CommandError("found scenarios and --all; allowed: one of them")
    names = list(_names(options.scenarios)) or [file.stem for file in library_files()]
    scenarios = {name: load(name) for name in names}
    plans = {name: stacks(scenario, options.seeds) for name, scenario in scenarios.items()}
    guided = [name for name, scenario in scenarios.items() if scenario.guide or scenario.quiz]
    jobs: list[Job] = [(name, stack) for name, plan in plans.items() for stack in plan]
    jobs += [(name, None) for name in guided]
    with progress(sum(_steps(scenarios[name], stack) for name, stack in jobs), "claims") as tick:
        done = iter(_results(scenarios, jobs, tick))
    found = [
        result
        for name, plan in plans.items()
        for result in results(scenarios[name], plan, [cast(list[Outcome], next(done)) for _ in plan])
    ]
    wrong = [fault for _ in guided for fault in cast(list[Fault], next(done))]
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


def _steps(scenario: Scenario, stack: Stack | None) -> int:
    return stack.steps if stack else steps_of(scenario)


def _results(
    scenarios: Mapping[str, Scenario], jobs: Sequence[Job], tick: Callable[[int], object]
) -> list[list[Outcome] | list[Fault]]:
    """What each job came to, in their order, by as many processes as there are processors."""
    workers = min(_processors(), len(jobs))
    steps = [_steps(scenarios[name], stack) for name, stack in jobs]
    if workers < 2 or sum(steps) < _STEPS_FOR_PROCESSES:
        return [_do(scenarios[name], stack, tick) for name, stack in jobs]
    with _pool(workers) as pool:
        waiting = {pool.submit(_job, *job): made for job, made in zip(jobs, steps, strict=True)}
        for done in as_completed(waiting):
            done.result()
            tick(waiting[done])
        return [done.result() for done in waiting]


def _processors() -> int:
    """How many processors this process may use, as far as the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _job(name: str, stack: Stack | None) -> list[Outcome] | list[Fault]:
    return _do(load(name), stack)


def _do(
    scenario: Scenario, stack: Stack | None, tick: Callable[[int], object] | None = None
) -> list[Outcome] | list[Fault]:
    return run_stack(scenario, stack, tick) if stack else faults(scenario, tick)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that end at once when the block is left by an error or ctrl+c."""
    pool = ProcessPoolExecutor(workers, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN))
    try:
        yield pool
    except BrokenExecutor:
        raise CommandError("a process that checked claims was ended") from None
    except BaseException:
        for process in active_children():
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


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
