"""One step of the run: every quantity of all lanes that is quickly measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tui.explain.rows import Rows
from tui.render.numbers import count, num
from tui.session.lane_run import LaneRun, quick_quantities


def inspect_step(lane_runs: Sequence[LaneRun], step: int) -> Rows:
    """The table of the lanes after `step` updates."""
    lanes = [quick_quantities(lane_run, min(step, lane_run.timeline.reached)) for lane_run in lane_runs]
    rows: Rows = [("", *(lane_run.lane.label for lane_run in lane_runs))]
    for name in lanes[0]:
        values = [lane[name] for lane in lanes]
        if any(value is not None for value in values):
            rows.append((name, *(count(v) if isinstance(v, int) else num(np.nan if v is None else v) for v in values)))
    return rows
