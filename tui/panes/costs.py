"""The cost axis of charts: what their x counts, how far it reaches, and lines through noise along it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from nncore.arrays import Array
from nncore.training import Lane
from tui.panes.pane import Axis
from tui.panes.window import Extent
from tui.session.frame import Curves, LaneFrame

LABELS: dict[Axis, str] = {"steps": "steps", "samples": "samples seen", "multiply-adds": "multiply-adds"}
_SHORTEST = 10
_SQUEEZED = 1 / 3
"""The share of the axis in which no lane is squeezed by others that spend more: then what all share is shown."""
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


def extent(lanes: Sequence[tuple[Lane, Curves]], axis: Axis, goal: int) -> Extent:
    """How far the axis of these lanes goes: as far as the one that spent most, of steps to the goal.

    At first it shows as much as all have spent that did not stop, where the axis would squeeze one of them.
    """
    spent = [float(cost(lane, curves, axis, curves.evaluated[-1:])[0]) for lane, curves in lanes]
    steps = max(float(curves.evaluated[-1]) for _, curves in lanes)
    end = reach(max(spent), goal if axis == "steps" else None)
    going = [one for one, (_, curves) in zip(spent, lanes, strict=True) if not curves.diverged_at]
    shared = reach(min(going, default=end))
    shown = shared if axis != "steps" and shared < _SQUEEZED * end else end
    return Extent(axis, end, shown, _SHORTEST * (max(spent) / steps if steps else 1.0))


def within(x: Array, y: Array, low: float, high: float) -> tuple[Array, Array]:
    """The part of a line with rising x between two places, from where it comes in to where it goes out."""
    inside, edges = (x >= low) & (x <= high), np.array([at for at in (low, high) if x[0] < at < x[-1]])
    across = np.concatenate([x[inside], edges])
    order = np.argsort(across, kind="stable")
    return across[order], np.concatenate([y[inside], np.interp(edges, x, y)])[order]


def smoothed(x: Array, y: Array, low: float, high: float, columns: int, log: bool) -> tuple[Array, Array]:
    """The mean of a noisy series in each of `columns` equal parts from `low` to `high`, geometric with `log`.

    Parts without a number to draw are left out.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.log(y) if log else y
    kept = np.isfinite(scaled) & (x >= low) & (x <= high)
    part = np.clip(((x[kept] - low) / (high - low) * columns).astype(int), 0, columns - 1)
    counts = np.bincount(part, minlength=columns)
    filled = counts > 0
    means = [np.bincount(part, values[kept], columns)[filled] / counts[filled] for values in (x, scaled)]
    return means[0], np.exp(means[1]) if log else means[1]
