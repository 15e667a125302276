"""`gradstep check`: runs a learner's file and names the first operation that is wrong, and the mistake."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from scenarios.errors import ScenarioError, printable
from scenarios.guide import NamedOperation
from scenarios.own_code.calls import FUNCTIONS, Plan
from scenarios.own_code.cases import FIRST_STEP, FIRST_UPDATE
from scenarios.own_code.check import Finding, Verdict
from scenarios.own_code.check import check as checked
from scenarios.own_code.exercise import MAX_BYTES, Origin
from scenarios.own_code.process import SECONDS
from scenarios.own_code.replies import WHOLE_STEPS
from scenarios.own_code.wording import described, said, symbol
from scenarios.own_code.worker import MEMORY
from scenarios.regular_file import read_regular
from scenarios.scenario import Scenario
from tui.commands.ascii_output import ascii_only
from tui.commands.errors import CommandError
from tui.commands.exercise import network_lane
from tui.commands.loading import loaded
from tui.commands.output import print_json
from tui.render.plain import plain, spelled

_LIMITS = f"{SECONDS:g} s, {MEMORY >> 30} GiB"
_PAUSE = 0.2
_PRINTED = 20
"""So many lines that a file prints are shown."""
_WIDTH = 110
_MARKS = 6
"""So many results that are right are shown before one that is wrong."""
_MARKS_IN_ASCII = {ord("✓"): "ok", ord("✗"): "WRONG", ord("–"): "-"}


def check(options: Namespace) -> int:
    """Check a file, with --watch again at every save; 1 if it is not all right. Raises CommandError, ScenarioError."""
    file = Path(options.file)
    if options.watch + options.json + options.open > 1:
        raise CommandError("found several of --watch, --json, --open; allowed: one of them")
    if options.watch:
        _watch(options, file)
    return _check(options, file)


def _watch(options: Namespace, file: Path) -> NoReturn:
    """Check it now and whenever it has changed, until ctrl+c."""
    while True:
        before = _state(file)
        try:
            _check(options, file)
        except (CommandError, ScenarioError) as error:
            print(error)
        print(f"\nwaiting until {printable(str(file))} is saved; ctrl+c ends", flush=True)
        while _state(file) in (before, None):
            time.sleep(_PAUSE)
        print()


def _state(file: Path) -> tuple[int, int, int] | None:
    """What a save changes; None while there is no such file."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _check(options: Namespace, file: Path) -> int:
    source = _read(file)
    scenario, name = _scenario(options, file, source)
    lane = network_lane(scenario, name)
    say = _plainly if ascii_only(options) else print
    if not options.json:
        say(f"{printable(str(file))} is run, for {scenario.name}, lane {lane.id}, in a process of its own: {_LIMITS}")
        sys.stdout.flush()
    verdict = checked(file, Plan(lane))
    if options.json:
        print_json(_as_json(verdict, options.all, scenario))
    else:
        for line in _lines(verdict, options.all, file, source.split("\n")):
            say(line)
    if options.open and not verdict.passed:
        return _opened(options, verdict, scenario, lane.id)
    return 0 if verdict.passed else 1


def _opened(options: Namespace, verdict: Verdict, scenario: Scenario, lane: str) -> int:
    """Show the first wrong operation in the app, if it is in the scenario's first step."""
    finding = verdict.findings[0]
    if finding.fault is None or not finding.fault.where.startswith((FIRST_STEP, FIRST_UPDATE)):
        print("gradstep: it shows in no number of the scenario's first step, so nothing is opened", file=sys.stderr)
        return 1
    from tui.commands.open_fault import open_fault

    where, *_, words = described(finding)
    open_fault(finding.fault, f"{where}\n{words}", scenario, lane, options)
    return 1


def _plainly(line: str) -> None:
    print(plain(spelled(line.translate(_MARKS_IN_ASCII))))


def _read(file: Path) -> str:
    try:
        return read_regular(file, MAX_BYTES).decode(errors="replace")
    except OSError as error:
        raise ScenarioError(str(file), "", f"cannot read it: {error.strerror}") from None


def _scenario(options: Namespace, file: Path, source: str) -> tuple[Scenario, str | None]:
    """The scenario and the lane that were named, in the call or in the file."""
    if options.scenario:
        return loaded(options.scenario), options.lane
    origin = Origin.of(source)
    if origin is None:
        raise CommandError(f"{file} names no scenario; try: gradstep check {file} SCENARIO")
    name = origin.scenario
    if os.path.dirname(name):
        name = os.path.join(file.parent, name)
    return loaded(name), options.lane or origin.lane


def _as_json(verdict: Verdict, everything: bool, scenario: Scenario) -> dict[str, Any]:
    from scenarios.export.provenance import provenance

    told = [_finding(finding) for finding in verdict.findings]
    return {
        "passed": verdict.passed,
        "done": list(_done(verdict)),
        "first": told[0] if told else None,
        **({"rest": told[1:]} if everything else {}),
        **provenance(scenario),
    }


def _done(verdict: Verdict) -> Iterator[str]:
    """What is right: functions, and operations up to the first wrong one."""
    for function, right in verdict.right.items():
        if function in verdict.done:
            yield function
        else:
            yield from dict.fromkeys(f"{function} {NamedOperation.of(result.operation)}" for result in right)


def _finding(finding: Finding) -> dict[str, Any]:
    fault = finding.fault
    operation = NamedOperation.of(fault.result.operation) if fault else None
    return {
        "function": finding.function or None,
        "operation": operation.kind if operation else None,
        "layer": operation.layer or None if operation else None,
        "entry": list(fault.entry) if fault and fault.entry is not None else None,
        "yours": _finite(fault.yours) if fault else None,
        "expected": _finite(fault.true) if fault else None,
        "mistake": finding.mistakes[0] if finding.mistakes else None,
        "mistakes": list(finding.mistakes),
        "says": said(finding),
        "line": finding.line,
    }


def _finite(number: float | None) -> float | None:
    return number if number is not None and isfinite(number) else None


def _lines(verdict: Verdict, everything: bool, file: Path, source: Sequence[str]) -> Iterator[str]:
    """What is printed of a verdict."""
    printed = verdict.printed.splitlines()
    yield from [f"{printable(file.name)} printed:"] * bool(printed)
    yield from (f"  {printable(line)[:_WIDTH]}" for line in printed[:_PRINTED])
    yield from ["  …"] * (len(printed) > _PRINTED)
    yield from ("", _progress(verdict))
    if verdict.passed:
        yield from ("", "all right")
    for finding in verdict.findings if everything else verdict.findings[:1]:
        yield ""
        yield from map(printable, described(finding))
        if finding.line and finding.line <= len(source):
            yield printable(f"{file}, line {finding.line}: {source[finding.line - 1].strip()}")


def _progress(verdict: Verdict) -> str:
    return "   ".join(_marks(verdict, function) for function in (*FUNCTIONS, WHOLE_STEPS))


def _marks(verdict: Verdict, function: str) -> str:
    """How far a function is: backward δ₃ ✓ δ₂ ✗."""
    name = "three steps" if function == WHOLE_STEPS else function
    if function in verdict.done:
        return f"{name} ✓"
    wrong = next((finding for finding in verdict.findings if finding.function == function), None)
    if wrong is None or wrong.unfinished:
        return f"{name} –"
    if wrong.fault is None:
        return f"{name} ✗"
    right = [f"{symbol(result)} ✓" for result in verdict.right[function]]
    left_out = ["…"] if len(right) > _MARKS else []
    return " ".join([name, *left_out, *right[-_MARKS:], f"{symbol(wrong.fault.result)} ✗"])
