"""One sample in numbers: in a sentence, and in a table what the network makes of it and its share of the step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.operations import Phase
from nncore.parameters import parameter_symbol
from tui.explain.names import class_name, inputs_said, outputs_said, scaling, vector
from tui.explain.notation import subscript as sub
from tui.explain.rows import TOP, Rows, over_time, path_passes, pre_activation
from tui.render.numbers import num
from tui.render.selection import Numbered, Sample
from tui.session.frame import LaneFrame


@dataclass(frozen=True, eq=False)
class SamplePass:
    """A sample's rows of a forward pass over the whole training part, at θ as the cursor sees it.

    a, z: one vector a layer, z₀ = x first. targets: what the output should be. loss: its own, without 1/m.
    """

    a: tuple[Array, ...]
    z: tuple[Array, ...]
    targets: Array
    loss: float


def sample_pass(lane: LaneFrame, number: int) -> SamplePass:
    """Forward propagation of one sample, as a row of the training part's: alone its last bits might differ."""
    model = lane.network
    with np.errstate(all="ignore"):
        a, z = model.network.forward(lane.theta, model.data.x)
        loss = model.loss.value(a[-1], z[-1], model.targets)[number]
    rows = [tuple(part[number] for part in parts) for parts in (a, z)]
    return SamplePass(rows[0], rows[1], model.targets[number], float(loss))


def row_of(lane: LaneFrame, number: int) -> int | None:
    """Which row of the batch in view a sample is, or None if it is not in it."""
    rows = np.flatnonzero(lane.trace.indices == number)
    return int(rows[0]) if len(rows) else None


def samples_of(model: NetworkModel) -> Numbered[Sample]:
    """All samples of the training part."""
    return Numbered(Sample, range(model.samples))


def hardest(lane: LaneFrame) -> int:
    """The sample of the batch in view with the largest loss."""
    model, trace = lane.network, lane.trace
    with np.errstate(all="ignore"):
        losses = model.loss.value(trace.a[-1], trace.z[-1], trace.targets)
    return int(trace.indices[int(np.argmax(np.nan_to_num(losses)))])


def explain_sample(lane: LaneFrame, number: int, what: str = "") -> str:
    """A sample's inputs, target, output and loss, whether it is in the batch in view, and `what` else it is."""
    model = lane.network
    made = sample_pass(lane, number)
    row = row_of(lane, number)
    batch = f"row {row} of the batch of step {lane.trace.step + 1}" if row is not None else "not in this batch"
    output = f"z{sub(model.network.depth)} = {vector(made.z[-1])}"
    given = f"sample {number}{what}: {inputs_said(model.data, made.z[0])}, {target(model, number)}"
    return f"{given} → {output}, loss {num(made.loss)}; {batch}"


def target(model: NetworkModel, number: int) -> str:
    """What a sample of the training part should come to."""
    return wanted(model, model.targets[number])


def wanted(model: NetworkModel, targets: Array) -> str:
    """What the outputs should be: the class where they are shares of classes, else y."""
    if model.loss.output == "softmax":
        return f"class {class_name(model.data, int(np.argmax(targets)))}"
    return outputs_said(model.data, targets)


@np.errstate(all="ignore")
def inspect_sample(lane: LaneFrame, number: int, ascii: bool = False) -> Rows:
    """The table of a sample of the training part: at θ now, and, if its batch is in view, in that step."""
    model = lane.network
    made, depth = sample_pass(lane, number), model.network.depth
    unit = int(np.abs(made.z[-1] - made.targets).argmax()) if len(made.targets) > 1 else 0
    outputs = path_passes(lane, model.data.x[number])[1][-1][:, 0, unit]
    layer, a = model.network.layers[-1], float(made.a[-1][unit])
    given = inputs_said(model.data, made.z[0], TOP)
    return [
        (f"sample {number}: {given}, {target(model, number)}, loss {num(made.loss)} now",),
        (f"output z{sub(depth)}[{unit}] = {num(made.z[-1][unit])} now, wanted {num(made.targets[unit])}",),
        *over_time(lane, outputs, ascii),
        *scaling(model.data, made.z[0]),
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
    trace, model, row = lane.trace, lane.network, row_of(lane, number)
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
