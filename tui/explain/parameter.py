"""One entry of θ: its value over time, the sum it takes part in, its gradient sample by sample."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.network import Layer, layer_of
from nncore.parameters import parameter_symbol
from tui.explain.notation import subscript as sub
from tui.explain.rows import TOP, Rows, over_time, pre_activation_of_row
from tui.explain.sums import gradient_terms
from tui.explain.update_rule import update_rule
from tui.render.numbers import num
from tui.session.frame import LaneFrame


@np.errstate(all="ignore")
def inspect_parameter(lane: LaneFrame, at: int, ascii: bool = False) -> Rows:
    """The table of entry `at` of θ."""
    trace, model = lane.trace, lane.lane.model
    name = parameter_symbol(model, at)
    rows: Rows = [
        (f"{name} = {num(lane.theta[at])} now   at step 0: {num(lane.lane.start[at])}",),
        *(over_time(lane, lane.path.thetas[:, at], ascii) if lane.path else ()),
        ("",),
    ]
    if not lane.gradient_reached[at]:
        return [*rows, (f"the backward pass of step {trace.step + 1} has not reached it yet",)]
    rule = update_rule(trace, name, at)
    rows += [
        (f"its gradient in step {trace.step + 1}: {gradient_terms(model, trace, at)} = {num(trace.gradient[at])}",),
        (f"{rule.formula}{rule.given}",),
        (f"    = {rule.terms} = {num(trace.after[at])}",),
    ]
    if isinstance(model, FunctionModel):
        return rows
    layer = layer_of(model.network, at)
    unit, column = layer.entry(at)
    largest = int(np.argmax(np.abs(trace.a[layer.number - 1][:, unit])))
    part_of = pre_activation_of_row(lane, layer, unit, largest)
    return [*rows, ("",), *part_of, ("",), *_drivers(lane, layer, unit, column)]


def _drivers(lane: LaneFrame, layer: Layer, unit: int, column: int | None) -> Rows:
    """The samples whose product of error signal and input makes most of a gradient."""
    trace, d = lane.trace, layer.number
    delta = trace.delta[d - 1][:, unit]
    inputs: Array = np.ones(len(delta)) if column is None else trace.z[d - 1][:, column]
    products = delta * inputs
    order = np.argsort(-np.abs(products), kind="stable")[:TOP]
    source = "1" if column is None else f"z{sub(d - 1)}[{column}]"
    rows: Rows = [("the samples of this batch that make most of its gradient",)]
    rows.append(("sample", f"δ{sub(d)}[{unit}]", source, "product"))
    rows += [(str(trace.indices[s]), num(delta[s]), num(inputs[s]), num(products[s])) for s in order]
    return rows
