"""What a check found, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nncore.mistakes.catalogue import sub
from scenarios.own_code.calls import Result
from scenarios.own_code.check import Finding
from scenarios.own_code.judge import Fault
from scenarios.own_code.replies import WHOLE_STEPS
from scenarios.own_code.shapes import axes

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
    else:
        yield _where(finding) + _numbers(fault)
        yield f"  in {fault.where}"
        yield from _explained(finding, fault)
    if finding.elsewhere:
        yield f"for other shapes: {finding.elsewhere}"
        yield f"  in {finding.elsewhere_in}"
    elif finding.elsewhere_in:
        yield f"  in {finding.elsewhere_in}"


def _explained(finding: Finding, fault: Fault) -> Iterator[str]:
    """Which mistake it is, one on each line; of a shape the slips that make it."""
    if finding.says:
        yield from _alternatives(finding, fault)
    elif fault.slips:
        yield " or: ".join(fault.slips)
    elif fault.result.name == "D":
        yield "does it return D, dW, db in this order, each by layers 1 to L?"


def _alternatives(finding: Finding, fault: Fault) -> Iterator[str]:
    words = [one.words for one in fault.mistakes]
    if finding.function != WHOLE_STEPS and len(words) > 1 and finding.says == ", or ".join(words):
        yield words[0]
        yield from (f"or: {one}" for one in words[1:])
    else:
        yield said(replace(finding, elsewhere=""))


def _where(finding: Finding) -> str:
    """The function that a line is about."""
    names = {"": "the file", WHOLE_STEPS: "three whole steps"}
    return f"{names.get(finding.function, finding.function)}: "


def said(finding: Finding) -> str:
    """What it is, on one line."""
    says = finding.says
    if finding.unfinished:
        return f"{says}: go on here"
    if finding.fault and not says:
        says = f"{_written(finding.fault.result)} is {finding.fault.found}: it should be {_expected(finding.fault)}"
        says = "; ".join((says, *finding.fault.slips[:1]))
    if finding.function == WHOLE_STEPS:
        says = f"{says}; each function is right by itself: does one keep something from call to call?"
    return f"{says}; for other shapes {finding.elsewhere}" if finding.elsewhere else says


def _written(result: Result) -> str:
    """A result as the learner writes it: dW[2]."""
    return f"{result.name}[{result.layer}]" if result.layer else result.name


def _expected(fault: Fault) -> str:
    """The shape in words, or a number."""
    words = axes(fault.result.name)
    return f"{fault.expected}, {words}" if words else fault.expected


def _numbers(fault: Fault) -> str:
    """The first wrong entry with both numbers, or the shapes."""
    result, entry = fault.result, fault.entry
    name = symbol(result) if not result.layer else f"{symbol(result)} = {_written(result)}"
    if entry is None:
        return f"{name}: found {fault.found}, expected {_expected(fault)}"
    where = f" {fault.expected}, entry [{','.join(map(str, entry))}]" if entry else ""
    return f"{name}{where}: yours {fault.yours:.10g}, expected {fault.true:.10g}"
