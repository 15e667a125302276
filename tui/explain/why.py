"""Why a number of a run is what it is: what made it, each part of that a number with a way backwards of its own.

The way goes through the operations of a step at one sample and unit, from a weight to the update that made it and so
to the step before, and ends at a sample, a starting value or an edit. What merely copies a number is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.slices import InSlices, Slices, quiet
from nncore.trace import Trace
from nncore.training import Model
from tui.explain.why_passes import Step, why_of_function
from tui.explain.why_record import Record, with_sample
from tui.explain.why_update import why_memory, why_parameter
from tui.explain.why_value import OF_SAMPLES, Kind, Value, Why

MOST = 6
"""How many terms of a sum are told one by one at first."""


@InSlices
def why(record: Record, value: Value, most: int = MOST) -> Slices[Why]:
    """What made a value; of a sum its `most` largest terms, and what the others add.

    Raises ValueError for the error signal of a sample that is not in the batch of its step.
    """
    return quiet(_why(record, value, most))


def _why(record: Record, value: Value, most: int) -> Slices[Why]:
    model = record.lane.model
    if value.kind is Kind.PARAMETER:
        return (yield from why_parameter(record, value))
    if value.kind is Kind.MEMORY:
        return (yield from why_memory(record, value))
    if isinstance(model, FunctionModel):
        return (yield from why_of_function(record, model, value))
    trace = yield from record.trace(value.step)
    if value.kind in (Kind.PRE_ACTIVATION, Kind.ACTIVATION):
        return _forward(record, model, with_sample(model, trace, value.sample), value, most)
    step = Step(record, model, trace)
    return step.delta(value, most) if value.kind is Kind.DELTA else step.gradient(value, most)


def _forward(record: Record, model: NetworkModel, trace: Trace, value: Value, most: int) -> Why:
    """A number of the forward pass, be it of a sample that the step did not learn from."""
    step = Step(record, model, trace)
    made = step.pre_activation(value, most) if value.kind is Kind.PRE_ACTIVATION else step.activation(value, most)
    outside = f"Sample {value.sample} is not in the batch of this step; the weights make this of it."
    return made if trace.delta else replace(made, remark=outside)


def trail(model: Model, way: Sequence[Value]) -> list[str]:
    """The values of a way in words; a step or a sample is named where it is another one than before."""
    step, sample, said = -1, -1, []
    for value in way:
        words = [value.symbol(model)]
        if value.kind in OF_SAMPLES and value.sample != sample:
            sample = value.sample
            words.append(f"sample {sample}")
        if value.made_in != step:
            step = value.made_in
            words.append(f"step {step}" if step else "start")
        said.append(" ".join(words))
    return said
