"""The quantities that look inside a lane at a state: closed form, health, pieces, curvature, chords, noise.

Each is a function of (lane, state), for replicas (…), NaN where the quantity has no meaning for the lane.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nncore.arrays import Array
from nncore.curvature import extremes
from nncore.health import count, dead_units, saturated_units
from nncore.landscape import chord_violations
from nncore.linear_solution import closed_form_distance, closed_form_gap
from nncore.model import NetworkModel
from nncore.noise import gradient_angle, gradient_variance
from nncore.regions import is_piecewise_linear, linear_pieces
from nncore.training import Lane, State


def _nothing(state: State) -> Array:
    return np.full(state.theta.shape[:-1], np.nan)


def _units(lane: Lane, state: State, masks: Callable[[NetworkModel, Array], list[np.ndarray]]) -> Array:
    if not isinstance(lane.model, NetworkModel):
        return _nothing(state)
    return count(masks(lane.model, state.theta), state.theta)


def _each(lane: Lane, state: State, measure: Callable[[int, Array], float]) -> Array:
    """A measure of single networks for every replica, of its place in the stack and its θ (P,)."""
    thetas = state.theta.reshape(-1, state.theta.shape[-1])
    values = [measure(place, theta) for place, theta in enumerate(thetas)]
    return np.array(values, dtype=np.float64).reshape(state.theta.shape[:-1])


def _linear_pieces(lane: Lane, state: State) -> Array:
    model = lane.model
    if not isinstance(model, NetworkModel) or model.network.sizes[0] != 1 or not is_piecewise_linear(model.network):
        return _nothing(state)
    low, high = model.data.domain[0]
    return _each(lane, state, lambda _, theta: linear_pieces(model.network, theta, low, high))


def _chords(lane: Lane, state: State, last_only: bool) -> Array:
    settings = lane.settings_at(state.step)

    def violations(place: int, theta: Array) -> float:
        return chord_violations(lane.model.replica(place), settings, theta, lane.seeds[place], last_only)

    return _each(lane, state, violations)


def _extreme(which: int, layer: int | None, lane: Lane, state: State) -> Array:
    return extremes(lane.model, lane.settings_at(state.step), state.theta, layer)[which]


def _noise(lane: Lane, state: State, measure: Callable[..., Array]) -> Array:
    if not isinstance(lane.model, NetworkModel):
        return _nothing(state)
    return measure(lane.model, lane.settings_at(state.step), state, lane.seeds)


def _start_distance(lane: Lane, state: State) -> Array:
    return np.linalg.norm(state.theta - lane.start, axis=-1)


INSIGHT: dict[str, Callable[[Lane, State], Array]] = {
    "start_distance": _start_distance,
    "closed_form_distance": lambda lane, state: closed_form_distance(
        lane.model, lane.settings_at(state.step), state.theta
    ),
    "closed_form_gap": lambda lane, state: closed_form_gap(lane.model, lane.settings_at(state.step), state.theta),
    "dead_units": lambda lane, state: _units(lane, state, dead_units),
    "saturated_units": lambda lane, state: _units(lane, state, saturated_units),
    "linear_pieces": _linear_pieces,
    "hessian_max": lambda lane, state: _extreme(1, None, lane, state),
    "hessian_min": lambda lane, state: _extreme(0, None, lane, state),
    "chord_violations": lambda lane, state: _chords(lane, state, False),
    "chord_violations_last": lambda lane, state: _chords(lane, state, True),
    "gradient_variance": lambda lane, state: _noise(lane, state, gradient_variance),
    "gradient_angle": lambda lane, state: _noise(lane, state, gradient_angle),
}

LAYER_INSIGHT: dict[str, Callable[[Lane, State, int], Array]] = {
    "hessian_max": lambda lane, state, layer: _extreme(1, layer, lane, state),
    "hessian_min": lambda lane, state, layer: _extreme(0, layer, lane, state),
}
