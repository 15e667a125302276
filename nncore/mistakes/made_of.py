"""What one number is made of, term by term: where to look when no known mistake explains it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.catalogue import sub
from nncore.mistakes.step_values import StepValues
from nncore.operations import OperationKind
from nncore.parameters import parameter_symbol

Entry = tuple[int, ...]
"""(row, column) of a matrix, rows of a batch by their place in it; (index,) of biases; () of the loss."""


@dataclass(frozen=True, eq=False)
class Sum:
    """The terms (n,) of a sum, and how each is called."""

    terms: Array
    name: Callable[[int], str]

    def suspect(self, off: float, margin: float) -> str:
        """The term that is missing, twice in, or of the wrong sign in a sum that is `off`; else the largest."""
        sizes = np.abs(self.terms)
        explains = [near for factor in (-1.0, 1.0, -2.0) for near in np.abs(off - factor * self.terms) <= margin]
        found = np.flatnonzero(np.reshape(explains, (3, -1)).any(0) & (sizes > margin))
        return self.name(int(found[0] if len(found) == 1 else np.argmax(np.nan_to_num(sizes))))


def _pre_activation(s: StepValues, entry: Entry) -> Sum:
    row, unit = entry
    weights = [parameter_symbol(s.model, s.layer.index(unit, j)) for j in range(s.layer.fan_in)]
    names = [*(f"{weight}·z{sub(s.d - 1)}[{j}]" for j, weight in enumerate(weights)), f"b{sub(s.d)}[{unit}]"]
    return Sum(np.append(s.w(s.d)[unit] * s.z(s.d - 1)[row], s.b(s.d)[unit]), names.__getitem__)


def _activation(s: StepValues, entry: Entry) -> Sum:
    return Sum(s.a(s.d)[entry][None], lambda _: f"{s.activation(s.d).name} at a{sub(s.d)} = {s.a(s.d)[entry]:.4g}")


def _sample(s: StepValues, what: str) -> Callable[[int], str]:
    """What is called after a row of the batch, and after the rows the penalty."""
    return lambda row: f"{what} of sample {s.trace.indices[row]}" if row < s.m else "the penalty"


def _loss(s: StepValues, entry: Entry) -> Sum:
    losses = s.model.loss.value(s.a(s.d), s.z(s.d), s.trace.targets) * s.scale
    return Sum(np.append(losses, s.trace.loss - losses.sum()), _sample(s, "the loss"))


def _delta(s: StepValues, entry: Entry) -> Sum:
    row, unit = entry
    if s.at_output:
        z, y = s.z(s.d)[entry], s.trace.targets[entry]
        return Sum(np.array([z, -y]), [f"z{sub(s.d)} = {z:.4g}", f"y = {y:.4g}"].__getitem__)
    above, terms = s.model.layers[s.d], s.delta(s.d + 1)[row] * s.w(s.d + 1)[:, unit] * s.derivative[entry]
    weights = [parameter_symbol(s.model, above.index(k, unit)) for k in range(above.fan_out)]
    return Sum(terms, lambda k: f"δ{sub(s.d + 1)}[{k}]·{weights[k]}, times σ′(a{sub(s.d)})")


def _weight_gradient(s: StepValues, entry: Entry) -> Sum:
    row, column = entry
    products = s.delta(s.d)[:, row] * s.z(s.d - 1)[:, column]
    penalty = s.penalty_gradient(s.w(s.d)[entry]).value
    return Sum(np.append(products, penalty), _sample(s, f"δ{sub(s.d)}[{row}]·z{sub(s.d - 1)}[{column}]"))


def _bias_gradient(s: StepValues, entry: Entry) -> Sum:
    return Sum(s.delta(s.d)[:, entry[0]], _sample(s, f"δ{sub(s.d)}[{entry[0]}]"))


SUMS: Mapping[OperationKind, Callable[[StepValues, Entry], Sum]] = {
    OperationKind.PRE_ACTIVATION: _pre_activation,
    OperationKind.ACTIVATION: _activation,
    OperationKind.LOSS: _loss,
    OperationKind.OUTPUT_DELTA: _delta,
    OperationKind.DELTA: _delta,
    OperationKind.WEIGHT_GRADIENT: _weight_gradient,
    OperationKind.BIAS_GRADIENT: _bias_gradient,
}
"""What an entry of each operation of a network is made of, updates aside."""
