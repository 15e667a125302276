"""All about one thing that is selected: its number now and over time, the sums it is part of, what drives it."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.health import dead_units, saturated_units
from nncore.model import NetworkModel
from nncore.network import Layer
from nncore.trace import Trace
from tui.equation import bracketed, gradient_terms, num, parameter_name
from tui.frame import LaneFrame
from tui.render.network import Unit
from tui.sparkline import sparkline
from tui.words import subscript as sub

Rows = list[tuple[str, ...]]
TOP = 6


def inspect_parameter(lane: LaneFrame, at: int, ascii: bool = False) -> Rows:
    """One entry of θ: its value over time, the sum it takes part in, its gradient sample by sample."""
    trace, model = lane.trace, lane.lane.model
    name = parameter_name(model, at)
    rows: Rows = [
        (f"{name} = {num(lane.theta[at])}   at step 0: {num(lane.lane.start[at])}",),
        *_over_time(lane, at, ascii),
        ("",),
        (f"step {trace.step + 1}:  {name} ← {_update(trace, at)}",),
        (f"its gradient: {gradient_terms(model, trace, at)} = {num(trace.gradient[at])}",),
    ]
    if isinstance(model, FunctionModel):
        return rows
    layer = next(layer for layer in model.network.layers if at < layer.stop)
    row, column = divmod(at - layer.start, layer.fan_in)
    if row >= layer.fan_out:
        row, column = at - layer.biases.start, -1
    return [*rows, ("",), *_part_of(lane, layer, row), ("",), *_drivers(lane, layer, row, column)]


def _update(trace: Trace, at: int) -> str:
    return f"{num(trace.theta[at])} − {bracketed(trace.change[at])} = {num(trace.after[at])}"


def inspect_unit(lane: LaneFrame, unit: Unit) -> Rows:
    """One unit: its health, its sum for the sample that drives it most, and the samples that do."""
    model, trace = lane.lane.model, lane.trace
    assert isinstance(model, NetworkModel)
    d, i = unit
    if d == 0:
        x = trace.z[0][:, i]
        return [(f"input {i}: from {num(x.min())} to {num(x.max())} in this batch",)]
    a, z, delta = trace.a[d - 1][:, i], trace.z[d][:, i], trace.delta[d - 1][:, i]
    order = np.argsort(-np.abs(z), kind="stable")[:TOP]
    rows: Rows = [(f"unit {i} of layer {d}, {model.network.activations[d - 1]}: {_health(lane, d, i)}",), ("",)]
    rows += _part_of(lane, model.network.layers[d - 1], i, int(order[0]))
    rows += [("",), ("the samples of this batch that drive it most",), ("sample", "a", "z", "δ")]
    rows += [(str(trace.indices[s]), num(a[s]), num(z[s]), num(delta[s])) for s in order]
    return rows


def _health(lane: LaneFrame, d: int, i: int) -> str:
    model = lane.lane.model
    assert isinstance(model, NetworkModel)
    if d < model.network.depth and dead_units(model, lane.theta)[d - 1][i]:
        return "dead, 0 on every training sample, so that no gradient reaches its weights"
    if saturated_units(model, lane.theta)[d - 1][i]:
        return "saturated, |σ′| < 0.01 on 95 % of the training samples"
    return "alive"


def _over_time(lane: LaneFrame, at: int, ascii: bool) -> Rows:
    if lane.path is None or len(lane.path.steps) < 2:
        return []
    values = lane.path.thetas[:, at]
    span = f"{num(values.min())} … {num(values.max())}"
    return [(f"over steps 0 … {lane.path.steps[-1]}: {sparkline(values, ascii)}  {span}",)]


def _part_of(lane: LaneFrame, layer: Layer, row: int, sample: int | None = None) -> Rows:
    """The pre-activation of a unit, as a sum with all its terms, for one sample of the batch."""
    trace, model, d = lane.trace, lane.lane.model, layer.number
    assert isinstance(model, NetworkModel)
    a = trace.a[d - 1][:, row]
    s = int(np.argmax(np.abs(a))) if sample is None else sample
    w, b = model.network.split(trace.theta)[d - 1]
    z = trace.z[d - 1][s]
    rows: Rows = [
        (f"a{sub(d)}[{row}] of sample {trace.indices[s]} = Σ W{sub(d)}[{row},j]·z{sub(d - 1)}[j] + b{sub(d)}[{row}]",)
    ]
    order = np.argsort(-np.abs(w[row] * z), kind="stable")
    terms = [f"{num(w[row, j])}·{num(z[j])}" for j in order[:TOP]]
    rest = float((w[row] * z)[order[TOP:]].sum())
    more = f" + {num(rest)} ({len(z) - TOP} more)" if len(z) > TOP else ""
    rows.append((f"    = {' + '.join(terms)}{more} + {num(b[row])} = {num(a[s])}",))
    return rows


def _drivers(lane: LaneFrame, layer: Layer, row: int, column: int) -> Rows:
    """The samples whose product of error signal and input makes most of a gradient; column −1 is the bias."""
    trace, d = lane.trace, layer.number
    delta = trace.delta[d - 1][:, row]
    inputs: Array = np.ones(len(delta)) if column < 0 else trace.z[d - 1][:, column]
    products = delta * inputs
    order = np.argsort(-np.abs(products), kind="stable")[:TOP]
    source = "1" if column < 0 else f"z{sub(d - 1)}[{column}]"
    rows: Rows = [("the samples of this batch that make most of its gradient",)]
    rows.append(("sample", f"δ{sub(d)}[{row}]", source, "product"))
    rows += [(str(trace.indices[s]), num(delta[s]), num(inputs[s]), num(products[s])) for s in order]
    return rows
