"""What happened when a lane stopped being finite."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.optimizers import Sgd
from nncore.timeline import Timeline
from nncore.trace import first_overflow
from tui.explain.notation import operation_name
from tui.render.numbers import num

LOOK_BACK = 12
"""How many of the last steps are shown."""
SEARCHED = 500
"""How far back the last healthy step is looked for."""
GROWN = 2.0


@dataclass(frozen=True)
class Autopsy:
    """step: the one whose loss or update was not finite. cause: its operation that overflowed first.

    growth: (step, batch loss, gradient norm, ‖θ‖) of the steps before. sharpness: 2/α and the largest eigenvalue
    of the last steps where it is below that of a stable descent and where it is not, or "" where it cannot be had.
    """

    step: int
    cause: str
    growth: tuple[tuple[int, str, str, str], ...]
    healthy: int
    sharpness: str


def autopsy(timeline: Timeline) -> Autopsy | None:
    """The autopsy of a lane, or None if it is alive."""
    step = timeline.diverged_at
    if step is None:
        return None
    operation = first_overflow(timeline.lane, timeline.trace(step - 1))
    first = max(0, step - 1 - LOOK_BACK)
    steps = timeline.steps(first, step - 1)
    growth = tuple(
        (
            steps.first + k,
            num(float(steps.batch_loss[k])),
            num(float(np.hypot.reduce(steps.norms[k]))),
            num(float(np.hypot.reduce(timeline.state_at(steps.first + k).theta))),
        )
        for k in range(len(steps.rates))
    )
    return Autopsy(
        step=step,
        cause=operation_name(operation) if operation else "the update",
        growth=growth,
        healthy=(healthy := last_healthy(timeline, step - 1)),
        sharpness=_sharpness(timeline, healthy),
    )


def last_healthy(timeline: Timeline, last: int) -> int:
    """The last step at which θ was not twice as long as its shortest in the SEARCHED steps before `last`."""
    first = max(0, last - SEARCHED)
    lengths = np.array([np.hypot.reduce(timeline.state_at(step).theta) for step in range(first, last + 1)])
    healthy = np.flatnonzero(lengths <= GROWN * np.minimum.accumulate(lengths))
    return first + int(healthy[-1])


def _sharpness(timeline: Timeline, step: int) -> str:
    from nncore.curvature import extremes

    lane, state = timeline.lane, timeline.state_at(step)
    settings = lane.settings_at(step)
    rate = settings.learning_rate(step)
    try:
        with np.errstate(all="ignore"):
            largest = float(extremes(lane.model, settings, state.theta)[1])
    except (ValueError, np.linalg.LinAlgError):
        return ""
    if not np.isfinite(largest) or rate <= 0:
        return ""
    side = "above" if largest > 2 / rate else "below"
    said = f"at step {step} the largest Hessian eigenvalue λ is {num(largest)}, {side} 2/α = {num(2 / rate)}"
    if side == "below" or not isinstance(settings.optimizer, Sgd) or settings.optimizer.momentum:
        return said
    return f"{said}; plain gradient descent needs α < 2/λ = {num(2 / largest)} there"
