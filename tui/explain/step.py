"""One step of the run: every quantity of all lanes that is quickly measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tui.explain.rows import Rows
from tui.render.numbers import count, num
from tui.session.lane_run import Track
from tui.session.measure import quick_quantities


def inspect_step(tracks: Sequence[Track], step: int) -> Rows:
    """The table of the lanes after `step` updates."""
    lanes = [quick_quantities(track, min(step, track.timeline.reached)) for track in tracks]
    rows: Rows = [("", *(track.lane.label for track in tracks))]
    for name in lanes[0]:
        values = [lane[name] for lane in lanes]
        if any(value is not None for value in values):
            rows.append((name, *(count(v) if isinstance(v, int) else num(np.nan if v is None else v) for v in values)))
    return rows
