"""A learner's file checked: what is right in it, what is wrong, and where to go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from time import monotonic

import numpy as np

from nncore.mistakes.catalogue import MISTAKES
from scenarios.own_code.adam_memory import corrected_memory
from scenarios.own_code.calls import FUNCTIONS, Plan, Result
from scenarios.own_code.cases import FIRST_STEP
from scenarios.own_code.judge import Fault, explained, faults
from scenarios.own_code.process import SECONDS, Ran, run
from scenarios.own_code.replies import WHOLE_STEPS, Reply, replies, replies_in_steps
from scenarios.own_code.worker import RESULTS, About

DIVIDED_LATER = (
    "the mean's 1/m is missing in D, and is in dW and db: the gradients are right. Here D holds it already: "
    "divide D[L] by m, and not dW and db"
)

_SHOWN = 4
"""So many arguments that a function changes are named."""


@dataclass(frozen=True)
class Finding:
    """Something to tell of a function, of WHOLE_STEPS, or of the file as a whole, "".

    mistakes: their IDs. fault: the result that is wrong, if it is about one. line: of the learner's file, if known.
    elsewhere: the error that it makes of networks of other shapes, elsewhere_in: of which one; that alone where the
    finding itself is of such a network.
    """

    function: str
    says: str
    mistakes: tuple[str, ...] = ()
    fault: Fault | None = None
    line: int | None = None
    elsewhere: str = ""
    elsewhere_in: str = ""

    @property
    def unfinished(self) -> bool:
        """Whether it is only the place to go on."""
        return self.mistakes == ("unfinished",)


@dataclass(frozen=True, eq=False)
class Verdict:
    """What became of a file.

    findings: in the order in which to tell them. right: of each function that was called its results that are right,
    up to the first that is not. printed: the beginning of what the file printed.
    """

    findings: tuple[Finding, ...]
    right: Mapping[str, tuple[Result, ...]]
    printed: str

    @property
    def passed(self) -> bool:
        return not self.findings

    @property
    def done(self) -> tuple[str, ...]:
        """The functions in which nothing is wrong; WHOLE_STEPS are among them."""
        return tuple(
            name for name in self.right if all(finding.function not in ("", name) for finding in self.findings)
        )


def check(file: Path, plan: Plan, seconds: float = SECONDS) -> Verdict:
    """Run a file and judge it; behind a function that does not come back, the others in a process of their own.

    They have what is left of the time, or a quarter of it.
    """
    began: list[float] = []

    def once(calls: Sequence[bytes]) -> Ran:
        began.append(monotonic())
        return run(file, calls, max(seconds - (began[-1] - began[0]), seconds / 4.0))

    return judged(plan, once)


def judged(plan: Plan, run: Callable[[Sequence[bytes]], Ran]) -> Verdict:
    """The same of anything that makes calls and reports what became of them."""
    functions, printed = FUNCTIONS, ""
    found: dict[str, tuple[list[Finding], tuple[Result, ...]]] = {}
    while functions:
        asked = plan.asked(functions)
        ran = run([plan.frame(call) for call in asked])
        printed = printed or ran.printed
        lost = ran.error["function"] if ran.error else None
        if ran.error and not lost:
            if found:  # another time it came to its functions
                break
            return Verdict((_raised("", ran.error),), {}, printed)
        heard = list(replies(asked, ran.replies))
        for name in functions:
            own, error = [reply for reply in heard if reply.function == name], ran.error if name == lost else None
            if own or error:
                found[name] = _judged(name, plan, own, error)
        functions = functions[functions.index(lost) + 1 :] if lost in functions else ()
    if not any(told for told, _ in found.values()):
        steps = list(replies_in_steps(plan, asked, ran.replies))
        found[WHOLE_STEPS] = _judged(WHOLE_STEPS, plan, steps, ran.error)
    findings = [finding for told, _ in found.values() for finding in told]
    right = {name: right for name, (_, right) in found.items()}
    return Verdict(tuple(sorted(findings, key=lambda finding: finding.unfinished)), right, printed)


def _judged(
    function: str, plan: Plan, heard: Sequence[Reply], ended: About | None
) -> tuple[list[Finding], tuple[Result, ...]]:
    """What is to be told of a function, and its right results up to the first wrong one."""
    raised = [
        _raised(function, reply.about["error"], "" if reply.case.where.startswith(FIRST_STEP) else reply.case.where)
        for reply in heard
        if "error" in reply.about
    ]
    coarse = next((kind for reply in heard if (kind := reply.about.get("coarse"))), "")
    raised += [_raised(function, ended)] if ended else []
    unfinished = [finding for finding in raised if finding.unfinished]
    if unfinished:
        return unfinished[:1], ()
    judged = faults(plan.results, heard)
    told = [_wrong(function, explained(found)) for found in judged.values() if found]
    if coarse:
        told = [
            one if one.mistakes else replace(one, says=f"numbers are kept as {coarse}: compute in float64")
            for one in told
        ]
    if function == "update" and told and not told[0].mistakes:
        cases = [call.case for call in plan.calls if call.function == function]
        wrong = [fault for found in judged.values() for fault in found]
        one = corrected_memory(cases, [reply for reply in heard if reply.whole], wrong)
        told = [replace(finding, says=one.words, mistakes=(one.id,)) for finding in told] if one else told
    if told and told[0].mistakes == ("no-mean",) and _divided_later(judged, heard):
        told[0] = replace(told[0], says=DIVIDED_LATER)
    right = tuple(takewhile(lambda result: not judged[result], judged))
    named = bool(told) and told[0].mistakes not in ((), ("shape",))
    if named and raised:  # it fails for some shapes, and for others it is seen why
        error = raised[0]
        told[0] = replace(told[0], elsewhere=error.says, elsewhere_in=error.elsewhere_in or FIRST_STEP, line=error.line)
    other = [*raised[: not named], *_misshapen(function, heard)[:1], *_changing(function, heard)]
    return [*told[:named], *other, *_other_input(function, heard)[:1], *told[named:]], right


def _divided_later(faults: Mapping[Result, Sequence[Fault]], heard: Sequence[Reply]) -> bool:
    """Whether D lacks the mean's 1/m, and the gradients have it all the same."""
    wrong = {result.name for result, found in faults.items() if found}
    return wrong == {"D"} and all(_true_gradients(reply) for reply in heard)


def _true_gradients(reply: Reply) -> bool:
    true = reply.case.model.parts(reply.case.trace.gradient)
    return all(np.allclose(reply.arrays.get(f"d{name}", np.nan), part, 1e-6, 1e-12) for name, part in true)


def _wrong(function: str, fault: Fault) -> Finding:
    return Finding(function, fault.says, tuple(one.id for one in fault.mistakes), fault)


def _raised(function: str, error: About, where: str = "") -> Finding:
    """An error that a function raised, or with which the process ended; `where`, if not in the scenario's own step."""
    line, kind = error["line"], error["type"]
    if error.get("missing"):
        return Finding(function, "there is no such function in the file yet", ("unfinished",))
    if kind == "NotImplementedError":
        return Finding(function, MISTAKES["unfinished"].words, ("unfinished",), line=line)
    if error.get("slow"):
        return Finding(
            function, f"it takes too long: it was stopped after {error['slow']:.2g} s", ("too-slow",), line=line
        )
    message = " ".join(error["message"].split())
    says = ": ".join(part for part in (kind, message) if part)
    return Finding(function, says, ("raises",), line=line, elsewhere_in=where)


def _misshapen(function: str, heard: Sequence[Reply]) -> list[Finding]:
    """What a function returned in place of what it should return as a whole."""
    found = dict.fromkeys(
        (reply.function, name, what)
        for reply in heard
        for name, layer, what in reply.about.get("faults", ())
        if layer == 0
    )
    return [Finding(function, _instead(called, name, what), ("shape",)) for called, name, what in found]


def _instead(function: str, name: str | None, found: str) -> str:
    if name is None:
        names = ", ".join((*RESULTS[function], *(["state"] if function == "update" else [])))
        return f"it returns {found}: it should return {names}"
    if function == "loss":
        return f"the loss is {found}: it should be a number"
    return f"{name} is {found}: it should be a dictionary by layer"


def _other_input(function: str, heard: Sequence[Reply]) -> list[Finding]:
    """What forward returned as Z[0], where that is not X."""
    found = dict.fromkeys(reply.about["input"] for reply in heard if reply.function == "forward" and reply.whole)
    return [
        Finding(
            function,
            f"Z[0] is {what}: it should be X, as it was given, and A comes before Z",
            ("shape",) if "other" not in what else (),
        )
        for what in found
        if what
    ]


def _changing(function: str, heard: Sequence[Reply]) -> list[Finding]:
    """The arguments that a function changed; those that it returns anew, and others."""
    changes = [(reply.function, name) for reply in heard for name in reply.about.get("changed", ())]
    if not changes:
        return []
    names = list(dict.fromkeys(name for _, name in changes))
    shown = ", ".join([*names[:_SHOWN], *(["…"] if len(names) > _SHOWN else [])])
    returned = all(name.partition("[")[0] in RESULTS[called] for called, name in changes)
    instead = ", and return that" if returned else ": what is given is needed as it is"
    line = next((line for reply in heard if (line := reply.about.get("line"))), None)
    return [Finding(function, f"{MISTAKES['in-place'].words} of {shown}{instead}", ("in-place",), line=line)]
