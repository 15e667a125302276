"""How large the numbers of a step are before they cancel: by so much rounding moves what is left of them."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.trace import Trace


def sizes(model: NetworkModel, made: Trace, rounding: float) -> dict[str, float]:
    """The largest Σ|terms| of each array of a step by its name, all the way from the samples and θ.

    Where the output has come to y, δ and all that follows from it is 0 but for rounding, and its terms are as large as
    y. Of W and b it is what `rounding`, of the gradient's terms, moves of the change, over `rounding`.
    """
    a, z = _forward(model, made)
    found = {f"a{d}": size for d, size in enumerate(a, 1)} | {f"z{d}": size for d, size in enumerate(z) if d}
    found |= {"loss": _loss(model, made, z[-1], rounding)} | _backward(model, made, z)
    gradient = model.network.join([(found[f"dW{d}"], found[f"db{d}"]) for d in range(1, len(a) + 1)])
    found |= dict(model.parts(_moved(made, rounding * gradient) / rounding))
    return {name: float(size.max()) for name, size in found.items()}


def _forward(model: NetworkModel, made: Trace) -> tuple[list[Array], list[Array]]:
    """Of a and z of each layer; z begins with the samples."""
    a, z = [], [np.abs(made.z[0])]
    for (w, b), own, slope in zip(model.network.split(made.theta), made.z[1:], made.derivative, strict=True):
        a.append(z[-1] @ np.abs(w).T + np.abs(b))
        z.append(np.abs(own) + np.abs(slope) * a[-1])
    return a, z


def _loss(model: NetworkModel, made: Trace, z: Array, rounding: float) -> Array:
    """What a rounding of z (m, outputs) moves of it; from logits it may also be the logarithm of z, 1 at the end."""
    loss, settings = model.loss, made.settings
    slope = np.empty_like(z)
    loss.derivative(made.z[-1], made.targets, slope)
    value = np.abs(loss.value(made.a[-1], made.z[-1], made.targets)) + loss.from_logits
    value += ((np.abs(slope) + rounding * z) * z).sum(-1)
    weights = np.abs(made.theta * model.penalized)
    penalty = 0.5 * settings.l2 * np.square(weights).sum() + settings.l1 * weights.sum()
    return np.asarray(value.sum() * model.scale(len(made.targets)) + penalty)


def _backward(model: NetworkModel, made: Trace, z: list[Array]) -> dict[str, Array]:
    settings, depth = made.settings, model.network.depth
    signal = (z[-1] + np.abs(made.targets)) * model.scale(len(made.targets))
    found: dict[str, Array] = {}
    for d, (w, _) in reversed(list(enumerate(model.network.split(made.theta), 1))):
        curved = model.network.activations[d - 1] != "linear" and not (d == depth and model.loss.from_logits)
        found[f"delta{d}"] = delta = signal * (np.abs(made.derivative[d - 1]) + curved)
        found[f"dW{d}"] = delta.T @ z[d - 1] + settings.l2 * np.abs(w) + settings.l1 * np.sign(np.abs(w))
        found[f"db{d}"] = delta.sum(0)
        signal = delta @ np.abs(w)
    return found


def _moved(made: Trace, gradient: Array) -> Array:
    """By how much a change of the gradient, either way, moves that of θ."""
    update = made.settings.optimizer.update
    both = [
        update(made.gradient + sign * gradient, made.memory_before, made.learning_rate, made.count)[0]
        for sign in (-1.0, 1.0)
    ]
    moved: Array = np.maximum(*(np.abs(change - made.change) for change in both))
    return moved
