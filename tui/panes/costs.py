"""The cost axis of charts: what their x counts, how far it reaches, and lines through noise along it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from nncore.arrays import Array
from nncore.training import Lane
from tui.panes.pane import Axis
from tui.session.frame import Curves, LaneFrame

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


def smoothed(x: Array, y: Array, end: float, columns: int, log: bool) -> tuple[Array, Array]:
    """The mean of a noisy series in each of `columns` equal parts of the axis, geometric with `log`.

    Parts without a number to draw are left out.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.log(y) if log else y
    kept = np.isfinite(scaled)
    part = np.clip((x[kept] / end * columns).astype(int), 0, columns - 1)
    counts = np.bincount(part, minlength=columns)
    filled = counts > 0
    means = [np.bincount(part, values[kept], columns)[filled] / counts[filled] for values in (x, scaled)]
    return means[0], np.exp(means[1]) if log else means[1]
