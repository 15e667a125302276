"""A record: everything another program needs to repeat a run, as arrays in an `.npz` file without pickles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import BinaryIO

import numpy as np

from nncore.arrays import Array
from nncore.batches import batch
from nncore.model import NetworkModel
from nncore.trace import trace
from nncore.training import Lane
from scenarios.quantities.measure import Measurement

MAX_NUMBERS = 2**28
"""How many sample numbers the batches of one lane may come to."""


Text = str | bytes | Sequence[str]


class Record:
    """Watches single lanes over up to `steps` steps each; raises ValueError if that is too much.

    A lane that diverges is recorded up to the step before.
    """

    def __init__(self, lanes: Sequence[Lane], steps: int) -> None:
        self._lanes = {lane.id: _LaneRecord(lane, steps) for lane in lanes}

    def watch(self, measurement: Measurement) -> None:
        """Take note of the step that was just made."""
        self._lanes[measurement.lane.id].watch(measurement)

    def write(self, file: BinaryIO, texts: Mapping[str, Text] = MappingProxyType({})) -> None:
        """Write the records of all lanes as one `.npz` file, with texts about the run."""
        arrays = {name: array for lane in self._lanes.values() for name, array in lane.arrays()}
        np.savez(file, allow_pickle=False, **arrays, **{name: _text(text) for name, text in texts.items()})


def _text(text: Text) -> np.ndarray:
    return np.array(text) if isinstance(text, bytes) else np.array(text, np.str_)


class _LaneRecord:
    def __init__(self, lane: Lane, steps: int) -> None:
        self._lane = lane
        size = max(_batch_size(lane, at) for at in (0, *(edit.at for edit in lane.edits)))
        if size * steps > MAX_NUMBERS:
            raise ValueError(f"{steps:,} steps of {size:,} samples are too many to record")
        self._batches = np.full((steps, size), -1, dtype=np.int32)
        self._batch_loss = np.full(steps, np.nan)
        self._noise = np.zeros((steps, lane.model.parameter_count if self._is_function else 0))
        self._before = self._state = lane.first_state()
        self._loader = lane.model.loader(lane.seeds, ())

    def watch(self, measurement: Measurement) -> None:
        row = measurement.state.step - 1
        if row < self._state.step:
            return
        self._before, self._state = self._state, measurement.state
        place, size = self._before.place, self._lane.settings_at(row).batch_size
        self._batch_loss[row] = measurement.steps.batch_loss[-1]
        if self._is_function:
            self._noise[row] = self._loader.batch(place, size)[0]
        else:
            indices = batch(self._lane.seeds[0], place, size, self._lane.model.samples)
            self._batches[row, : len(indices)] = indices

    @property
    def _is_function(self) -> bool:
        return not self._lane.model.layers

    def arrays(self) -> Iterator[tuple[str, np.ndarray]]:
        lane, made = self._lane, self._state.step
        if isinstance(lane.model, NetworkModel):
            for name in ("x", "y", "x_test", "y_test"):
                yield f"{lane.id}/{name}", getattr(lane.model.data, name)
            yield f"{lane.id}/batches", self._batches[:made]
        else:
            yield f"{lane.id}/noise", self._noise[:made]
        yield f"{lane.id}/batch_loss", self._batch_loss[:made]
        yield from _parameters(lane, "start", lane.start)
        yield from _parameters(lane, "final", self._state.theta)
        if made:
            yield from _parameters(lane, "grad", trace(lane, self._before).gradient)


def _batch_size(lane: Lane, step: int) -> int:
    return min(lane.settings_at(step).batch_size or lane.model.samples, lane.model.samples)


def _parameters(lane: Lane, part: str, vector: Array) -> Iterator[tuple[str, Array]]:
    """A vector as long as θ by the names of its parts: W1, b1, … or a function's variables."""
    for name, values in lane.model.parts(vector):
        yield f"{lane.id}/{part}/{name}", values
