"""Any point of the inputs: what the network makes of it now, over time, and layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from nncore.model import NetworkModel
from tui.explain.names import inputs_said, output_name, scaling, vector
from tui.explain.notation import subscript as sub
from tui.explain.rows import Rows, over_time, path_passes, pre_activation
from tui.render.numbers import num
from tui.session.frame import LaneFrame


@np.errstate(all="ignore")
def inspect_input(lane: LaneFrame, at: Sequence[float], ascii: bool = False) -> Rows:
    """The table of an input that need be no sample."""
    model, x = lane.network, np.array(at)
    with np.errstate(all="ignore"):
        a, z = model.network.forward(lane.theta, x[None])
    depth = model.network.depth
    rows: Rows = [(f"{inputs_said(model.data, x)}: z{sub(depth)} = {vector(z[-1][0])}",)]
    if model.data.target:
        rows.append((f"the function it should be is {num(float(model.data.target(x[None])[0, 0]))} there",))
    rows += over_time(lane, path_passes(lane, x)[1][-1][:, 0, 0], ascii)
    rows += [("",), ("layer", "a = W z + b", "z = σ(a)")]
    rows += [(str(d), vector(one[0]), vector(other[0])) for d, (one, other) in enumerate(zip(a, z[1:], strict=True), 1)]
    layer = model.network.layers[-1]
    rows += [("",), *pre_activation(lane, lane.theta, layer, 0, z[-2][0], float(a[-1][0, 0]), "this input")]
    return [*rows, *scaling(model.data, x), ("",), *_near(model, x)]


def _near(model: NetworkModel, x: np.ndarray) -> Rows:
    """The samples that lie nearest."""
    distance = np.sqrt(np.square(model.data.x - x).sum(axis=1))
    order = np.argsort(distance, kind="stable")[:3]
    rows: Rows = [
        (
            "the nearest samples",
            ", ".join(map(partial(output_name, model.data), range(model.data.y.shape[-1]))),
            "distance",
        )
    ]
    return rows + [(str(n), vector(model.data.y[n]), num(distance[n])) for n in order]
