"""Mistakes of the forward and the backward pass made on purpose, in plain code apart from the catalogue."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from tests.nncore.mistakes.draws import FROM_LOGITS, LOSS, LOSS_SLOPE, SIGMA, SLOPE, Draw
from tests.nncore.mistakes.registry import DB, DELTA, DW, LOSS_KIND, A, Z, plants


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
    yield np.array(p.D[d].sum())


@plants("bias-from-weights", DB)
def _(p, d):
    yield p.dW[d].sum(axis=1)


@plants("penalty-on-biases", DB)
def _(p, d):
    yield p.D[d].sum(axis=0) + penalty(p, p.b[d])
