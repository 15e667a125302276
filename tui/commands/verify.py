"""`gradstep verify`: checks the claims of scenarios over many seeds, on all processors."""

from __future__ import annotations

import os
import signal
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from multiprocessing import active_children, get_context
from pathlib import Path

from rich.console import Console

from scenarios.file.course_file import read_course_file
from scenarios.file.loader import library_files, load
from scenarios.runs.claims import ClaimResult, Outcome, Stack, results, run_stack, stacks
from tui.commands.errors import CommandError
from tui.commands.library import expected
from tui.commands.output import console, grid, print_json, progress, spread

Job = tuple[str, Stack]
"""A scenario's name or path, and seeds of it to run."""

_STEPS_FOR_PROCESSES = 10_000
"""Fewer are done before processes have started."""


def verify(options: Namespace) -> int:
    """Check every claim of the scenarios; 1 if one fails."""
    if options.all and options.scenarios:
        raise CommandError("found scenarios and --all; allowed: one of them")
    names = list(_names(options.scenarios)) or [file.stem for file in library_files()]
    plans = {name: stacks(load(name), options.seeds) for name in names}
    jobs = [(name, stack) for name, plan in plans.items() for stack in plan]
    with progress(sum(stack.steps for _, stack in jobs), "claims") as tick:
        outcomes = iter(_outcomes(jobs, tick))
    found = [
        result for name, plan in plans.items() for result in results(load(name), plan, [next(outcomes) for _ in plan])
    ]
    passed = all(result.passed for result in found)
    if options.json:
        print_json({"passed": passed, "claims": [asdict(result) for result in found]})
    else:
        _print(found)
    return 0 if passed else 1


def _names(given: Sequence[str]) -> Iterator[str]:
    """The scenarios that were named; in place of a folder all those of its course."""
    for name in dict.fromkeys(given):
        if os.path.isdir(name):
            yield from map(str, read_course_file(Path(name)).files)
        else:
            yield name


def _outcomes(jobs: Sequence[Job], tick: Callable[[int], object]) -> list[list[Outcome]]:
    """The outcomes of each job, in their order, by as many processes as there are processors."""
    workers = min(_processors(), len(jobs))
    if workers < 2 or sum(stack.steps for _, stack in jobs) < _STEPS_FOR_PROCESSES:
        return [run_stack(load(name), stack, tick) for name, stack in jobs]
    with _pool(workers) as pool:
        waiting = {pool.submit(_job, name, stack): stack for name, stack in jobs}
        for done in as_completed(waiting):
            done.result()
            tick(waiting[done].steps)
        return [done.result() for done in waiting]


def _processors() -> int:
    """How many processors this process may use, as far as the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _job(name: str, stack: Stack) -> list[Outcome]:
    return run_stack(load(name), stack)


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


def _print(found: Sequence[ClaimResult]) -> None:
    out = console()
    for scenario, claims in groupby(found, key=lambda result: result.scenario):
        out.print(scenario, style="bold")
        for claim in claims:
            _print_claim(out, claim)
    failed = sum(not result.passed for result in found)
    held = {0: "nothing is claimed", 1: "the claim holds"}.get(len(found), f"all {len(found)} claims hold")
    out.print(f"{failed} of {len(found)} claims failed" if failed else held)


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
