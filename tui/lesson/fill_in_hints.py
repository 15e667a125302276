"""What a hint says of a number to fill in: the operation in symbols, then its terms in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.made_of import Entry
from nncore.model import NetworkModel
from nncore.network import activation_named
from nncore.operations import OperationKind
from nncore.trace import Trace
from tui.explain.equation import equation
from tui.explain.sums import (
    delta_terms,
    gradient_terms,
    loss_terms,
    penalty_terms,
    pre_activation_terms,
    rest,
    softmax_terms,
)
from tui.explain.update_rule import update_rule
from tui.lesson.judged import index_in_theta
from tui.render.numbers import bracketed, num
from tui.session.frame import LaneFrame


def formula(lane: LaneFrame, index: int) -> str:
    """The operation at a place of the step, in symbols."""
    operation, model = lane.operations[index], lane.lane.model
    if operation.kind is OperationKind.LOSS and isinstance(model, NetworkModel):
        mean = "1/m Σ over samples of " if model.reduction == "mean" else "Σ over samples of "
        return f"L = {mean}{model.loss.formula}{penalty_terms(model, lane.trace)[0]}"
    return equation(replace(lane, index=index, waiting=False)).formula


def terms(lane: LaneFrame, index: int, entry: Entry, rows: Sequence[int]) -> str:
    """What makes one entry, in numbers, with those of some rows of the batch; of an update, what is subtracted."""
    operation, trace, model, d = lane.operations[index], lane.trace, lane.lane.model, lane.operations[index].layer
    if operation.kind is OperationKind.UPDATE:
        at = index_in_theta(lane, index, entry)
        return update_rule(trace, "θ", at).terms.removeprefix(f"{num(trace.theta[at])} - ")
    if not isinstance(model, NetworkModel):
        if operation.kind is OperationKind.GRADIENT:
            return gradient_terms(model, trace, entry[0])
        return "f at " + ", ".join(f"{name} = {num(v)}" for name, v in zip(model.names, trace.theta, strict=True))
    match operation.kind:
        case OperationKind.PRE_ACTIVATION:
            return pre_activation_terms(model, trace, d, *entry)
        case OperationKind.ACTIVATION:
            return _activation_terms(model, trace, d, *entry)
        case OperationKind.LOSS:
            return _loss_terms(model, trace, rows)
        case OperationKind.WEIGHT_GRADIENT | OperationKind.BIAS_GRADIENT:
            return _gradient_terms(model, trace, d, entry, rows)
    return delta_terms(model, trace, d, *entry)


def _activation_terms(model: NetworkModel, trace: Trace, d: int, row: int, unit: int) -> str:
    a, name = trace.a[d - 1][row], model.network.activations[d - 1]
    if name == "softmax":
        return softmax_terms(a, unit)
    return f"{activation_named(name).formula} at a = {num(a[unit])}"


def _loss_terms(model: NetworkModel, trace: Trace, rows: Sequence[int]) -> str:
    """The losses of the samples, averaged or summed, and penalties."""
    losses = model.loss.value(trace.a[-1], trace.z[-1], trace.targets)
    one = f"(sample {trace.indices[rows[0]]}{loss_terms(model, trace, rows[0])})"
    shown = one if len(rows) == 1 else " + ".join(bracketed(losses[row]) for row in rows)
    total = shown + _others(losses, rows)
    mean = f"1/{len(losses)}·({total})" if model.reduction == "mean" and len(losses) > 1 else total
    return mean + penalty_terms(model, trace)[1]


def _gradient_terms(model: NetworkModel, trace: Trace, d: int, entry: Entry, rows: Sequence[int]) -> str:
    """The products of error signals and inputs, summed over the batch, and the penalty's gradient."""
    delta, settings = trace.delta[d - 1][:, entry[0]], trace.settings
    if len(entry) == 1:
        return " + ".join(bracketed(delta[row]) for row in rows) + _others(delta, rows)
    z, w = trace.z[d - 1][:, entry[1]], float(model.network.split(trace.theta)[d - 1][0][entry])
    text = " + ".join(f"{bracketed(delta[row])}·{bracketed(z[row])}" for row in rows) + _others(delta * z, rows)
    text += f" + {num(settings.l2)}·{bracketed(w)}" if settings.l2 else ""
    return text + (f" + {num(settings.l1)}·{bracketed(np.sign(w))}" if settings.l1 else "")


def _others(values: Array, rows: Sequence[int]) -> str:
    """What the samples add that are not written out."""
    return rest(values, list(rows), "sample")
