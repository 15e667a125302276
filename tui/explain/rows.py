"""What several tables have in common: numbers over time, and a pre-activation as a sum with all its terms."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.network import Layer
from tui.explain.notation import subscript as sub
from tui.explain.sums import dot
from tui.render.numbers import bracketed, num
from tui.render.sparkline import sparkline
from tui.session.frame import LaneFrame

Rows = list[tuple[str, ...]]
TOP = 6


def over_time(lane: LaneFrame, values: Array, ascii: bool) -> Rows:
    """A line of numbers, one at each step of the path, which may leave out steps."""
    if lane.path is None or len(lane.path.steps) < 2:
        return []
    finite = values[np.isfinite(values)]
    span = f"{num(finite.min())} … {num(finite.max())}" if len(finite) else "not finite"
    shown, last = len(lane.path.steps), lane.path.steps[-1]
    steps = f"over steps 0 … {last}" if shown == last + 1 else f"at {shown} of the steps 0 … {last}"
    return [(f"{steps}: {sparkline(values, ascii)}  {span}",)]


def path_passes(lane: LaneFrame, x: Array) -> tuple[list[Array], list[Array]]:
    """The forward pass of one input (d,) at every θ of the path: a₁ … a_L and z₀ … z_L, each (k, 1, units)."""
    model = lane.network
    thetas = lane.path.thetas if lane.path is not None else lane.theta[None]
    with np.errstate(all="ignore"):
        return model.network.forward(thetas, np.broadcast_to(x, (len(thetas), 1, len(x))))


def pre_activation(lane: LaneFrame, theta: Array, layer: Layer, row: int, z: Array, a: float, whose: str) -> Rows:
    """A unit's pre-activation as a sum with its largest terms, for activations z (in,) of the layer below."""
    model, d = lane.network, layer.number
    w, b = model.network.split(theta)[d - 1]
    return [
        (f"a{sub(d)}[{row}] of {whose} = Σ W{sub(d)}[{row},j]·z{sub(d - 1)}[j] + b{sub(d)}[{row}]",),
        (f"    = {dot(w[row], z, TOP)} + {bracketed(b[row])} = {num(a)}",),
    ]


def pre_activation_of_row(lane: LaneFrame, layer: Layer, unit: int, row: int) -> Rows:
    """The same for one row of the batch in view."""
    trace, d = lane.trace, layer.number
    z, a = trace.z[d - 1][row], float(trace.a[d - 1][row, unit])
    whose = f"sample {trace.indices[row]}, before the update of step {trace.step + 1},"
    return pre_activation(lane, trace.theta, layer, unit, z, a, whose)
