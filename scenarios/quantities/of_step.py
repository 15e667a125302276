"""The quantities that can be told while a step is made: from θ alone, or from what its passes leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from nncore.arrays import Array
from nncore.backpropagation import Workspace
from nncore.batches import Indices
from nncore.model import NetworkModel
from nncore.training import Lane, Trainer
from scenarios.quantities.definitions import numbered


class Passes(Protocol):
    """What the passes of a step leave: a trace, or the buffers of a trainer."""

    @property
    def a(self) -> Sequence[Array]: ...
    @property
    def z(self) -> Sequence[Array]: ...
    @property
    def delta(self) -> Sequence[Array]: ...
    @property
    def gradient(self) -> Array: ...
    @property
    def indices(self) -> Indices: ...


OfTheta = Callable[[Array], Array]
"""What θ (…, P) tells (…)."""

OfPasses = Callable[[NetworkModel, Passes], float]
"""What the passes of one lane's step tell of its network."""


def of_theta(lane: Lane, name: str, indices: tuple[int, ...]) -> OfTheta | None:
    """How θ of a lane tells a quantity; None where it takes more than θ."""
    model = lane.model
    if name == "start_distance":
        return lambda theta: np.linalg.norm(theta - lane.start, axis=-1)
    if not isinstance(model, NetworkModel):
        return _entry(model.names.index(name)) if name in model.names else None
    if name == "weight_norm":
        weights = model.layers[indices[0] - 1].weights
        return lambda theta: np.linalg.norm(theta[..., weights], axis=-1)
    kind, layer = numbered(name) or ("", 0)
    return _entry(model.layers[layer - 1].index(*indices)) if kind in ("W", "b") else None


def _entry(place: int) -> OfTheta:
    return lambda theta: theta[..., place]


def of_passes(name: str, indices: tuple[int, ...]) -> OfPasses | None:
    """How the passes of a step tell a quantity; None where it takes something else."""
    if name == "delta_norm":
        return lambda _, passes: norm(passes.delta[indices[0] - 1])
    kind, layer = numbered(name) or ("", 0)
    if kind in ("dW", "db"):
        return lambda model, passes: passes.gradient[model.layers[layer - 1].index(*indices)]
    if kind in ("a", "delta"):
        return lambda _, passes: _of_sample(getattr(passes, kind)[layer - 1], passes, *indices)
    if kind in ("z", "output"):
        return lambda _, passes: _of_sample(passes.z[layer or -1], passes, *indices)
    return None


def norm(values: Array) -> float:
    """The root of the sum of squares."""
    return float(np.sqrt(np.square(values).sum()))


def _of_sample(rows: Array, passes: Passes, sample: int, unit: int) -> float:
    """The number of a training sample, NaN where it was not in the batch."""
    at = (passes.indices == sample).nonzero()[0]
    return float(rows[at[0], unit]) if at.size else np.nan


class Buffers:
    """The passes that a trainer of a network has made for its next step."""

    def __init__(self, trainer: Trainer) -> None:
        work = trainer.workspace()
        assert isinstance(work, Workspace)
        self.a, self.z, self.delta, self.gradient = work.a, work.z, work.delta, work.gradient
        self.indices = trainer.batch
