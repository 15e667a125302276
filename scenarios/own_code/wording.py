"""What a check found, in words."""

from __future__ import annotations

from collections.abc import Iterator

from nncore.mistakes.catalogue import sub
from scenarios.own_code.calls import Result
from scenarios.own_code.check import Finding
from scenarios.own_code.judge import Fault
from scenarios.own_code.replies import WHOLE_STEPS

_SYMBOLS = {"A": "a", "Z": "z", "D": "δ", "dW": "∂W", "db": "∂b"}


def symbol(result: Result) -> str:
    """A result as it is written in the notes: ∂W₂."""
    name = _SYMBOLS.get(result.name, result.name)
    return f"{name}{sub(result.layer)}" if result.layer else name


def described(finding: Finding) -> Iterator[str]:
    """What is told, in lines: where, the numbers, and which mistake it is."""
    fault = finding.fault
    if fault is None:
        yield _where(finding) + said(finding)
        return
    yield _where(finding) + _numbers(fault)
    yield f"  in {fault.where}"
    if words := said(finding):
        yield words


def _where(finding: Finding) -> str:
    """The function that a line is about."""
    names = {"": "the file", WHOLE_STEPS: "three whole steps"}
    return f"{names.get(finding.function, finding.function)}: "


def said(finding: Finding) -> str:
    """What it is, on one line."""
    if finding.unfinished:
        return f"{finding.says}: go on here"
    if finding.fault and not finding.says:
        return f"{_written(finding.fault.result)} is {finding.fault.found}: it should be {_expected(finding.fault)}"
    if finding.function == WHOLE_STEPS:
        return f"{finding.says}; each function is right by itself: does one keep something from call to call?"
    return finding.says


def _written(result: Result) -> str:
    """A result as the learner writes it: dW[2]."""
    return f"{result.name}[{result.layer}]" if result.layer else result.name


def _expected(fault: Fault) -> str:
    return fault.expected if fault.expected == "a number" else f"an array {fault.expected}"


def _numbers(fault: Fault) -> str:
    """The first wrong entry with both numbers, or the shapes."""
    result, entry = fault.result, fault.entry
    name = symbol(result) if not result.layer else f"{symbol(result)} = {_written(result)}"
    if entry is None:
        return f"{name}, found {fault.found}, expected {fault.expected}"
    where = f" ({fault.expected}), entry [{','.join(map(str, entry))}]" if entry else ""
    return f"{name}{where}: yours {fault.yours:.10g}, expected {fault.true:.10g}"
