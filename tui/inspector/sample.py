"""One sample: what the network makes of it layer by layer, now and over time, and its share of the gradient."""

from __future__ import annotations

import numpy as np

from nncore.model import NetworkModel
from tui.equation import num, parameter_name
from tui.frame import LaneFrame
from tui.inspector.terms import TOP, Rows, over_time, path_passes, pre_activation
from tui.panes.sample import SamplePass, row_of, sample_pass, target, vector
from tui.words import subscript as sub


@np.errstate(all="ignore")
def inspect_sample(lane: LaneFrame, number: int, ascii: bool = False) -> Rows:
    """The table of a sample of the training part."""
    model = lane.lane.model
    assert isinstance(model, NetworkModel)
    made, depth = sample_pass(lane, number), model.network.depth
    unit = int(np.abs(made.z[-1] - made.targets).argmax()) if len(made.targets) > 1 else 0
    outputs = path_passes(lane, model.data.x[number])[1][-1][:, 0, unit]
    layer, whose = model.network.layers[-1], f"sample {number}"
    return [
        (f"sample {number}: x = {vector(made.z[0], TOP)}, {target(model, number)}, loss {num(made.loss)}",),
        (f"output z{sub(depth)}[{unit}] = {num(made.z[-1][unit])}, wanted {num(made.targets[unit])}",),
        *over_time(lane, outputs, ascii),
        ("",),
        *_layers(model, made),
        ("",),
        *pre_activation(lane, lane.theta, layer, unit, made.z[-2], float(made.a[-1][unit]), whose),
        ("",),
        *_share(lane, number),
    ]


def _layers(model: NetworkModel, made: SamplePass) -> Rows:
    rows: Rows = [("layer", "a = W z + b", "z = σ(a)")]
    names = model.network.activations
    for d, (a, z, name) in enumerate(zip(made.a, made.z[1:], names, strict=True), 1):
        rows.append((f"{d} {name}", vector(a), vector(z)))
    return rows


def _share(lane: LaneFrame, number: int) -> Rows:
    """What the sample adds to the gradient of the step in view: δ zᵀ and δ, without penalties."""
    trace, model, row = lane.trace, lane.lane.model, row_of(lane, number)
    assert isinstance(model, NetworkModel)
    step = trace.step + 1
    if row is None:
        return [(f"It is not in the batch of step {step}, which did not learn from it.",)]
    parts = []
    for delta, z in zip(trace.delta, trace.z, strict=False):
        parts += [np.outer(delta[row], z[row]).ravel(), delta[row]]
    own = np.concatenate(parts)
    order = np.argsort(-np.abs(own), kind="stable")[:TOP]
    rows: Rows = [
        (f"Row {row} of the batch of step {step}. The entries of the gradient that it adds most to:",),
        ("entry", "δ·z of this sample", "whole gradient"),
    ]
    rows += [(parameter_name(model, int(at)), num(own[at]), num(trace.gradient[at])) for at in order]
    return rows
