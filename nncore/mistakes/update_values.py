"""What one update is made of, as right and wrong ways take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.step_values import Loop
from nncore.mistakes.terms import FINE, Terms
from nncore.model import NetworkModel
from nncore.optimizers import Optimizer
from nncore.trace import Trace
from nncore.training import Model, Settings


@dataclass(frozen=True, eq=False)
class UpdateValues:
    """The update of some of θ: a layer's weights or biases, or all of a function's.

    theta, gradient: before it. state: (state_size, …) the optimizer's. l2: that of these entries, 0 for biases.
    neighbours: the gradients of other layers that have the same shape. previous: the gradient of the step before,
    where a recorded loop knows it.
    """

    settings: Settings
    rate: float
    count: int
    theta: Array
    gradient: Array
    state: Array
    l2: float
    neighbours: Mapping[int, Array]
    previous: Array | None

    @property
    def optimizer(self) -> Optimizer:
        return self.settings.optimizer

    def change(
        self,
        gradient: Array | None = None,
        state: Array | None = None,
        rate: float | None = None,
        optimizer: Optimizer | None = None,
    ) -> Terms:
        """What is subtracted, with one or another thing in place of the true one.

        Every rule is a sum with factors of one sign, over roots of squares, so that the sizes of what goes in make
        Σ|terms|.
        """
        optimizer = optimizer or self.optimizer
        gradient = self.gradient if gradient is None else gradient
        state = self.state if state is None else state
        rate = self.rate if rate is None else rate
        value, _ = optimizer.update(gradient, state, rate, self.count)
        size, _ = optimizer.update(np.abs(gradient), np.abs(state), rate, self.count)
        return Terms(value, size)

    def less(self, change: Terms) -> Terms:
        """θ − change, judged by the change."""
        return Terms(self.theta - change.value, change.size + FINE * np.abs(self.theta))


def update_values(model: Model, trace: Trace, d: int, axes: int, loop: Loop) -> UpdateValues:
    """The update of layer d, of its weights if they have 2 axes, of its biases if 1."""
    place = 0 if axes == 2 else 1

    def parts(vector: Array) -> list[Array]:
        return [part[place] for part in model.network.split(vector)] if isinstance(model, NetworkModel) else [vector]

    theta, gradients = parts(trace.theta), parts(trace.gradient)
    same = (k for k, part in enumerate(theta, 1) if k != max(d, 1) and part.shape == theta[d - 1].shape)
    return UpdateValues(
        settings=trace.settings,
        rate=trace.learning_rate,
        count=trace.count,
        theta=theta[d - 1],
        gradient=gradients[d - 1],
        state=parts(trace.memory_before)[d - 1],
        l2=trace.settings.l2 * (place == 0),
        neighbours={k: gradients[k - 1] for k in same},
        previous=None if loop.previous is None else parts(loop.previous)[d - 1],
    )
