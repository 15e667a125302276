"""One unit in numbers: in a sentence where they come from, and in a table its health and what drives it."""

from __future__ import annotations

import numpy as np

from nncore.idle_units import dead_units, saturated_units
from nncore.operations import OperationKind
from tui.explain.names import input_name, input_said, scaling
from tui.explain.notation import subscript as sub
from tui.explain.rows import TOP, Rows, over_time, path_passes, pre_activation_of_row
from tui.explain.sums import delta_terms, pre_activation_terms
from tui.render.numbers import num
from tui.render.selection import Unit
from tui.session.frame import LaneFrame

SHOWN = 0  # the row of the batch whose numbers are shown


def explain_unit(lane: LaneFrame, unit: Unit) -> str:
    """What the shown sample makes of a unit: the sum computed last for it in numbers, the rest by value."""
    model, trace, (d, i) = lane.network, lane.trace, unit
    place, sample = f"{sub(d)}[{i}]", f"sample {trace.indices[SHOWN]}"
    computed = {operation.kind for operation in lane.operations[: lane.index + 1] if operation.layer == d}
    if not computed:
        return f"unit {i} of layer {d}: step {trace.step + 1} has not reached it yet"
    if d == 0:
        return f"{input_said(model.data, trace.z[0][SHOWN], i)}, {sample}"
    a, z, delta = (num(part[SHOWN, i]) for part in (trace.a[d - 1], trace.z[d], trace.delta[d - 1]))
    if computed & {OperationKind.DELTA, OperationKind.OUTPUT_DELTA}:
        return f"δ{place} = {delta_terms(model, trace, d, SHOWN, i)} = {delta}; a = {a}, z = {z}, {sample}"
    activated = (
        f"; z{place} = {model.network.activations[d - 1]}(a) = {z}" if OperationKind.ACTIVATION in computed else ""
    )
    return f"a{place} = {pre_activation_terms(model, trace, d, SHOWN, i)} = {a}{activated}, {sample}"


def driving_row(lane: LaneFrame, unit: Unit) -> int:
    """The row of the batch that drives a unit most, of which the inspector tells it."""
    return int(np.argsort(-np.abs(lane.trace.z[unit.layer][:, unit.number]), kind="stable")[0])


@np.errstate(all="ignore")
def inspect_unit(lane: LaneFrame, unit: Unit, ascii: bool = False) -> Rows:
    """The table of a unit; of an input unit, what this batch puts in."""
    model, trace = lane.network, lane.trace
    d, i = unit
    if d == 0:
        x = trace.z[0][:, i]
        name = f"input {i}{f', {input_name(model.data, i)}' if model.data.names.inputs else ''}"
        first = trace.z[0][SHOWN]
        return [(f"{name}: from {num(x.min())} to {num(x.max())} in this batch",), *scaling(model.data, first, i)]
    a, z, delta = trace.a[d - 1][:, i], trace.z[d][:, i], trace.delta[d - 1][:, i]
    order = np.argsort(-np.abs(z), kind="stable")[:TOP]
    most = driving_row(lane, unit)
    over = path_passes(lane, trace.z[0][most])[0][d - 1][:, 0, i]
    reached = any(
        o.kind in (OperationKind.OUTPUT_DELTA, OperationKind.DELTA) and o.layer == d
        for o in lane.operations[: lane.index + 1]
    )
    terms = delta_terms(model, trace, d, most, i)
    signal = f"δ{sub(d)}[{i}] of sample {trace.indices[most]} = {terms} = {num(delta[most])}"
    return [
        (f"unit {i} of layer {d}, {model.network.activations[d - 1]}: {_health(lane, d, i)}",),
        ("",),
        *pre_activation_of_row(lane, model.network.layers[d - 1], i, most),
        *over_time(lane, over, ascii),
        (signal if reached else f"the backward pass of step {trace.step + 1} has not reached it yet",),
        ("",),
        ("the samples of this batch that drive it most",),
        ("sample", "a", "z", "δ") if reached else ("sample", "a", "z"),
        *((str(trace.indices[s]), num(a[s]), num(z[s]), *([num(delta[s])] if reached else [])) for s in order),
    ]


def _health(lane: LaneFrame, d: int, i: int) -> str:
    model = lane.network
    if d < model.network.depth and dead_units(model, lane.theta)[d - 1][i]:
        return "dead, 0 on every training sample, so that no gradient reaches its weights"
    if saturated_units(model, lane.theta)[d - 1][i]:
        return "saturated, |σ′| < 0.01 on 95 % of the training samples"
    return "alive"
