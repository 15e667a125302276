"""A timeline's snapshot as a few arrays, and back, with everything checked on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.batches import DataCursor
from nncore.history import CAPACITY, StepLog
from nncore.metrics import Evaluation
from nncore.timeline import Snapshot
from nncore.training import Lane, State
from tui.archive.container import Arrays
from tui.archive.errors import ArchiveError

MAX_REACHED = 10**12
"""A step that no run comes to."""

_COUNTERS = 7  # step, count, epoch, offset, samples seen, diverged at, size of the optimizer state
_VALUES = ("samples_seen", "train_loss", "test_loss", "train_accuracy", "test_accuracy")


@dataclass(frozen=True)
class Kept:
    """What of a snapshot are single numbers."""

    stride: int
    log_width: int
    log_last: int


def to_arrays(snapshot: Snapshot) -> tuple[Kept, Arrays]:
    """The numbers and arrays of a snapshot."""
    states, evaluations = snapshot.states, snapshot.evaluations
    values = [[float(getattr(value, name)) for name in _VALUES] for value in evaluations.values()]
    return Kept(snapshot.stride, snapshot.log.width, snapshot.log.last), {
        "theta": np.stack([state.theta for state in states]),
        "slots": np.concatenate([state.optimizer_state for state in states]),
        "counters": np.array([_counters(state) for state in states], dtype=np.int64),
        "log": snapshot.log.extremes,
        "evaluated": np.array(list(evaluations), dtype=np.int64),
        "evaluations": np.array(values).reshape(-1, len(_VALUES)),
    }


def from_arrays(kept: Kept, arrays: Arrays, lane: Lane) -> Snapshot:
    """The snapshot of a lane in numbers and arrays; raises ArchiveError for what cannot be one."""
    counters = take(arrays, "counters", np.int64, None, _COUNTERS)
    if (
        len(counters) == 0
        or counters.min() < 0
        or counters.max() > MAX_REACHED**2
        or counters[-1, 0] > MAX_REACHED
        or (np.diff(counters[:, 0]) <= 0).any()
    ):
        raise ArchiveError("its steps are out of order")
    parameters = lane.model.parameter_count
    theta = take(arrays, "theta", np.float64, len(counters), parameters)
    optimizer_states = take(arrays, "slots", np.float64, int(counters[:, -1].sum()), parameters)
    parts = np.split(optimizer_states, np.cumsum(counters[:-1, -1]))
    states = tuple(_state(lane, *row) for row in zip(theta, parts, counters, strict=True))
    return Snapshot(
        kept.stride, states, _log(kept, arrays, lane, states[-1].step), _evaluations(arrays, states[-1].step)
    )


def take(arrays: Arrays, name: str, dtype: type, *shape: int | None) -> np.ndarray:
    """An array of this type and shape, None for any length; raises ArchiveError for another one."""
    array = arrays.get(name)
    fits = array is not None and array.dtype == dtype and array.ndim == len(shape)
    if (
        array is None
        or not fits
        or any(want not in (None, have) for want, have in zip(shape, array.shape, strict=True))
    ):
        raise ArchiveError(f"its {name} do not fit the rest")
    return array.copy()


def _counters(state: State) -> tuple[int, ...]:
    place, diverged_at = state.place, int(state.diverged_at)
    return (
        state.step,
        state.count,
        place.epoch,
        place.offset,
        state.samples_seen,
        diverged_at,
        len(state.optimizer_state),
    )


def _state(lane: Lane, theta: np.ndarray, optimizer_state: np.ndarray, counters: np.ndarray) -> State:
    step, count, epoch, offset, samples_seen, diverged_at, _ = counters.tolist()
    if (
        len(optimizer_state) != lane.settings_at(step).optimizer.state_size
        or offset >= lane.model.samples
        or count > step
    ):
        raise ArchiveError(f"its state at step {step} does not fit the lane {lane.id}")
    if not np.isfinite(theta).all() or diverged_at not in (0, step + 1):
        raise ArchiveError(f"its state at step {step} is not one of a run")
    return State(theta, optimizer_state, step, count, DataCursor(epoch, offset), samples_seen, np.array(diverged_at))


def _log(kept: Kept, arrays: Arrays, lane: Lane, reached: int) -> StepLog:
    powers = all(width.bit_count() == 1 and 0 < width <= 2 * MAX_REACHED for width in (kept.stride, kept.log_width))
    if kept.log_last != reached or not powers:
        raise ArchiveError("its log does not fit the rest")
    stretches = -(-kept.log_last // kept.log_width)
    extremes = take(arrays, "log", np.float64, 2, stretches, len(lane.model.blocks) + 2)
    if stretches > CAPACITY:
        raise ArchiveError("its log does not fit the rest")
    return StepLog(len(lane.model.blocks), kept.log_width, kept.log_last, extremes)


def _evaluations(arrays: Arrays, reached: int) -> dict[int, Evaluation]:
    steps = take(arrays, "evaluated", np.int64, None)
    values = take(arrays, "evaluations", np.float64, len(steps), len(_VALUES))
    if ((steps < 0) | (steps > reached)).any() or not (values[:, 0] >= 0).all() or np.isinf(values[:, 0]).any():
        raise ArchiveError("its measurements do not fit the rest")
    return {
        int(step): Evaluation(int(samples_seen), *(np.array(number) for number in row))
        for step, (samples_seen, *row) in zip(steps, values, strict=True)
    }
