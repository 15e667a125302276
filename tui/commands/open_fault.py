"""The app on the operation that a learner's file gets wrong, with the wrong entry selected."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace

from scenarios.guide import NamedOperation, Target
from scenarios.own_code.judge import Fault
from scenarios.scenario import Scenario
from tui.commands.launch import open_app
from tui.session.places import place_of
from tui.session.session import Session
from tui.session.snapshot import SavedView

_NAMES = {"A": "a", "Z": "z", "D": "delta"}


def open_fault(fault: Fault, words: str, scenario: Scenario, lane: str, options: Namespace) -> int:
    """Open the app inside the scenario's first step, where the fault is, and say it there."""
    session = Session.begin(scenario)
    number = [lane_run.lane.id for lane_run in session.lane_runs].index(lane)
    place = place_of(NamedOperation.of(fault.result.operation), session, number, 0)
    if place is not None:
        session.reach(place)
    run = replace(session.saved(), view=SavedView(front=number), notes=(words,))
    return open_app(run, options, _target(fault, lane))


def _target(fault: Fault, lane: str) -> Target | None:
    """The wrong entry, or its unit where rows are samples; None of a single number."""
    if fault.entry is None or not fault.result.layer:
        return None
    name = _NAMES.get(fault.result.name, fault.result.name)
    index = fault.entry[-1:] if fault.result.name in _NAMES else fault.entry
    return Target(name, lane, fault.result.layer, tuple(index))
