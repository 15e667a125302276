"""Mistakes of the update made on purpose, in weights and in biases, in plain code apart from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nncore.arrays import Array
from nncore.optimizers import AdaGrad, Adam, RmsProp, Sgd
from tests.nncore.mistakes.draws import Draw
from tests.nncore.mistakes.registry import UPDATE, Planted, plants


def parts(p: Draw, d: int) -> Iterator[tuple[Array, Array, list[Array]]]:
    """θ, gradient and memory of a layer's weights and of its biases."""
    yield p.W[d], p.dW[d], [weights[d] for weights, _ in p.memory]
    yield p.b[d], p.db[d], [biases[d] for _, biases in p.memory]


def step(p: Draw, g: Array, memory: list[Array], **change: Any) -> Array:
    """What each optimizer subtracts, with one or another thing changed: PyTorch's formulas."""
    o, rate = p.trace.settings.optimizer, change.get("rate", p.trace.learning_rate)
    t, inside = change.get("t", p.trace.count + 1), change.get("inside", False)

    def over_root(above: Array, squares: Array) -> Array:
        return rate * above / (np.sqrt(squares + o.eps) if inside else np.sqrt(squares) + o.eps)

    if isinstance(o, Sgd):
        if not o.momentum:
            return rate * g
        v = o.momentum * memory[0] + (1.0 - change.get("dampening", 0.0)) * g
        return rate * (g + o.momentum * v if o.nesterov and change.get("ahead", True) else v)
    if isinstance(o, RmsProp):
        return over_root(g, o.alpha * memory[0] + (1.0 - o.alpha) * g**2)
    if isinstance(o, AdaGrad):
        return over_root(g, memory[0] + g**2)
    assert isinstance(o, Adam)
    m = o.betas[0] * memory[0] + (1.0 - o.betas[0]) * g
    v = o.betas[1] * memory[1] + (1.0 - o.betas[1]) * g**2
    if change.get("correct", True):
        m, v = m / (1.0 - o.betas[0] ** t), v / (1.0 - o.betas[1] ** t)
    return over_root(m, v)


def updates(name: str, wrong: Callable[..., Planted]) -> None:
    """Plant a wrong change of θ in weights and in biases."""

    def plant(p: Draw, d: int) -> Planted:
        for theta, g, memory in parts(p, d):
            for change in wrong(p, d, theta, g, memory):
                yield theta - change

    plants(name, UPDATE)(plant)


def with_optimizer(kind: type, **change: Any) -> Callable[..., Planted]:
    def wrong(p: Draw, d: int, theta: Array, g: Array, memory: list[Array]) -> Planted:
        if isinstance(p.trace.settings.optimizer, kind):
            yield step(p, g, memory, **change)

    return wrong


def _neighbours(p, d, theta, g, memory):
    gradients = p.dW if theta.ndim == 2 else p.db
    for k, other in gradients.items():
        if k != d and other.shape == g.shape:
            yield step(p, other, memory)


def _dampening(p, d, theta, g, memory):
    o = p.trace.settings.optimizer
    if isinstance(o, Sgd) and o.momentum:
        yield step(p, g, memory, dampening=o.momentum)


def _forgotten(p, d, theta, g, memory):
    if memory:
        yield step(p, g, [np.zeros_like(part) for part in memory])


def _no_look_ahead(p, d, theta, g, memory):
    if getattr(p.trace.settings.optimizer, "nesterov", False):
        yield step(p, g, memory, ahead=False)


def _inside(p, d, theta, g, memory):
    if hasattr(p.trace.settings.optimizer, "eps"):
        yield step(p, g, memory, inside=True)


def _coupled(p, d, theta, g, memory):
    if theta.ndim == 2:
        yield step(p, g + p.l2 * theta, memory)


def _decoupled(p, d, theta, g, memory):
    if theta.ndim == 2:
        yield step(p, g - p.l2 * theta, memory) + p.trace.learning_rate * p.l2 * theta


def _previous(p, d, theta, g, memory):
    yield step(p, p.before_dW[d] if theta.ndim == 2 else p.before_db[d], memory)


updates("uphill", lambda p, d, theta, g, memory: iter([-step(p, g, memory)]))
updates("no-learning-rate", lambda p, d, theta, g, memory: iter([step(p, g, memory, rate=1.0)]))
updates("gradient-of-other-layer", _neighbours)
updates("dampening", _dampening)
updates("velocity-lost", _forgotten)
updates("no-look-ahead", _no_look_ahead)
updates("no-bias-correction", with_optimizer(Adam, correct=False))
updates("step-from-zero", lambda p, *rest: with_optimizer(Adam, t=p.trace.count)(p, *rest))
updates("epsilon-inside-root", _inside)
updates("decay-coupled", _coupled)
updates("decay-decoupled", _decoupled)
updates("previous-gradient", _previous)
