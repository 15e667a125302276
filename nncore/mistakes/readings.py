"""Every known way to compute an operation of a step, right and wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nncore.mistakes.catalogue import Wrong, Wrongs, wrong
from nncore.mistakes.step_values import Loop, StepValues
from nncore.mistakes.terms import Terms
from nncore.mistakes.update_values import UpdateValues, update_values
from nncore.mistakes.wrong_backward import (
    WRONG_BIAS_GRADIENTS,
    WRONG_DELTAS,
    WRONG_WEIGHT_GRADIENTS,
    bias_gradient,
    delta,
    weight_gradient,
)
from nncore.mistakes.wrong_forward import (
    WRONG_ACTIVATIONS,
    WRONG_LOSSES,
    WRONG_PRE_ACTIVATIONS,
    activation,
    loss,
    pre_activation,
)
from nncore.mistakes.wrong_updates import WRONG_UPDATES, update
from nncore.model import NetworkModel
from nncore.operations import Operation, OperationKind
from nncore.trace import Trace
from nncore.training import Lane


def _value(trace: Trace) -> Terms:
    return Terms.of(np.asarray(trace.loss))


def _noisy_gradient(trace: Trace) -> Terms:
    return Terms.of(trace.gradient - trace.noise) + trace.noise


Right = Callable[[Any], Terms]
Ways = Mapping[str, Callable[[Any], Wrongs]]

WAYS: Mapping[OperationKind, tuple[Right, Ways]] = {
    OperationKind.PRE_ACTIVATION: (pre_activation, WRONG_PRE_ACTIVATIONS),
    OperationKind.ACTIVATION: (activation, WRONG_ACTIVATIONS),
    OperationKind.LOSS: (loss, WRONG_LOSSES),
    OperationKind.OUTPUT_DELTA: (delta, WRONG_DELTAS),
    OperationKind.DELTA: (delta, WRONG_DELTAS),
    OperationKind.WEIGHT_GRADIENT: (weight_gradient, WRONG_WEIGHT_GRADIENTS),
    OperationKind.BIAS_GRADIENT: (bias_gradient, WRONG_BIAS_GRADIENTS),
    OperationKind.UPDATE: (update, WRONG_UPDATES),
}
"""Of a network, the right way and the wrong ones by the mistake's ID: functions of `StepValues` or `UpdateValues`."""

WAYS_OF_FUNCTIONS: Mapping[OperationKind, tuple[Right, Ways]] = {
    OperationKind.VALUE: (_value, {}),
    OperationKind.LOSS: (_value, {}),
    OperationKind.GRADIENT: (_noisy_gradient, {}),
    OperationKind.UPDATE: (update, WRONG_UPDATES),
}
"""The same for a lane without a network: functions of its `Trace` or of `UpdateValues`."""

_OF_PARAMETERS = (OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT, OperationKind.UPDATE)


@dataclass(frozen=True, eq=False)
class Readings:
    """What an operation of a step computes, and what mistakes would make of it.

    axes: of the result; those of an update tell weights from biases. whole: whether all of it is judged at once.
    """

    lane: Lane
    trace: Trace
    operation: Operation
    axes: int
    whole: bool
    loop: Loop

    @property
    def frozen(self) -> bool:
        """Whether it is about parameters that are not trained: their gradient counts as 0."""
        return self.operation.kind in _OF_PARAMETERS and self.operation.layer in self.trace.settings.frozen

    @cached_property
    def values(self) -> StepValues | UpdateValues | Trace:
        model, d = self.lane.model, self.operation.layer
        if self.operation.kind is OperationKind.UPDATE:
            return update_values(model, self.trace, d, self.axes, self.loop)
        if isinstance(model, NetworkModel):
            return StepValues(model, self.trace, d, self.whole, self.loop)
        return self.trace

    @cached_property
    def _ways(self) -> tuple[Right, Ways]:
        ways = WAYS if isinstance(self.lane.model, NetworkModel) else WAYS_OF_FUNCTIONS
        return ways[self.operation.kind]

    @cached_property
    def true(self) -> Terms:
        right, _ = self._ways
        if not self.frozen:
            return right(self.values)
        if isinstance(self.values, UpdateValues):
            return Terms.of(self.values.theta)
        return right(self.values).zeroed

    def named(self) -> Iterator[tuple[str, Wrong]]:
        """What each known mistake makes of it, by its ID."""
        _, ways = self._ways
        if not self.frozen:
            for name, way in ways.items():
                for one in way(self.values):
                    yield name, one

    def plain(self) -> Iterator[tuple[str, Wrong]]:
        """The mistakes that know nothing of the operation: a sign, a constant factor."""
        if not self.frozen:
            m = float(len(self.trace.indices))
            yield "sign", wrong(self._times(-1.0))
            for factor in dict.fromkeys((2.0, 0.5, 4.0, m, 1.0 / m)):
                times = f"{factor:g}" if factor >= 1.0 else f"1/{1.0 / factor:g}"
                yield "factor", wrong(self._times(factor), factor=factor, times=times)

    def _times(self, factor: float) -> Terms:
        if isinstance(self.values, UpdateValues):
            return self.values.less(self.values.change() * factor)
        return self.true * factor
