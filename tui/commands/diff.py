"""`gradstep diff`: the first operation at which two runs differ."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

import numpy as np

from nncore.arrays import Array
from scenarios.export.provenance import scenario_hash, versions
from scenarios.own_code.causes import shape
from scenarios.own_code.findings import Difference, First, place, whole
from scenarios.own_code.sides import Side, compare, pairs, step_count
from scenarios.own_code.tolerance import relative_difference
from tui.commands.ascii_output import ascii_only
from tui.commands.output import console, print_json, progress
from tui.render.plain import plain, spelled

Compared = tuple[Side, Side, Difference, bool]


def diff(options: Namespace) -> int:
    """Compare two runs; 1 if they differ. Raises ScenarioError for what cannot be compared."""
    made: list[Compared] = []
    for a, b in pairs(options.a, options.b):
        with progress(step_count(a, b), f"{a.called} and {b.called}") as tick:
            made.append((a, b, *compare(a, b, options.tolerance, tick)))
    if options.json:
        print_json(_json(made))
    else:
        _print(made, ascii_only(options))
    return 0 if all(difference.same for _, _, difference, _ in made) else 1


def _json(made: Sequence[Compared]) -> dict[str, Any]:
    """The earliest first difference of all lanes that were compared."""
    a, b, _, _ = made[0]
    differing = [one for one in made if not one[2].same]
    chosen = min(differing, key=lambda one: one[2].first.step if one[2].first else 0, default=None)
    scenarios = [side.scenario for side in (a, b)]
    largest = max(difference.largest for _, _, difference, _ in made)
    parting = next((difference.parting for _, _, difference, _ in made if difference.parting), None)
    return {
        "same": not differing,
        "steps": max(difference.steps for _, _, difference, _ in made),
        "largest": largest if np.isfinite(largest) else None,
        "first": None if chosen is None else _first(*chosen),
        "parted": None if parting is None else {"step": parting.step, "why": parting.why, "says": parting.says},
        **versions(),
        "scenario_hash": [None if scenario is None else scenario_hash(scenario) for scenario in scenarios],
        "overrides": [[] if scenario is None else list(scenario.overrides) for scenario in scenarios],
    }


def _first(a: Side, b: Side, difference: Difference, swapped: bool) -> dict[str, Any]:
    first = difference.first
    assert first is not None
    own, found = first.number(first.own), first.number(first.found)
    return {
        "lane": (a.lane_id or b.lane_id) or None,
        "step": first.step,
        "operation": first.operation,
        "layer": first.layer,
        "array": first.array,
        "entry": None if first.entry is None else list(first.entry),
        "a": found if swapped else own,
        "b": own if swapped else found,
        "mistake": first.mistake,
        "says": first.says,
    }


def _print(made: Sequence[Compared], ascii: bool) -> None:
    width = console().width
    for number, (a, b, difference, swapped) in enumerate(made):
        lines = [f"{a.called} and {b.called}"]
        for line in _told(a, b, difference, swapped):
            text = plain(spelled(line)) if ascii else line
            lines += [text] if text.startswith(" ") else wrap(text, width)
        print(*([""] * bool(number)), *lines, sep="\n")


def _told(a: Side, b: Side, difference: Difference, swapped: bool) -> Iterator[str]:
    """What came of a comparison, in lines; a line that begins with a blank is no sentence."""
    yield from (f"{convention.words}." for convention in difference.conventions)
    first = difference.first
    if first is None:
        yield from _same(difference)
        return
    when = "at the start" if first.step == 0 else f"in step {first.step}"
    yield f"The first difference is {when}: {place(first)}{_sample(first)}"
    names, arrays = (a.called, b.called), (first.own, first.found)
    width = max(map(len, names))
    for name, array in zip(names, reversed(arrays) if swapped else arrays, strict=True):
        yield f"  {name:<{width}}  {_shown(first, array)}"
    yield f"{sentence(first.says)}."
    size = relative_difference(first.own, first.found)
    if np.isfinite(size) and first.own.shape:
        yield f"{whole(first)} is off by up to {size:.1e} of its largest number."
    if first.step > 1:
        before = "The step before agrees" if first.step == 2 else f"The {first.step - 1:,} steps before agree"
        yield f"{before}, to {difference.largest:.1e}."
    yield from _growth(difference, first.step)
    if difference.missing:
        yield f"Not recorded: {', '.join(difference.missing)}."


def _same(difference: Difference) -> Iterator[str]:
    if difference.parting is None:
        yield f"no difference in {difference.steps:,} steps, largest {difference.largest:.0e}"
    else:
        yield f"no operation is wrong in {difference.steps:,} steps, largest difference {difference.largest:.0e}"
        yield f"Rounding alone took them apart, beyond the tolerance from step {difference.parting.step:,} on:"
        yield f"{difference.parting.says}."
        yield from _growth(difference, difference.parting.step)
    if difference.ended is not None:
        yield f"Step {difference.ended:,} overflows: the comparison ends before it."


def _growth(difference: Difference, since: int) -> Iterator[str]:
    """How far apart θ is at some steps from one on."""
    steps = [at for at in difference.apart if at >= since]
    if steps:
        chosen = dict.fromkeys(at for at in (steps[0], since + 9, since + 99, since + 999, steps[-1]) if at in steps)
        shown = ", ".join(f"{difference.apart[at]:.1e} after step {at:,}" for at in chosen)
        yield f"How far θ is apart then, relative to its largest number: {shown}."


def sentence(text: str) -> str:
    """A sentence with a capital letter, unless it begins with a symbol."""
    return text[:1].upper() + text[1:] if text[:2].isascii() and text[1:2].isalpha() else text


def _sample(first: First) -> str:
    if first.batch is None or first.operation not in ("a", "z", "delta") or not first.entry:
        return ""
    return f" (row {first.entry[0]} of the batch, sample {first.batch[first.entry[0]]})"


def _shown(first: First, array: Array) -> str:
    """The wrong entry of an array with as many digits as tell both numbers apart, or the array's shape."""
    if first.own.shape != first.found.shape or (first.entry is None and array.shape):
        return f"shape {shape(array)}"
    one, other, value = (float(side[first.entry or ()]) for side in (first.own, first.found, array))
    digits = 6 if abs(one - other) > 1e-5 * max(abs(one), abs(other)) else 17
    return f"{value:.{digits}g}"
