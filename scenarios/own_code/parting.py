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
from nncore.trace import Trace
from nncore.training import Lane

KEPT = 8
"""At so many steps θ is kept, to measure the curvature there."""

MOST_SIDES = 1000
"""So many units that changed their side are noted."""

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
    sample: int
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
                    name = f"a{d}[{own.indices[row]},{unit}]"
                    pair = float(a[row, unit]), float(b[row, unit])
                    self._sides.append(Side(number, name, int(own.indices[row]), activation.name, pair))

    def parting(self, step: int, apart: Mapping[int, float]) -> Parting:
        """Why both are apart from a step on, from the differences of θ by step."""
        for side in self._sides:
            before, after = apart.get(side.step - 1, 0.0), apart.get(side.step, 0.0)
            if side.step <= step and after > JUMP * before:
                grew = f"the difference grew from {before:.1e} to {after:.1e} there"
                numbers = f"{side.numbers[0]:.1e} in one, {side.numbers[1]:.1e} in the other"
                says = f"in step {side.step} a unit of {side.activation} changed its side: {side.unit} is {numbers}"
                return Parting(step, "side", f"{says}; {grew}")
        return self._bent(step) or Parting(step, None, self._amplified(step, apart))

    def _bent(self, step: int) -> Parting | None:
        """Whether the steps were too long for the curvature, which makes any difference grow."""
        optimizer = self._lane.settings.optimizer
        if not isinstance(optimizer, Sgd) or optimizer.nesterov:
            return None
        limit = 2.0 * (1.0 + optimizer.momentum)
        below = None
        for at, (theta, rate) in sorted(self._kept.items()):
            if at > step:
                break
            _, highest = extremes(self._model, self._lane.settings_at(at - 1), theta)
            product = rate * float(highest)
            if product > limit:
                since = f"{below[1]:.3g} at step {below[0]} and " if below else ""
                says = (
                    f"λ_max·α is {since}{product:.3g} at step {at}: above {limit:g} a step makes differences grow along the sharpest direction"
                )
                return Parting(step, "curvature", says)
            below = at, product
        return None

    def _amplified(self, step: int, apart: Mapping[int, float]) -> str:
        """How fast the difference grew on the way."""
        grown = {at: size for at, size in apart.items() if at <= step and size > 0.0}
        first = min(grown)
        if first == step:
            return f"the difference arose in step {step}"
        factor = (grown[step] / grown[first]) ** (1.0 / (step - first))
        return f"the difference grew from {grown[first]:.1e} after step {first}, by a factor of {factor:.3g} a step"
