"""What a hint says of a number to fill in: the operation in symbols, then its terms in numbers."""

from __future__ import annotations

from dataclasses import replace

from nncore.mistakes.made_of import Entry
from nncore.model import NetworkModel
from nncore.network import activation_named
from nncore.operations import OperationKind
from nncore.trace import Trace
from tui.explain.equation import equation
from tui.explain.sums import (
    delta_terms,
    gradient_terms,
    penalty_terms,
    pre_activation_terms,
    softmax_terms,
)
from tui.explain.update_rule import update_rule
from tui.render.numbers import bracketed, num
from tui.session.frame import LaneFrame


def formula(lane: LaneFrame, index: int) -> str:
    """The operation at a place of the step, in symbols."""
    operation, model = lane.operations[index], lane.lane.model
    if operation.kind is OperationKind.LOSS and isinstance(model, NetworkModel):
        mean = "1/m Σ over samples of " if model.reduction == "mean" else "Σ over samples of "
        return f"L = {mean}{model.loss.formula}{penalty_terms(model, lane.trace)[0]}"
    return equation(replace(lane, index=index, waiting=False)).formula


def terms(lane: LaneFrame, index: int, entry: Entry) -> str:
    """What makes one entry, in numbers; of an update, what is subtracted."""
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
            return _loss_terms(model, trace)
        case OperationKind.WEIGHT_GRADIENT | OperationKind.BIAS_GRADIENT:
            return gradient_terms(model, trace, index_in_theta(lane, index, entry))
    return delta_terms(model, trace, d, *entry)


def index_in_theta(lane: LaneFrame, index: int, entry: Entry) -> int:
    """Which entry of θ an entry of a gradient or of an update is."""
    if lane.is_function:
        return entry[0]
    layer = lane.network.layers[lane.operations[index].layer - 1]
    return layer.index(*entry) if len(entry) == 2 else layer.index(entry[0])


def _activation_terms(model: NetworkModel, trace: Trace, d: int, row: int, unit: int) -> str:
    a, name = trace.a[d - 1][row], model.network.activations[d - 1]
    if name == "softmax":
        return softmax_terms(a, unit)
    return f"{activation_named(name).formula} at a = {num(a[unit])}"


def _loss_terms(model: NetworkModel, trace: Trace) -> str:
    """The losses of the samples, the first ones written out."""
    losses, most = model.loss.value(trace.a[-1], trace.z[-1], trace.targets), 4
    shown = " + ".join(bracketed(value) for value in losses[:most])
    others = f" + {bracketed(losses[most:].sum())} (the other {len(losses) - most})" if len(losses) > most else ""
    mean = f"1/{len(losses)}·({shown}{others})" if model.reduction == "mean" and len(losses) > 1 else shown + others
    return mean + penalty_terms(model, trace)[1]
