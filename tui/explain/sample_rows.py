"""One sample: what the network makes of it layer by layer, now and over time, and its share of the gradient."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.operations import Phase
from nncore.parameters import parameter_symbol
from tui.explain.notation import subscript as sub
from tui.explain.rows import TOP, Rows, over_time, path_passes, pre_activation
from tui.explain.sample import row_of, sample_pass, target, vector
from tui.render.numbers import num
from tui.session.frame import LaneFrame


@np.errstate(all="ignore")
def inspect_sample(lane: LaneFrame, number: int, ascii: bool = False) -> Rows:
    """The table of a sample of the training part: at θ now, and, if its batch is in view, in that step."""
    model = lane.lane.model
    assert isinstance(model, NetworkModel)
    made, depth = sample_pass(lane, number), model.network.depth
    unit = int(np.abs(made.z[-1] - made.targets).argmax()) if len(made.targets) > 1 else 0
    outputs = path_passes(lane, model.data.x[number])[1][-1][:, 0, unit]
    layer, a = model.network.layers[-1], float(made.a[-1][unit])
    return [
        (f"sample {number}: x = {vector(made.z[0], TOP)}, {target(model, number)}, loss {num(made.loss)} now",),
        (f"output z{sub(depth)}[{unit}] = {num(made.z[-1][unit])} now, wanted {num(made.targets[unit])}",),
        *over_time(lane, outputs, ascii),
        ("",),
        ("layer", "a = W z + b, now", "z = σ(a)"),
        *_layers(model, made.a, made.z[1:]),
        ("",),
        *pre_activation(lane, lane.theta, layer, unit, made.z[-2], a, f"sample {number} now"),
        ("",),
        *_in_the_step(lane, number),
    ]


def _layers(model: NetworkModel, *parts: Sequence[Array]) -> Rows:
    """A row for each layer with its vectors of each kind."""
    names = model.network.activations
    return [
        (f"{d} {name}", *map(vector, vectors)) for d, (name, *vectors) in enumerate(zip(names, *parts, strict=True), 1)
    ]


def _in_the_step(lane: LaneFrame, number: int) -> Rows:
    """What the sample is in the step in view, at θ before its update, and what it adds to the gradient: δ zᵀ and δ."""
    trace, model, row = lane.trace, lane.lane.model, row_of(lane, number)
    assert isinstance(model, NetworkModel)
    step = trace.step + 1
    if row is None:
        return [(f"It is not in the batch of step {step}, which did not learn from it.",)]
    a, z, delta = ([part[row] for part in parts] for parts in (trace.a, trace.z, trace.delta))
    rows: Rows = [(f"In step {step} it is row {row} of the batch, at θ as it was before the update:",)]
    if not lane.done(Phase.BACKWARD, 1):
        rows.append(("layer", "a = W z + b", "z = σ(a)"))
        return [*rows, *_layers(model, a, z[1:]), ("The backward pass is not done yet.",)]
    own = np.concatenate(
        [part for signal, below in zip(delta, z, strict=False) for part in (np.outer(signal, below).ravel(), signal)]
    )
    order = np.argsort(-np.abs(own), kind="stable")[:TOP]
    rows += [("layer", "a = W z + b", "z = σ(a)", "δ"), *_layers(model, a, z[1:], delta)]
    rows += [("",), ("The entries of the gradient that it adds most to:",)]
    rows.append(("entry", "δ·z of this sample", "whole gradient"))
    return rows + [(parameter_symbol(model, int(at)), num(own[at]), num(trace.gradient[at])) for at in order]
