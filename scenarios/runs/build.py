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
from scenarios.data import DataSource
from scenarios.errors import ScenarioError
from scenarios.expressions.derivative import hessian, value_and_gradient
from scenarios.file.models import refused_loss
from scenarios.scenario import FunctionPlan, LanePlan, NetworkPlan, Scenario


def build(scenario: Scenario, seed: int | None = None) -> tuple[Lane, ...]:
    """The lanes of a scenario for a seed, its own by default.

    Raises ScenarioError as `dataset` does, and where starting values are not finite.
    """
    seed = scenario.seed if seed is None else seed
    data = dataset(scenario, seed)
    return tuple(_lane(scenario, plan, data, (seed,), stacked=False) for plan in scenario.lanes)


def replicas(scenario: Scenario, seeds: Sequence[int]) -> tuple[Lane, ...]:
    """The lanes of a scenario, each a stack of one replica a seed, with data and starts of its own.

    Data that all seeds share are not stacked. Raises ScenarioError as `build` does.
    """
    if scenario.data is None or scenario.data.shared:
        data = dataset(scenario, seeds[0])
    else:
        data = _stacked([_draw(scenario, scenario.data, seed) for seed in seeds])
    return tuple(_lane(scenario, plan, data, tuple(seeds), stacked=True) for plan in scenario.lanes)


def dataset(scenario: Scenario, seed: int | None = None) -> Data | None:
    """The data of a scenario for a seed; None if its lanes are all functions.

    Raises ScenarioError where the data of this seed have a number that is not finite, or a y that the loss of
    a lane cannot take.
    """
    seed = scenario.seed if seed is None else seed
    return None if scenario.data is None else _draw(scenario, scenario.data, seed)


def _draw(scenario: Scenario, source: DataSource, seed: int) -> Data:
    try:
        data = source.draw(seed)
    except ValueError as error:
        raise ScenarioError(scenario.file, f"data.{source.key}", f"{error} (seed {seed})") from None
    for plan in scenario.lanes:
        model = plan.model
        if isinstance(model, NetworkPlan) and (refused := refused_loss(model.loss, model.network.sizes[-1], data)):
            message = f"{refused}, output units: {model.network.sizes[-1]} (seed {seed})"
            raise ScenarioError(scenario.file, f"lanes.{plan.id}.loss", message)
    return data


def _stacked(parts: Sequence[Data]) -> Data:
    """Samples stacked on a leading axis; what only pictures need is that of the first part."""
    return replace(
        parts[0],
        x=np.stack([part.x for part in parts]),
        y=np.stack([part.y for part in parts]),
        x_test=np.stack([part.x_test for part in parts]),
        y_test=np.stack([part.y_test for part in parts]),
    )


def _lane(scenario: Scenario, plan: LanePlan, data: Data | None, seeds: tuple[int, ...], stacked: bool) -> Lane:
    own_seeds = tuple(own_seed(scenario, plan, seed) for seed in seeds)
    model: Model
    if isinstance(plan.model, NetworkPlan):
        assert data is not None
        model = NetworkModel(plan.model.network, plan.model.loss, plan.model.reduction, data)
    else:
        model = _function_model(plan.model)
        seeds = own_seeds  # a function's seed is that of its gradient noise
    with np.errstate(over="ignore"):
        starts = [starting_values(plan.model, seed) for seed in own_seeds]
    if not all(np.isfinite(start).all() for start in starts):
        raise ScenarioError(scenario.file, f"lanes.{plan.id}.init", "some starting values are not finite")
    start = np.stack(starts) if stacked else starts[0]
    return Lane(plan.id, plan.label, model, plan.settings, start, seeds, plan.edits)


def own_seed(scenario: Scenario, plan: LanePlan, seed: int) -> int:
    """The seed of a lane's own draws, for a seed of the scenario."""
    return seed if plan.seed is None else plan.seed + seed - scenario.seed


def starting_values(plan: NetworkPlan | FunctionPlan, seed: int) -> Array:
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

    return FunctionModel(
        names=plan.names,
        value=lambda theta: plan.value.evaluate(variables(theta)),
        value_and_gradient=lambda theta: value_and_gradient(plan.value, variables(theta)),
        hessian=lambda theta: hessian(plan.value, variables(theta)),
        noise=plan.noise,
        text=plan.value.text,
    )
