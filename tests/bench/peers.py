"""The same training step in other programs, where they are installed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nncore.model import NetworkModel
from nncore.training import Lane

Step = Callable[[], object]


def torch_step(lane: Lane) -> Step | None:
    """A step of PyTorch, eager, on one thread; None without it."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    model, x, y = _batch(lane)
    names = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}
    layers: list[torch.nn.Module] = []
    for layer in model.network.layers:
        layers.append(torch.nn.Linear(layer.fan_in, layer.fan_out, dtype=torch.float64))
        if layer.activation in names and layer.number < model.network.depth:
            layers.append(names[layer.activation]())
    network = torch.nn.Sequential(*layers)
    rate = lane.settings.optimizer.learning_rate
    adam = type(lane.settings.optimizer).__name__ == "Adam"
    optimizer: torch.optim.Optimizer
    if adam:
        optimizer = torch.optim.Adam(network.parameters(), lr=rate, foreach=True)
    else:
        optimizer = torch.optim.SGD(network.parameters(), lr=rate, foreach=True)
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)

    def step() -> None:
        optimizer.zero_grad()
        loss = 0.5 * ((network(inputs) - targets) ** 2).sum(1).mean()
        loss.backward()
        optimizer.step()

    return step


def jax_step(lane: Lane) -> Step | None:
    """A step of `jax.jit` in float64 on the CPU; None without it."""
    try:
        import jax
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    model, x, y = _batch(lane)
    functions = {"relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "linear": lambda a: a}
    activations = [functions.get(name, functions["linear"]) for name in model.network.activations[:-1]]
    parameters = [(jnp.array(w), jnp.array(b)) for w, b in model.network.split(lane.start)]
    rate, adam = lane.settings.optimizer.learning_rate, type(lane.settings.optimizer).__name__ == "Adam"

    def loss(parameters):  # type: ignore[no-untyped-def]
        z = x
        for (w, b), activation in zip(parameters, [*activations, functions["linear"]], strict=True):
            z = activation(z @ w.T + b)
        return 0.5 * ((z - y) ** 2).sum(1).mean()

    @jax.jit
    def update(state):  # type: ignore[no-untyped-def]
        parameters, mean, square, count = state
        gradient = jax.grad(loss)(parameters)
        tree = jax.tree_util.tree_map
        if not adam:
            return tree(lambda p, g: p - rate * g, parameters, gradient), mean, square, count
        mean = tree(lambda m, g: 0.9 * m + 0.1 * g, mean, gradient)
        square = tree(lambda v, g: 0.999 * v + 0.001 * g * g, square, gradient)
        one, two = 1 - 0.9 ** (count + 1), 1 - 0.999 ** (count + 1)
        parameters = tree(lambda p, m, v: p - rate * (m / one) / (jnp.sqrt(v / two) + 1e-8), parameters, mean, square)
        return parameters, mean, square, count + 1

    zeros = jax.tree_util.tree_map(jnp.zeros_like, parameters)
    state = [(parameters, zeros, zeros, 0.0)]

    def step() -> None:
        state[0] = jax.block_until_ready(update(state[0]))

    return step


def sklearn_step(lane: Lane) -> Step | None:
    """A step of scikit-learn's MLPRegressor (float64); None without it, or without hidden layers."""
    try:
        from sklearn.neural_network import MLPRegressor
    except ImportError:
        return None
    model, x, y = _batch(lane)
    if model.network.depth == 1:
        return None
    activation = model.network.activations[0]
    names = {"sigmoid": "logistic", "linear": "identity", "tanh": "tanh", "relu": "relu"}
    if activation not in names:
        return None
    regressor = MLPRegressor(
        hidden_layer_sizes=model.network.sizes[1:-1],
        activation=names[activation],
        solver="adam",
        batch_size=len(x),
    )
    target = y.ravel() if y.shape[1] == 1 else y
    regressor.partial_fit(x, target)
    return lambda: regressor.partial_fit(x, target)


def _batch(lane: Lane) -> tuple[NetworkModel, np.ndarray, np.ndarray]:
    assert isinstance(lane.model, NetworkModel)
    model, size = lane.model, lane.settings.batch_size or lane.model.samples
    x, y = model.data.x[:size], model.targets[:size]
    return model, np.ascontiguousarray(x), np.ascontiguousarray(y)
