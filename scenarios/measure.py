"""Measures the quantities of `scenarios.quantities` for a lane at a moment of its training."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncore.arrays import Array
from nncore.metrics import Evaluation, evaluate
from nncore.training import Lane, State
from scenarios.insight import INSIGHT, LAYER_INSIGHT


@dataclass(frozen=True, eq=False)
class Moment:
    """A lane after `state.step` updates, and what its last step reported: NaN before the first.

    batch_loss (…) and norms (…, layers), of each layer's gradient: of that step, before its update.
    """

    lane: Lane
    state: State
    batch_loss: Array
    norms: Array
    learning_rate: float

    @cached_property
    def evaluation(self) -> Evaluation:
        return evaluate(self.lane, self.state)

    def full(self, value: float) -> Array:
        """The same value (…) for every replica."""
        return np.full(self.state.theta.shape[:-1], float(value))


def measure(moment: Moment, name: str, index: int | None = None) -> Array:
    """A quantity (…) of a moment, `name[index]` of one layer; NaN where it has no meaning.

    Of a replica that diverged only `parameters` and `diverged_at` have one.
    """
    with np.errstate(all="ignore"):
        value = _measured(moment, name, index)
    if name in ("parameters", "diverged_at"):
        return value
    return np.where(moment.state.diverged_at > 0, np.nan, value)


def _measured(moment: Moment, name: str, index: int | None) -> Array:
    if name in INSIGHT and index is None:
        return INSIGHT[name](moment.lane, moment.state)
    if name in LAYER_INSIGHT and index is not None:
        return LAYER_INSIGHT[name](moment.lane, moment.state, index)
    return _WHOLE[name](moment) if index is None else _OF_LAYER[name](moment, index)


def epoch(moments: Iterable[Moment]) -> Array:
    """Completed passes (…) over the samples: the fewest of the lanes that go on, NaN where none does."""
    passes = [np.where(moment.state.diverged_at > 0, np.nan, moment.state.place.epoch) for moment in moments]
    fewest: Array = np.fmin.reduce(passes)
    return fewest


def _diverged_at(moment: Moment) -> Array:
    step = moment.state.diverged_at
    return np.where(step > 0, step, np.nan)


_WHOLE: dict[str, Callable[[Moment], Array]] = {
    "train_loss": lambda moment: moment.evaluation.train_loss,
    "test_loss": lambda moment: moment.evaluation.test_loss,
    "train_accuracy": lambda moment: moment.evaluation.train_accuracy,
    "test_accuracy": lambda moment: moment.evaluation.test_accuracy,
    "batch_loss": lambda moment: moment.batch_loss,
    "grad_norm": lambda moment: np.linalg.norm(moment.norms, axis=-1),
    "learning_rate": lambda moment: moment.full(moment.learning_rate),
    "samples_seen": lambda moment: moment.full(moment.state.samples_seen),
    "multiply_adds": lambda moment: moment.full(moment.state.samples_seen * moment.lane.model.multiply_adds),
    "parameters": lambda moment: moment.full(moment.lane.model.parameter_count),
    "diverged_at": _diverged_at,
}

_OF_LAYER: dict[str, Callable[[Moment, int], Array]] = {
    "grad_norm": lambda moment, layer: moment.norms[..., layer - 1],
}
