"""One unit in numbers: where its pre-activation, its activation and its error signal come from."""

from __future__ import annotations

from nncore.model import NetworkModel
from nncore.operations import Kind
from tui.equation import delta_terms, num, pre_activation_terms
from tui.frame import LaneFrame
from tui.render.network import Unit

SHOWN = 0  # the row of the batch whose numbers are shown


def explain_unit(lane: LaneFrame, unit: Unit) -> str:
    """What the shown sample makes of a unit: the sum computed last for it in numbers, the rest by value."""
    model, trace, (d, i) = lane.lane.model, lane.trace, unit
    assert isinstance(model, NetworkModel)
    seen = lane.operations[: lane.index + 1]
    computed = {op.kind for op in seen if op.layer == d}
    name = f"unit {i} of layer {d}, sample {trace.indices[SHOWN]}: " if d else f"input {i}: "
    if not computed:
        return f"{name}step {trace.step + 1} has not reached it yet"
    if d == 0:
        return f"{name}x = {num(trace.z[0][SHOWN, i])} in sample {trace.indices[SHOWN]}"
    a, z, delta = num(trace.a[d - 1][SHOWN, i]), num(trace.z[d][SHOWN, i]), num(trace.delta[d - 1][SHOWN, i])
    if computed & {Kind.DELTA, Kind.OUTPUT_DELTA}:
        return f"{name}a = {a}, z = {z}, δ = {delta_terms(model, trace, d, SHOWN, i)} = {delta}"
    activated = f", z = {model.network.activations[d - 1]}(a) = {z}" if Kind.ACTIVATION in computed else ""
    return f"{name}a = {pre_activation_terms(model, trace, d, SHOWN, i)} = {a}{activated}"
