"""Every mistake made on purpose, written out plainly and apart from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nncore.arrays import Array
from nncore.operations import OperationKind as Kind
from nncore.optimizers import AdaGrad, Adam, RmsProp, Sgd
from tests.nncore.mistakes.draws import FROM_LOGITS, LOSS, LOSS_SLOPE, SIGMA, SLOPE, Draw

Planted = Iterator[Array]
Plant = Callable[[Any, int], Planted]
"""The wrong results of one draw for an operation of layer d, none where the mistake cannot be made there."""

PLANTED: dict[str, list[tuple[tuple[Kind, ...], Plant]]] = {}

A, Z, LOSS_KIND, DELTA, DW, DB, UPDATE = (
    (Kind.PRE_ACTIVATION,),
    (Kind.ACTIVATION,),
    (Kind.LOSS,),
    (Kind.OUTPUT_DELTA, Kind.DELTA),
    (Kind.WEIGHT_GRADIENT,),
    (Kind.BIAS_GRADIENT,),
    (Kind.UPDATE,),
)


def plants(name: str, kinds: tuple[Kind, ...]) -> Callable[[Plant], Plant]:
    def keep(plant: Plant) -> Plant:
        PLANTED.setdefault(name, []).append((kinds, plant))
        return plant

    return keep


def squashed(p: Draw, d: int) -> bool:
    return p.sigma[d] != "linear" and not (d == p.L and p.loss in FROM_LOGITS)


def slope(p: Draw, d: int) -> Array:
    return SLOPE[p.sigma[d]](p.A[d]) if squashed(p, d) else np.ones_like(p.A[d])


def signal(p: Draw, d: int) -> Array:
    if d == p.L:
        return p.share * LOSS_SLOPE[p.loss](p.Z[d], p.Y)
    return p.D[d + 1] @ p.W[d + 1]


def penalty(p: Draw, W: Array) -> Array:
    return p.l2 * W + p.l1 * np.sign(W)


# activations


@plants("no-bias", A)
def _(p, d):
    yield p.Z[d - 1] @ p.W[d].T


@plants("bias-twice", A)
def _(p, d):
    yield p.Z[d - 1] @ p.W[d].T + 2.0 * p.b[d]


@plants("no-activation", A)
def _(p, d):
    if d > 1:
        yield p.A[d - 1] @ p.W[d].T + p.b[d]


@plants("no-activation", Z)
def _(p, d):
    yield p.A[d].copy()


@plants("wrong-activation", Z)
def _(p, d):
    yield from (sigma(p.A[d]) for name, sigma in SIGMA.items() if name not in ("linear", p.sigma[d]))


@plants("activation-of-other-layer", Z)
def _(p, d):
    for k in range(1, p.L + 1):
        if p.sigma[k] != "linear":
            yield SIGMA[p.sigma[k]](p.A[d])
        if p.A[k].shape == p.A[d].shape and k != d:
            yield SIGMA[p.sigma[d]](p.A[k])


@plants("weights-transposed", A)
def _(p, d):
    if p.W[d].shape[0] == p.W[d].shape[1]:
        yield p.Z[d - 1] @ p.W[d] + p.b[d]


# loss


def penalties(p: Draw, half: float = 0.5, biases: bool = False) -> float:
    parts = [*p.W.values(), *(p.b.values() if biases else ())]
    return sum(half * p.l2 * (part**2).sum() + p.l1 * np.abs(part).sum() for part in parts)


def data_loss(p: Draw) -> float:
    return LOSS[p.loss](p.Z[p.L], p.Y).sum()


@plants("no-half", LOSS_KIND)
def _(p, d):
    if p.loss == "squared":
        yield p.share * ((p.Z[d] - p.Y) ** 2).sum() + penalties(p)
    if p.l2:
        yield p.share * data_loss(p) + penalties(p, half=1.0)


@plants("sum-for-mean", LOSS_KIND)
def _(p, d):
    if p.mean:
        yield data_loss(p) + penalties(p)


@plants("mean-for-sum", LOSS_KIND)
def _(p, d):
    if not p.mean:
        yield data_loss(p) / p.m + penalties(p)
    else:
        yield LOSS[p.loss](p.Z[p.L], p.Y).mean() + penalties(p)


@plants("loss-sign", LOSS_KIND)
def _(p, d):
    yield -p.share * data_loss(p) + penalties(p)


@plants("squared-on-logits", LOSS_KIND)
def _(p, d):
    yield p.share * 0.5 * ((p.A[d] - p.Y) ** 2).sum() + penalties(p)


@plants("squared-on-logits", DELTA)
def _(p, d):
    if d == p.L and p.loss in ("squared", "logistic", "softmax_cross_entropy"):
        yield p.share * (p.A[d] - p.Y) * slope(p, d)


@plants("penalty-missing", LOSS_KIND)
def _(p, d):
    yield p.share * data_loss(p)


@plants("penalty-on-biases", LOSS_KIND)
def _(p, d):
    yield p.share * data_loss(p) + penalties(p, biases=True)


# error signals


@plants("no-derivative", DELTA)
def _(p, d):
    yield signal(p, d)


@plants("derivative-of-z", DELTA)
def _(p, d):
    if squashed(p, d):
        yield signal(p, d) * SLOPE[p.sigma[d]](p.Z[d])


@plants("derivative-of-a", DELTA)
def _(p, d):
    a = p.A[d]
    by_output = {"tanh": 1.0 - a**2, "sigmoid": a * (1.0 - a), "softplus": 1.0 - np.exp(-a)}
    if squashed(p, d) and p.sigma[d] in by_output:
        yield signal(p, d) * by_output[p.sigma[d]]


@plants("derivative-of-other-layer", DELTA)
def _(p, d):
    for k in range(1, p.L + 1):
        if k != d and squashed(p, d) and p.sigma[k] not in ("linear", "softmax"):
            yield signal(p, d) * SLOPE[p.sigma[k]](p.A[d])
            if p.A[k].shape == p.A[d].shape:
                yield signal(p, d) * SLOPE[p.sigma[k]](p.A[k])


@plants("weights-of-other-layer", DELTA)
def _(p, d):
    for k in range(1, p.L + 1):
        if d < p.L and k != d + 1 and p.W[k].shape == p.W[d + 1].shape:
            yield (p.D[d + 1] @ p.W[k]) * slope(p, d)


@plants("weights-transposed", DELTA)
def _(p, d):
    if d < p.L and p.W[d + 1].shape[0] == p.W[d + 1].shape[1]:
        yield (p.D[d + 1] @ p.W[d + 1].T) * slope(p, d)


@plants("updated-weights", DELTA)
def _(p, d):
    if d < p.L:
        yield (p.D[d + 1] @ p.after_W[d + 1]) * slope(p, d)


@plants("delta-sign", DELTA)
def _(p, d):
    if d == p.L:
        yield p.share * LOSS_SLOPE[p.loss](p.Y, p.Z[d]) * slope(p, d)


@plants("no-mean", DELTA)
def _(p, d):
    if p.mean:
        yield p.m * p.D[d]


@plants("mean-twice", DELTA)
def _(p, d):
    if p.mean:
        yield p.D[d] / p.m


@plants("no-target", DELTA)
def _(p, d):
    if d == p.L:
        yield p.share * LOSS_SLOPE[p.loss](p.Z[d], 0.0 * p.Y) * slope(p, d)


# gradients


@plants("gradient-transposed", DW)
def _(p, d):
    yield p.Z[d - 1].T @ p.D[d] + penalty(p, p.W[d]).T
    if p.W[d].shape[0] == p.W[d].shape[1]:
        yield p.Z[d - 1].T @ p.D[d] + penalty(p, p.W[d])


@plants("input-of-other-layer", DW)
def _(p, d):
    for k in range(p.L + 1):
        if k not in (d - 1, d) and p.Z[k].shape == p.Z[d - 1].shape:
            yield p.D[d].T @ p.Z[k] + penalty(p, p.W[d])


@plants("own-output", DW)
def _(p, d):
    if p.Z[d].shape == p.Z[d - 1].shape:
        yield p.D[d].T @ p.Z[d] + penalty(p, p.W[d])
    elif not p.l1 and not p.l2:
        yield p.D[d].T @ p.Z[d]


@plants("one-sample", DW)
def _(p, d):
    for i in range(p.m):
        yield p.D[d][i : i + 1].T @ p.Z[d - 1][i : i + 1] + penalty(p, p.W[d])
        yield p.D[d][i : i + 1].T @ p.Z[d - 1][i : i + 1] / p.share + penalty(p, p.W[d])


@plants("one-sample", DB)
def _(p, d):
    yield from p.D[d]
    yield from p.D[d] / p.share


@plants("penalty-missing", DW)
def _(p, d):
    yield p.D[d].T @ p.Z[d - 1]


@plants("no-mean", DW)
def _(p, d):
    if p.mean:
        yield p.m * p.D[d].T @ p.Z[d - 1] + penalty(p, p.W[d])


@plants("mean-twice", DW)
def _(p, d):
    if p.mean:
        yield p.D[d].T @ p.Z[d - 1] / p.m + penalty(p, p.W[d])


@plants("bias-not-summed", DB)
def _(p, d):
    yield p.D[d].copy()


@plants("bias-mean", DB)
def _(p, d):
    yield p.D[d].mean(axis=0)


@plants("no-mean", DB)
def _(p, d):
    if p.mean:
        yield p.m * p.D[d].sum(axis=0)


@plants("bias-one-sum", DB)
def _(p, d):
    yield np.full(p.b[d].shape, p.D[d].sum())


@plants("bias-from-weights", DB)
def _(p, d):
    yield p.dW[d].sum(axis=1)


@plants("penalty-on-biases", DB)
def _(p, d):
    yield p.D[d].sum(axis=0) + penalty(p, p.b[d])


# updates: of weights, then of biases


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
