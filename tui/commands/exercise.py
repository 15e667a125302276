"""`gradstep exercise`: a file in which a learner writes a lane's training step."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from nncore.model import NetworkModel
from nncore.training import Lane
from scenarios.errors import nearest, quoted
from scenarios.export.provenance import commented, provenance
from scenarios.file.loader import find
from scenarios.own_code.cases import beginning
from scenarios.own_code.exercise import Origin
from scenarios.own_code.exercise import exercise as exercise_text
from scenarios.runs.build import build
from scenarios.scenario import Scenario
from tui.commands.errors import CommandError
from tui.commands.loading import loaded
from tui.commands.new_file import write_named


def exercise(options: Namespace) -> int:
    """Write the file; raises CommandError where there is one already, or the lane is no network."""
    file = Path(options.file)
    if file.suffix != ".py":
        raise CommandError(f"found {quoted(options.file)}; allowed: a file that ends in .py")
    scenario = loaded(options.scenario)
    lane = network_lane(scenario, options.lane)
    text = exercise_text(lane, Origin.beside(file, options.scenario, lane.id), file)
    if options.force and os.path.exists(file) and os.path.samefile(find(options.scenario), file):
        raise CommandError(f"{file} is the scenario itself; it is never overwritten")
    write_named(file, commented(".py", text, provenance(scenario)).encode(), options.force)
    print(f"{file} is written; complete it, and try: gradstep check {file}")
    return 0


def network_lane(scenario: Scenario, name: str | None) -> Lane:
    """The lane of that id, by default the first that is a network, as it stands at its start; raises CommandError."""
    networks = {lane.id: lane for lane in build(scenario) if isinstance(lane.model, NetworkModel)}
    if not networks:
        raise CommandError(f"{scenario.name} has no network: its lanes are functions")
    if name is None:
        return beginning(next(iter(networks.values())))
    if name not in networks:
        known = ", ".join(networks)
        raise CommandError(f"found lane {quoted(name)}; allowed: {known}{nearest(name, networks)}")
    return beginning(networks[name])
