"""Where a way backwards begins: at what is selected, at a name that is typed, or at the number of the equation line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.network import Layer
from nncore.operations import OperationKind, Phase
from nncore.parameters import parameter_name
from scenarios.errors import quoted
from scenarios.guide import Target
from tui.explain.equation import equation
from tui.explain.sample import hardest, row_of
from tui.explain.unit import SHOWN
from tui.explain.why_record import with_sample
from tui.explain.why_value import Kind, Value
from tui.render.selection import Unit
from tui.session.frame import LaneFrame

_KINDS = {"a": Kind.PRE_ACTIVATION, "z": Kind.ACTIVATION, "delta": Kind.DELTA, "output": Kind.ACTIVATION}
ALLOWED = "a weight, bias, gradient or unit (W1[3,1], b2[0], dW1[0,1], z2[3]), or one of a sample (z2[17,3])"


def parameter_value(lane: LaneFrame, entry: int) -> Value:
    """An entry of θ as the cursor sees it."""
    model = lane.lane.model
    layer = next((one.number for one in model.layers if entry < one.stop), 0)
    made = lane.index >= 0 and lane.trace.finite and lane.done(Phase.UPDATE, layer)
    return Value(Kind.PARAMETER, lane.trace.step + made, entry)


def gradient_value(lane: LaneFrame, entry: int) -> Value:
    """The gradient of an entry of θ in the step in view; raises ValueError where it is not computed yet."""
    return _computed(lane, Value(Kind.GRADIENT, lane.trace.step, entry))


def unit_value(lane: LaneFrame, unit: Unit, row: int = SHOWN) -> Value:
    """What the step in view computed last of a unit for a row of the batch, that which the line under the panes tells.

    Raises ValueError for an input, and where nothing of the unit is computed yet.
    """
    kinds, sample = (Kind.DELTA, Kind.ACTIVATION, Kind.PRE_ACTIVATION), int(lane.trace.indices[row])
    values = [_of_sample(lane, kind, unit.layer, unit.number, sample) for kind in kinds] if unit.layer else []
    if not values:
        raise ValueError("an input: there is nothing before it")
    return next((value for value in values if _is_computed(lane, value)), None) or _computed(lane, values[-1])


def sample_value(lane: LaneFrame, sample: int) -> Value:
    """A sample's output in the step in view, the farthest from its target; raises ValueError before it is computed."""
    model, trace = lane.network, with_sample(lane.network, lane.trace, sample)
    row = trace.indices.tolist().index(sample)
    unit = int(np.argmax(np.nan_to_num(np.abs(trace.z[-1][row] - trace.targets[row]))))
    return _computed(lane, _of_sample(lane, Kind.ACTIVATION, model.network.depth, unit, sample))


def named_value(lane: LaneFrame, target: Target | None, text: str) -> Value:
    """The number of the step in view that a text names, whose target is given; raises ValueError where there is none.

    Of a unit without a sample that of the sample where it is largest.
    """
    model = lane.lane.model
    if isinstance(model, FunctionModel):
        if text not in model.names:
            raise ValueError(f"found {quoted(text)}; allowed: {', '.join(model.names)}")
        return parameter_value(lane, model.names.index(text))
    depth = model.network.depth
    layer = depth if target is not None and target.name == "output" else target.layer if target is not None else 0
    if target is None or not 1 <= layer <= depth:
        raise ValueError(f"found {quoted(text)}; allowed, of layers 1 to {depth}: {ALLOWED}")
    return _in_network(lane, target, model.network.layers[layer - 1])


def _in_network(lane: LaneFrame, target: Target, layer: Layer) -> Value:
    index, trace = target.index, lane.trace
    if target.name in _KINDS:
        if len(index) not in (1, 2) or index[-1] >= layer.fan_out:
            name = str(replace(target, lane=None, index=()))
            raise ValueError(f"allowed: {name}[0] to [{layer.fan_out - 1}], or {name}[sample,unit]")
        kind = _KINDS[target.name]
        sample = index[0] if len(index) == 2 else _largest_sample(lane, target.name, layer.number, index[0])
        if sample >= lane.network.samples:
            raise ValueError(f"found sample {sample}; allowed: 0 to {lane.network.samples - 1}")
        if kind is Kind.DELTA and row_of(lane, sample) is None:
            raise ValueError(f"sample {sample} is not in the batch of step {trace.step + 1}")
        return _computed(lane, _of_sample(lane, kind, layer.number, index[-1], sample))
    sizes = (layer.fan_out, layer.fan_in) if target.name in ("W", "dW") else (layer.fan_out,)
    if len(index) != len(sizes) or any(at >= size for at, size in zip(index, sizes, strict=True)):
        last = ",".join(str(size - 1) for size in sizes)
        raise ValueError(f"allowed: {target.name}{layer.number}[{','.join('0' * len(sizes))}] to [{last}]")
    entry = layer.index(*index)
    return gradient_value(lane, entry) if target.name.startswith("d") else parameter_value(lane, entry)


def _of_sample(lane: LaneFrame, kind: Kind, layer: int, unit: int, sample: int) -> Value:
    """A number of a sample; the z of a linear layer is the a that it copies."""
    if kind is Kind.ACTIVATION and lane.network.network.activations[layer - 1] == "linear":
        kind = Kind.PRE_ACTIVATION
    return Value(kind, lane.trace.step, layer=layer, unit=unit, sample=sample)


def _largest_sample(lane: LaneFrame, name: str, layer: int, unit: int) -> int:
    """The sample of the batch in view of which a unit's number is largest."""
    trace = lane.trace
    values = {"a": trace.a[layer - 1], "delta": trace.delta[layer - 1]}.get(name, trace.z[layer])
    return int(trace.indices[int(np.argmax(np.nan_to_num(np.abs(values[:, unit]))))])


def _is_computed(lane: LaneFrame, value: Value) -> bool:
    return value.operation(lane.lane.model) in lane.operations[: lane.index + 1]


def _computed(lane: LaneFrame, value: Value) -> Value:
    if not _is_computed(lane, value):
        raise ValueError(f"step {value.made_in} has not computed {value.symbol(lane.lane.model)} yet")
    return value


def name_in_equation(lane: LaneFrame) -> str:
    """The name of the number that the equation line tells, of a loss that of the output; else of the largest weight."""
    operation, model = lane.operation, lane.lane.model
    if operation is not None and operation.kind is OperationKind.LOSS and isinstance(model, NetworkModel):
        value = sample_value(lane, hardest(lane))
        return f"output[{value.sample},{value.unit}]"
    entry = equation(lane).entry if operation is not None else None
    if operation is None or not entry:
        return parameter_name(model, int(np.argmax(np.nan_to_num(np.abs(lane.theta)))))
    kind, index = operation.kind, ",".join(map(str, entry))
    if kind is OperationKind.UPDATE or isinstance(model, FunctionModel):
        layer = model.layers[operation.layer - 1] if model.layers else None
        return parameter_name(model, layer.index(*entry) if layer else entry[0])
    if kind in (OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT):
        return f"{'dW' if kind is OperationKind.WEIGHT_GRADIENT else 'db'}{operation.layer}[{index}]"
    names = {OperationKind.PRE_ACTIVATION: "a", OperationKind.ACTIVATION: "z"}
    name = names.get(kind, "delta")
    return f"{name}{operation.layer}[{lane.trace.indices[entry[0]]},{entry[1]}]"
