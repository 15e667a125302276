"""One unit in numbers: where its pre-activation, its activation and its error signal come from."""

from __future__ import annotations

from nncore.model import NetworkModel
from nncore.operations import OperationKind
from tui.explain.notation import subscript as sub
from tui.explain.sums import delta_terms, pre_activation_terms
from tui.render.numbers import num
from tui.render.selection import Unit
from tui.session.frame import LaneFrame

SHOWN = 0  # the row of the batch whose numbers are shown


def explain_unit(lane: LaneFrame, unit: Unit) -> str:
    """What the shown sample makes of a unit: the sum computed last for it in numbers, the rest by value."""
    model, trace, (d, i) = lane.lane.model, lane.trace, unit
    assert isinstance(model, NetworkModel)
    place, sample = f"{sub(d)}[{i}]", f"sample {trace.indices[SHOWN]}"
    computed = {operation.kind for operation in lane.operations[: lane.index + 1] if operation.layer == d}
    if not computed:
        return f"unit {i} of layer {d}: step {trace.step + 1} has not reached it yet"
    if d == 0:
        return f"x[{i}] = {num(trace.z[0][SHOWN, i])}, {sample}"
    a, z, delta = (num(part[SHOWN, i]) for part in (trace.a[d - 1], trace.z[d], trace.delta[d - 1]))
    if computed & {OperationKind.DELTA, OperationKind.OUTPUT_DELTA}:
        return f"δ{place} = {delta_terms(model, trace, d, SHOWN, i)} = {delta}; a = {a}, z = {z}, {sample}"
    activated = (
        f"; z{place} = {model.network.activations[d - 1]}(a) = {z}" if OperationKind.ACTIVATION in computed else ""
    )
    return f"a{place} = {pre_activation_terms(model, trace, d, SHOWN, i)} = {a}{activated}, {sample}"
