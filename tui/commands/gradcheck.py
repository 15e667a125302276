"""`gradstep gradcheck`: the backward pass of each lane against central differences."""

from __future__ import annotations

from argparse import Namespace

from nncore.gradcheck import gradient_check
from scenarios.runs.build import build
from tui.commands.loading import loaded
from tui.commands.output import console, grid

TOLERANCE = 1e-5


def gradcheck(options: Namespace) -> int:
    """Compare the first step's gradient of every lane, block by block; 1 if one is off by more than TOLERANCE."""
    scenario = loaded(options.scenario)
    out, passed = console(), True
    for lane in build(scenario):
        table = grid(6)
        table.add_row("  block", "entries", "at a kink", "largest gradient", "error", "")
        for check in gradient_check(lane, lane.first_state()):
            right = check.error <= TOLERANCE
            passed &= right
            numbers = f"{check.compared:,}", f"{check.skipped:,}", f"{check.largest:.3e}", f"{check.error:.1e}"
            table.add_row(f"  {check.block}", *numbers, "ok" if right else "WRONG")
        out.print(f"{lane.id}: {lane.label}", style="bold")
        out.print(table)
    return 0 if passed else 1
