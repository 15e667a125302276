"""One sample in numbers: what the network makes of it, and its share of the step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from tui.explain.notation import subscript as sub
from tui.render.numbers import num
from tui.render.selection import Numbered, Sample
from tui.session.frame import LaneFrame

SHOWN = 4  # numbers of a vector in a line


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
    model = lane.lane.model
    assert isinstance(model, NetworkModel)
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
    model, trace = lane.lane.model, lane.trace
    assert isinstance(model, NetworkModel)
    with np.errstate(all="ignore"):
        losses = model.loss.value(trace.a[-1], trace.z[-1], trace.targets)
    return int(trace.indices[int(np.argmax(np.nan_to_num(losses)))])


def explain_sample(lane: LaneFrame, number: int) -> str:
    """A sample's inputs, target, output and loss, and whether it is in the batch in view."""
    model = lane.lane.model
    assert isinstance(model, NetworkModel)
    made = sample_pass(lane, number)
    row = row_of(lane, number)
    batch = f"row {row} of the batch of step {lane.trace.step + 1}" if row is not None else "not in this batch"
    output = f"z{sub(model.network.depth)} = {vector(made.z[-1])}"
    return (
        f"sample {number}: x = {vector(made.z[0])}, {target(model, number)} → {output}, loss {num(made.loss)}; {batch}"
    )


def target(model: NetworkModel, number: int) -> str:
    """What a sample of the training part should come to."""
    return wanted(model, model.targets[number])


def wanted(model: NetworkModel, targets: Array) -> str:
    """What the outputs should be: the class where they are shares of classes, else y."""
    return f"class {np.argmax(targets)}" if model.loss.output == "softmax" else f"y = {vector(targets)}"


def vector(values: Sequence[float] | Array, most: int = SHOWN) -> str:
    """A number, or some numbers in brackets."""
    texts = [num(float(value)) for value in values[:most]]
    if len(values) == 1:
        return texts[0]
    return f"({', '.join(texts)}{', …' if len(values) > most else ''})"
