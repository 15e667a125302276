"""`gradstep diff`: the first operation at which two runs differ."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np

from scenarios.export.provenance import scenario_hash, versions
from scenarios.own_code.findings import Difference
from scenarios.own_code.sides import Side, compare, pairs, step_count
from tui.commands.ascii_output import ascii_only
from tui.commands.output import console, print_json, progress
from tui.explain.first_difference import told
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
        for line in told(difference, (a.called, b.called), swapped):
            text = plain(spelled(line)) if ascii else line
            lines += [text] if text.startswith(" ") else wrap(text, width)
        print(*([""] * bool(number)), *lines, sep="\n")
