"""Measures the quantities of `scenarios.quantities.definitions` for a lane at a step of its training."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nncore import curvature, health, landscape, linear_solution, noise, regions
from nncore.arrays import Array
from nncore.metrics import evaluate_test, evaluate_train
from nncore.model import NetworkModel
from nncore.training import Lane, Model, Settings, State


@dataclass(frozen=True, eq=False)
class Measurement:
    """A lane after `state.step` updates, and what its last step reported: NaN before the first.

    batch_loss (…) and norms (…, layers), of each layer's gradient: of that step, before its update.
    """

    lane: Lane
    state: State
    batch_loss: Array
    norms: Array
    learning_rate: float

    @property
    def model(self) -> Model:
        return self.lane.model

    @property
    def theta(self) -> Array:
        return self.state.theta

    @cached_property
    def settings(self) -> Settings:
        """The settings of the next step."""
        return self.lane.settings_at(self.state.step)

    @cached_property
    def train(self) -> tuple[Array, Array]:
        """Loss and accuracy on the training part."""
        return evaluate_train(self.lane, self.state)

    @cached_property
    def test(self) -> tuple[Array, Array]:
        """Loss and accuracy on the test part."""
        return evaluate_test(self.lane, self.state)

    def full(self, value: float) -> Array:
        """The same value (…) for every replica."""
        return np.full(self.theta.shape[:-1], float(value))

    def replica(self, number: int) -> Measurement:
        """One replica of a stack, as a single lane."""
        lane, state, model = self.lane, self.state, self.model
        if isinstance(model, NetworkModel) and model.data.x.ndim == 3:
            names = ("x", "y", "x_test", "y_test")
            own = {name: getattr(model.data, name)[number] for name in names}
            model = replace(model, data=replace(model.data, **own))
        seeds = lane.seeds[number : number + 1]
        return Measurement(
            replace(lane, model=model, start=lane.start[number], seeds=seeds),
            replace(
                state,
                theta=state.theta[number],
                optimizer_state=state.optimizer_state[:, number],
                diverged_at=state.diverged_at[number],
            ),
            self.batch_loss[number],
            self.norms[number],
            self.learning_rate,
        )


def measure(measurement: Measurement, name: str, index: int | None = None) -> Array:
    """A quantity (…) at a step, `name[index]` of one layer; NaN where it has no meaning.

    Of a replica that diverged only `parameters` and `diverged_at` have one.
    """
    with np.errstate(all="ignore"):
        value = _WHOLE[name](measurement) if index is None else _OF_LAYER[name](measurement, index)
    if name in ("parameters", "diverged_at"):
        return value
    return np.where(measurement.state.diverged_at > 0, np.nan, value)


def epoch(measurements: Iterable[Measurement]) -> Array:
    """Completed passes (…) over the samples: the fewest of the lanes that go on, NaN where none does."""
    passes = [
        np.where(measurement.state.diverged_at > 0, np.nan, measurement.state.place.epoch)
        for measurement in measurements
    ]
    fewest: Array = np.fmin.reduce(passes)
    return fewest


def _one_by_one(function: Callable[[Measurement], float | Array]) -> Callable[[Measurement], Array]:
    """What takes a single lane, for each replica of a stack that has not diverged: the same bits in any stack."""

    def measured(measurement: Measurement) -> Array:
        if measurement.theta.ndim == 1:
            return np.asarray(function(measurement))
        values = np.full(len(measurement.theta), np.nan)
        for number in np.flatnonzero(measurement.state.diverged_at == 0):
            values[number] = function(measurement.replica(int(number)))
        return values

    return measured


def _of_network(function: Callable[[Measurement, NetworkModel], float | Array]) -> Callable[[Measurement], Array]:
    """What has a meaning for networks only."""

    def measured(measurement: Measurement) -> Array:
        if isinstance(measurement.model, NetworkModel):
            return np.asarray(function(measurement, measurement.model))
        return measurement.full(np.nan)

    return measured


def _diverged_at(measurement: Measurement) -> Array:
    step = measurement.state.diverged_at
    return np.where(step > 0, step, np.nan)


def _linear_pieces(measurement: Measurement, model: NetworkModel) -> float:
    if model.network.sizes[0] != 1 or not regions.is_piecewise_linear(model.network):
        return np.nan
    try:
        return regions.linear_pieces(model.network, measurement.theta, *model.data.domain[0])
    except OverflowError:
        return np.nan


def _chord_violations(measurement: Measurement, last_only: bool) -> float:
    seed = measurement.lane.seeds[0]
    return landscape.chord_violations(measurement.model, measurement.settings, measurement.theta, seed, last_only)


def _curvature(end: int, layer: int | None = None) -> Callable[[Measurement], Array]:
    """The smallest (0) or the largest (1) eigenvalue of the Hessian."""
    return _one_by_one(lambda m: curvature.extremes(m.model, m.settings, m.theta, layer)[end])


_WHOLE: dict[str, Callable[[Measurement], Array]] = {
    "train_loss": lambda m: m.train[0],
    "test_loss": lambda m: m.test[0],
    "train_accuracy": lambda m: m.train[1],
    "test_accuracy": lambda m: m.test[1],
    "batch_loss": lambda m: m.batch_loss,
    "grad_norm": lambda m: np.linalg.norm(m.norms, axis=-1),
    "learning_rate": lambda m: m.full(m.learning_rate),
    "samples_seen": lambda m: m.full(m.state.samples_seen),
    "multiply_adds": lambda m: m.full(m.state.samples_seen * m.model.multiply_adds),
    "parameters": lambda m: m.full(m.model.parameter_count),
    "closed_form_distance": _one_by_one(lambda m: linear_solution.closed_form_distance(m.model, m.settings, m.theta)),
    "closed_form_gap": _one_by_one(lambda m: linear_solution.closed_form_gap(m.model, m.settings, m.theta)),
    "start_distance": lambda m: np.linalg.norm(m.theta - m.lane.start, axis=-1),
    "dead_units": _of_network(lambda m, model: health.count(health.dead_units(model, m.theta), m.theta)),
    "saturated_units": _of_network(lambda m, model: health.count(health.saturated_units(model, m.theta), m.theta)),
    "linear_pieces": _one_by_one(_of_network(_linear_pieces)),
    "hessian_max": _curvature(1),
    "hessian_min": _curvature(0),
    "chord_violations": _one_by_one(lambda m: _chord_violations(m, last_only=False)),
    "chord_violations_last": _one_by_one(lambda m: _chord_violations(m, last_only=True)),
    "gradient_variance": _one_by_one(
        _of_network(lambda m, model: noise.gradient_variance(model, m.settings, m.state, m.lane.seeds))
    ),
    "gradient_angle": _one_by_one(
        _of_network(lambda m, model: noise.gradient_angle(model, m.settings, m.state, m.lane.seeds))
    ),
    "diverged_at": _diverged_at,
}

_OF_LAYER: dict[str, Callable[[Measurement, int], Array]] = {
    "grad_norm": lambda m, layer: m.norms[..., layer - 1],
    "hessian_max": lambda m, layer: _curvature(1, layer)(m),
    "hessian_min": lambda m, layer: _curvature(0, layer)(m),
}
