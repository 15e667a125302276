"""From a scenario and a seed to lanes that can be trained, singly or as a stack of replicas.

Draws are keyed by (seed, purpose, layer), so that lanes of the same shape and seed start alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nncore.arrays import Array
from nncore.datasets import Data
from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.training import Lane, Model
from scenarios.expressions import Expression
from scenarios.scenario import FunctionPlan, LanePlan, NetworkPlan, Scenario


def build(scenario: Scenario, seed: int | None = None) -> tuple[Lane, ...]:
    """The lanes of a scenario for a seed, its own by default."""
    seed = scenario.seed if seed is None else seed
    data = dataset(scenario, seed)
    return tuple(_lane(scenario, plan, data, (seed,), stacked=False) for plan in scenario.lanes)


def replicas(scenario: Scenario, seeds: Sequence[int]) -> tuple[Lane, ...]:
    """The lanes of a scenario, each a stack of one replica a seed, with data and starts of its own."""
    data = None
    if scenario.data is not None:
        shared = scenario.data.shared
        data = dataset(scenario, seeds[0]) if shared else _stacked([scenario.data.draw(s) for s in seeds])
    return tuple(_lane(scenario, plan, data, tuple(seeds), stacked=True) for plan in scenario.lanes)


def dataset(scenario: Scenario, seed: int | None = None) -> Data | None:
    """The data of a scenario for a seed; None if its lanes are all functions."""
    seed = scenario.seed if seed is None else seed
    return scenario.data.draw(seed) if scenario.data is not None else None


def _stacked(parts: Sequence[Data]) -> Data:
    names = ("x", "y", "x_test", "y_test")
    stacks = {name: np.stack([getattr(part, name) for part in parts]) for name in names}
    return replace(parts[0], **stacks)


def _lane(
    scenario: Scenario, plan: LanePlan, data: Data | None, seeds: tuple[int, ...], stacked: bool
) -> Lane:
    model: Model
    if isinstance(plan.model, NetworkPlan):
        assert data is not None
        model = NetworkModel(plan.model.network, plan.model.loss, plan.model.reduction, data)
    else:
        model = _function_model(plan.model)
    own = scenario.seed if plan.seed is None else plan.seed
    starts = [_start(plan.model, own + seed - scenario.seed) for seed in seeds]
    start = np.stack(starts) if stacked else starts[0]
    return Lane(plan.id, plan.label, model, plan.settings, start, seeds, plan.edits)


def _start(plan: NetworkPlan | FunctionPlan, seed: int) -> Array:
    """θ₀ (P,): drawn by the plan's law, except where the file gives exact values."""
    if isinstance(plan, FunctionPlan):
        return plan.start.copy()
    parameters = []
    for layer in plan.network.layers:
        w, b = plan.init.layer(seed, layer.number, layer.fan_out, layer.fan_in)
        given = plan.parameters
        parameters.append((given.get(f"W{layer.number}", w), given.get(f"b{layer.number}", b)))
    return plan.network.join(parameters)


def _function_model(plan: FunctionPlan) -> FunctionModel:
    def variables(theta: Array) -> dict[str, Array]:
        return {name: theta[..., i] for i, name in enumerate(plan.names)}

    def stack(parts: Sequence[Expression], theta: Array) -> Array:
        values = variables(theta)
        return np.stack([part.evaluate(values) for part in parts], axis=-1)

    return FunctionModel(
        names=plan.names,
        value=lambda theta: plan.value.evaluate(variables(theta)),
        gradient=lambda theta: stack(plan.gradient, theta),
        hessian=lambda theta: np.stack([stack(row, theta) for row in plan.hessian], axis=-2),
        noise=plan.noise,
    )
