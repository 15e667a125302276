"""The record of a lane's run, as a way backwards reads it: the traces of its steps, made when they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

import numpy as np

from nncore.arrays import chunks
from nncore.model import NetworkModel
from nncore.network import layer_of
from nncore.slices import Slices
from nncore.timeline import Timeline
from nncore.trace import Trace
from nncore.training import Lane
from tui.explain.why_value import Kind, Value

_KEPT = 4


class Record:
    """The steps of one lane; the traces read last are kept."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._traces: OrderedDict[int, Trace] = OrderedDict()

    @property
    def lane(self) -> Lane:
        return self._timeline.lane

    def trace(self, step: int) -> Slices[Trace]:
        """Every number of the step that follows `step` updates."""
        if step not in self._traces:
            self._traces[step] = yield from self._timeline.trace_slices(step)
        self._traces.move_to_end(step)
        while len(self._traces) > _KEPT:
            self._traces.popitem(last=False)
        return self._traces[step]

    def parameter(self, entry: int, step: int) -> Value:
        """An entry of θ after `step` updates, at the last of them that could move it: not one of a frozen layer."""
        while step and self.assigned(entry, step) is None and self._frozen(entry, step - 1):
            step = max((edit.at for edit in self.lane.edits if edit.at < step), default=0)
        return Value(Kind.PARAMETER, step, entry)

    def assigned(self, entry: int, step: int) -> float | None:
        """What an edit made after `step` updates set an entry of θ to, if one did."""
        found = [edit.assignments for edit in self.lane.edits if edit.at == step]
        return next((number for one in reversed(found) for at, number in reversed(one) if at == entry), None)

    def _frozen(self, entry: int, step: int) -> bool:
        frozen = self.lane.settings_at(step).frozen
        model = self.lane.model
        if not isinstance(model, NetworkModel):
            return bool(frozen)
        return bool(frozen) and layer_of(model.network, entry).number in frozen


def with_sample(model: NetworkModel, trace: Trace, sample: int) -> Trace:
    """A step's trace if a sample is in its batch, else what its forward pass makes of that sample, and nothing behind.

    The pass is that of the whole training part, as of one row alone the last bits might differ; of a large one a slice.
    """
    if sample in trace.indices:
        return trace
    parts = chunks(model.samples, model.network.room, model.network.work)
    part = next(part for part in parts if sample < part.stop)
    with np.errstate(all="ignore"):
        a, z = model.network.forward(trace.theta, model.data.x[part])
    rows = slice(sample - part.start, sample - part.start + 1)
    return replace(
        trace,
        indices=np.array([sample], dtype=np.int32),
        targets=model.targets[sample : sample + 1],
        a=tuple(part[rows] for part in a),
        z=tuple(part[rows] for part in z),
        derivative=(),
        delta=(),
    )
