"""Why two right programs are apart in the end: what made the difference of their roundings grow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.curvature import extremes
from nncore.model import NetworkModel
from nncore.network import activation_named
from nncore.optimizers import Sgd
from nncore.slices import Slices
from nncore.trace import Trace
from nncore.training import Lane
from scenarios.own_code.reference import symbol

KEPT = 8
"""At so many steps θ is kept, to measure the curvature there."""

MOST_SIDES = 1000
"""So many units that changed their side are noted."""

LEAST = 1e-17
"""A difference that is 0 is taken to be this."""

JUMP = 10.0
"""By so much a difference grows in a step where a unit that changed its side is named."""


@dataclass(frozen=True)
class Parting:
    """step: the first at which both are further apart than the tolerance. why: "side", "curvature" or None."""

    step: int
    why: str | None
    says: str


@dataclass(frozen=True)
class Side:
    """A unit that stands on either side of a kink in both programs."""

    step: int
    unit: str
    activation: str
    numbers: tuple[float, float]


class Watch:
    """What is noted of a run while it is compared."""

    def __init__(self, lane: Lane, model: NetworkModel) -> None:
        self._lane, self._model = lane, model
        self._sides: list[Side] = []
        self._kept: dict[int, tuple[Array, float]] = {}
        self._every = 1

    def step(self, number: int, own: Trace, theirs: Trace) -> None:
        """Take note of a step: the lane's own, and that from where the other program stands."""
        if (number - 1) % self._every == 0:
            self._kept[number] = own.theta, own.learning_rate
            if len(self._kept) > KEPT:
                self._every *= 2
                self._kept = {at: kept for at, kept in self._kept.items() if (at - 1) % self._every == 0}
        if theirs is own or len(self._sides) >= MOST_SIDES:
            return
        for d, (a, b) in enumerate(zip(own.a, theirs.a, strict=True), 1):
            activation = activation_named(self._model.network.activations[d - 1])
            for kink in activation.kinks:
                changed = np.argwhere((a > kink) != (b > kink))
                if len(changed):
                    row, unit = changed[0]
                    name = f"{symbol(f'a{d}')}[{row},{unit}], sample {own.indices[row]}"
                    pair = float(a[row, unit]), float(b[row, unit])
                    self._sides.append(Side(number, name, activation.name, pair))

    def parting(self, step: int, apart: Mapping[int, float]) -> Slices[Parting]:
        """Why both are apart from a step on, from the differences of θ by step, in slices."""
        jumps = [(apart.get(side.step, 0.0) / max(apart.get(side.step - 1, 0.0), LEAST), side) for side in self._sides]
        jump, side = max(jumps, key=lambda one: one[0], default=(0.0, None))
        if side is not None and jump > JUMP:
            numbers = f"{side.numbers[0]:.1e} in one, {side.numbers[1]:.1e} in the other"
            says = f"in step {side.step} a unit of {side.activation} changed its side: {side.unit}, is {numbers}"
            grew = f"the difference grew from {apart.get(side.step - 1, 0.0):.1e} to {apart[side.step]:.1e} there"
            return Parting(step, "side", f"{says}; {grew}")
        bent = yield from self._bent()
        return Parting(step, "curvature", bent) if bent else Parting(step, None, _amplified(apart))

    def _bent(self) -> Slices[str | None]:
        """Whether the steps were too long for the curvature, which makes any difference grow."""
        optimizer = self._lane.settings.optimizer
        if not isinstance(optimizer, Sgd) or optimizer.nesterov:
            return None
        limit, since = 2.0 * (1.0 + optimizer.momentum), ""
        for at, (theta, rate) in sorted(self._kept.items()):
            _, highest = yield from extremes.slices(self._model, self._lane.settings_at(at - 1), theta)
            product = rate * float(highest)
            if product > limit:
                grows = f"above {limit:g} a step makes differences grow along the sharpest direction"
                return f"λ_max·α is {since}{product:.3g} at step {at}: {grows}"
            since = f"{product:.3g} at step {at} and "
        return None


def _amplified(apart: Mapping[int, float]) -> str:
    """How fast the difference grew on the way."""
    first = next((at for at, size in apart.items() if size > 0.0), 0)
    last = max(apart, key=lambda at: apart[at], default=0)
    if first >= last:
        return "θ is not apart: what was recorded besides cancels nearly to 0"
    factor = (apart[last] / apart[first]) ** (1.0 / (last - first))
    grew = f"the difference grew from {apart[first]:.1e} after step {first} to {apart[last]:.1e} after step {last}"
    return f"{grew}, by a factor of {factor:.3g} a step"
