"""The cost axis of charts: what their x counts, how far it reaches, where the cursor stands on it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from nncore.arrays import Array
from nncore.training import Lane
from tui.frame import Curves, LaneFrame
from tui.panes.pane import Axis

LABELS: dict[Axis, str] = {"steps": "steps", "samples": "samples seen", "multiply-adds": "multiply-adds"}
_SHORTEST = 10
_ENDS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def countable(axis: Axis, lanes: Iterable[LaneFrame]) -> Axis:
    """The axis, or steps where a lane is a function, which has no multiply-adds."""
    if axis == "multiply-adds" and any(not frame.lane.model.multiply_adds for frame in lanes):
        return "steps"
    return axis


def cost(lane: Lane, curves: Curves, axis: Axis, steps: Array) -> Array:
    """What a lane has spent after the given numbers of updates."""
    if axis == "steps":
        return steps
    samples = np.interp(steps, curves.evaluated, curves.samples)
    return samples if axis == "samples" else samples * lane.model.multiply_adds


def reach(spent: float, goal: float | None = None) -> float:
    """The end of an axis that has `spent` on it: a round number or the goal, so that it seldom moves."""
    spent = max(spent, _SHORTEST)
    power = 10.0 ** math.floor(math.log10(spent))
    end = next(end * power for end in _ENDS if end * power >= spent * (1 - 1e-12))
    return min(end, goal) if goal is not None and goal >= spent else end
