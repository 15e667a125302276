"""Measures the quantities of `scenarios.quantities.definitions` for a lane at a step of its training."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, ParamSpec

import numpy as np

from nncore import curvature, idle_units, landscape, linear_solution, noise, regions
from nncore.arrays import Array, chunks
from nncore.metrics import evaluate_test, evaluate_train
from nncore.model import NetworkModel
from nncore.slices import InSlices, Slices, quiet
from nncore.trace import Trace, trace
from nncore.training import Lane, Model, Settings, State, Steps
from scenarios.quantities.definitions import numbered
from scenarios.quantities.of_step import norm, of_passes, of_theta

P = ParamSpec("P")
Part = Literal["train", "test"]


@dataclass(frozen=True, eq=False)
class Measurement:
    """A lane after `state.step` updates, and steps that end with the last of them; none before the first.

    before: the state that the last of the steps began at, None before the first.
    """

    lane: Lane
    state: State
    steps: Steps
    before: State | None = None
    _evaluated: dict[Part, tuple[Array, Array]] = field(default_factory=dict, init=False, repr=False)
    _trace: dict[Literal["last"], Trace] = field(default_factory=dict, init=False, repr=False)
    _replicas: dict[int, Measurement] = field(default_factory=dict, init=False, repr=False)

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

    def evaluated(self, part: Part) -> Slices[tuple[Array, Array]]:
        """Loss and accuracy on the training or the test part, taken once."""
        if part not in self._evaluated:
            evaluate = evaluate_train if part == "train" else evaluate_test
            self._evaluated[part] = yield from evaluate.slices(self.lane, self.state)
        return self._evaluated[part]

    def full(self, value: float) -> Array:
        """The same value (…) for every replica."""
        return np.full(self.theta.shape[:-1], float(value))

    def traced(self) -> Slices[Trace | None]:
        """Every number of the last step of a single lane, taken once; None before the first."""
        if self.before is not None and "last" not in self._trace:
            self._trace["last"] = yield from trace.slices(self.lane, self.before)
        return self._trace.get("last")

    def replica(self, number: int) -> Measurement:
        """One replica of a stack, as a single lane, the same at every call."""
        if number not in self._replicas:
            lane, before = self.lane, self.before
            seeds = lane.seeds[number : number + 1]
            self._replicas[number] = Measurement(
                replace(lane, model=lane.model.replica(number), start=lane.start[number], seeds=seeds),
                _replica(self.state, number),
                replace(self.steps, batch_loss=self.steps.batch_loss[:, number], norms=self.steps.norms[:, number]),
                None if before is None else _replica(before, number),
            )
        return self._replicas[number]


def _replica(state: State, number: int) -> State:
    """The state of one replica of a stack."""
    return replace(
        state,
        theta=state.theta[number],
        optimizer_state=state.optimizer_state[:, number],
        diverged_at=state.diverged_at[number],
    )


Measure = Callable[[Measurement], Slices[Array]]


@InSlices
def measure(measurement: Measurement, name: str, index: int | tuple[int, ...] | None = None) -> Slices[Array]:
    """A quantity (…) of a measurement, `name[index]` of one layer or of an entry; NaN where it has no meaning.

    Of a replica that diverged only `parameters` and `diverged_at` have one.
    """
    indices = () if index is None else (index,) if isinstance(index, int) else index
    value = yield from quiet(_way(measurement, name, indices))
    if name in ("parameters", "diverged_at"):
        return value
    return np.where(measurement.state.diverged_at > 0, np.nan, value)


def _way(measurement: Measurement, name: str, indices: tuple[int, ...]) -> Slices[Array]:
    """How a quantity is measured."""
    if (entry := numbered(name)) is not None and entry[0] == "dead":
        return _units(idle_units.dead_units, entry[1], indices)(measurement)
    if (told := of_theta(measurement.lane, name, indices)) is not None:
        return _at_once(told)(measurement.theta)
    if (left := of_passes(name, indices)) is not None:
        return _of_trace(left)(measurement)
    if numbered(name) is not None:  # of a function
        return _at_once(measurement.full)(np.nan)
    return _OF_LAYER[name](measurement, *indices) if indices else _WHOLE[name](measurement)


def _norms(steps: Steps, layer: int | None = None) -> Array:
    return np.linalg.norm(steps.norms, axis=-1) if layer is None else steps.norms[..., layer - 1]


OF_STEPS: dict[str, Callable[..., Array]] = {
    "batch_loss": lambda steps: steps.batch_loss,
    "grad_norm": _norms,
    "learning_rate": lambda steps: steps.rates,
}
"""The quantities that steps report, of a layer where one is given: for k steps (k, …), rates (k,)."""


def epoch(measurements: Iterable[Measurement]) -> Array:
    """Completed passes (…) over the samples: the fewest of the lanes that go on, NaN where none does."""
    passes = [
        np.where(measurement.state.diverged_at > 0, np.nan, measurement.state.place.epoch)
        for measurement in measurements
    ]
    fewest: Array = np.fmin.reduce(passes)
    return fewest


def _at_once(function: Callable[P, Array]) -> Callable[P, Slices[Array]]:
    """What is measured quickly, as slices, of which there are none."""

    def measured(*args: P.args, **kwargs: P.kwargs) -> Slices[Array]:
        return function(*args, **kwargs)
        yield

    return measured


def _one_by_one(function: Callable[[Measurement], Slices[float] | Slices[Array]]) -> Measure:
    """What takes a single lane, for each replica of a stack that has not diverged: the same bits in any stack."""

    def measured(measurement: Measurement) -> Slices[Array]:
        if measurement.theta.ndim == 1:
            return np.asarray((yield from function(measurement)))
        values = np.full(len(measurement.theta), np.nan)
        for number in np.flatnonzero(measurement.state.diverged_at == 0):
            values[number] = yield from function(measurement.replica(int(number)))
        return values

    return measured


def _of_network(function: Callable[[Measurement, NetworkModel], Slices[float] | Slices[Array]]) -> Measure:
    """What has a meaning for networks only."""

    def measured(measurement: Measurement) -> Slices[Array]:
        if isinstance(measurement.model, NetworkModel):
            return np.asarray((yield from function(measurement, measurement.model)))
        return measurement.full(np.nan)

    return measured


def _evaluated(part: Part, which: int) -> Measure:
    """The loss (0) or the accuracy (1) on a part."""

    def measured(measurement: Measurement) -> Slices[Array]:
        return (yield from measurement.evaluated(part))[which]

    return measured


def _of_last_step(name: str, *layer: int) -> Measure:
    """What the last of the steps reported."""

    def measured(measurement: Measurement) -> Array:
        values = OF_STEPS[name](measurement.steps, *layer)
        return np.broadcast_to(values[-1] if len(values) else np.nan, measurement.theta.shape[:-1])

    return _at_once(measured)


def _units(
    masks: InSlices[[NetworkModel, Array], idle_units.IdleUnits], layer: int | None = None, unit: tuple[int, ...] = ()
) -> Measure:
    """How many units there are of a kind, in all layers or in one; whether a single one is of it, 1 or 0."""

    def counted(measurement: Measurement, model: NetworkModel) -> Slices[Array]:
        idle = yield from masks.slices(model, measurement.theta)
        of_layer = idle if layer is None else [one[..., unit] if unit else one for one in idle[layer - 1 : layer]]
        return idle_units.count(of_layer, measurement.theta)

    return _of_network(counted)


def _of_trace(function: Callable[[NetworkModel, Trace], float]) -> Measure:
    """What the trace of the last step tells of a network; NaN before the first."""

    def traced(measurement: Measurement, model: NetworkModel) -> Slices[float]:
        found = yield from measurement.traced()
        return np.nan if found is None else function(model, found)

    return _one_by_one(_of_network(traced))


def _update_ratio(layer: int) -> Measure:
    def ratio(model: NetworkModel, trace: Trace) -> float:
        weights = model.layers[layer - 1].weights
        return float(np.divide(norm(trace.change[weights]), norm(trace.theta[weights])))

    return _of_trace(ratio)


def _activations(which: Literal["mean", "std"], layer: int) -> Measure:
    """The mean or the deviation of the activations of a layer's units over the training part."""

    def mean(measurement: Measurement, model: NetworkModel, of: Callable[[Array], Array]) -> Slices[float]:
        network, x, total = model.network, model.data.x, 0.0
        for part in chunks(len(x), network.room, network.work):
            total += float(of(network.forward(measurement.theta, x[part])[1][layer]).sum())
            yield
        return total / (len(x) * network.sizes[layer])

    def measured(measurement: Measurement, model: NetworkModel) -> Slices[float]:
        centre = yield from mean(measurement, model, lambda z: z)
        if which == "mean":
            return centre
        return float(np.sqrt((yield from mean(measurement, model, lambda z: np.square(z - centre)))))

    return _one_by_one(_of_network(measured))


def _diverged_at(measurement: Measurement) -> Array:
    step = measurement.state.diverged_at
    return np.where(step > 0, step, np.nan)


def _linear_pieces(measurement: Measurement, model: NetworkModel) -> Slices[float]:
    if model.network.sizes[0] != 1 or not regions.is_piecewise_linear(model.network):
        return np.nan
    try:
        return (yield from regions.linear_pieces.slices(model.network, measurement.theta, *model.data.domain[0]))
    except OverflowError:
        return np.nan


def _chord_violations(last_only: bool) -> Measure:
    return _one_by_one(
        lambda m: landscape.chord_violations.slices(m.model, m.settings, m.theta, m.lane.seeds[0], last_only)
    )


def _curvature(end: int, layer: int | None = None) -> Measure:
    """The smallest (0) or the largest (1) eigenvalue of the Hessian."""

    def measured(measurement: Measurement) -> Slices[Array]:
        return (
            yield from curvature.extremes.slices(measurement.model, measurement.settings, measurement.theta, layer)
        )[end]

    return _one_by_one(measured)


_WHOLE: dict[str, Measure] = {
    "train_loss": _evaluated("train", 0),
    "test_loss": _evaluated("test", 0),
    "train_accuracy": _evaluated("train", 1),
    "test_accuracy": _evaluated("test", 1),
    "batch_loss": _of_last_step("batch_loss"),
    "grad_norm": _of_last_step("grad_norm"),
    "learning_rate": _of_last_step("learning_rate"),
    "samples_seen": _at_once(lambda m: m.full(m.state.samples_seen)),
    "multiply_adds": _at_once(lambda m: m.full(m.state.samples_seen * m.model.multiply_adds)),
    "parameters": _at_once(lambda m: m.full(m.model.parameter_count)),
    "closed_form_distance": _one_by_one(
        _at_once(lambda m: linear_solution.closed_form_distance(m.model, m.settings, m.theta))
    ),
    "closed_form_gap": _one_by_one(lambda m: linear_solution.closed_form_gap.slices(m.model, m.settings, m.theta)),
    "dead_units": _units(idle_units.dead_units),
    "saturated_units": _units(idle_units.saturated_units),
    "linear_pieces": _one_by_one(_of_network(_linear_pieces)),
    "hessian_max": _curvature(1),
    "hessian_min": _curvature(0),
    "chord_violations": _chord_violations(last_only=False),
    "chord_violations_last": _chord_violations(last_only=True),
    "gradient_variance": _one_by_one(
        _of_network(lambda m, model: noise.gradient_variance.slices(model, m.settings, m.state, m.lane.seeds))
    ),
    "gradient_angle": _one_by_one(
        _of_network(lambda m, model: noise.gradient_angle.slices(model, m.settings, m.state, m.lane.seeds))
    ),
    "diverged_at": _at_once(_diverged_at),
}

_OF_LAYER: dict[str, Callable[[Measurement, int], Slices[Array]]] = {
    "grad_norm": lambda m, layer: _of_last_step("grad_norm", layer)(m),
    "hessian_max": lambda m, layer: _curvature(1, layer)(m),
    "hessian_min": lambda m, layer: _curvature(0, layer)(m),
    "dead_units": lambda m, layer: _units(idle_units.dead_units, layer)(m),
    "saturated_units": lambda m, layer: _units(idle_units.saturated_units, layer)(m),
    "update_ratio": lambda m, layer: _update_ratio(layer)(m),
    "activation_mean": lambda m, layer: _activations("mean", layer)(m),
    "activation_std": lambda m, layer: _activations("std", layer)(m),
}
