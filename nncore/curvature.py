"""Second derivatives of the training loss: exact Hessian-vector products, Hessians, extreme eigenvalues.

The loss is that of the whole training part, with L2; L1 and kinks contribute nothing, as almost everywhere.
"""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.model import STACK_BYTES, NetworkModel
from nncore.network import activation_named
from nncore.rng import generator
from nncore.training import Model, Settings

DENSE_SIZE = 200
"""Up to this many parameters the whole Hessian is diagonalized, beyond it Lanczos finds the extremes."""

LANCZOS_STEPS = 160
_CONVERGED = 1e-11


def hessian_vector(model: Model, settings: Settings, theta: Array, direction: Array) -> Array:
    """The product H v (…, P) at θ (…, P) for directions v (K, …, P) or (…, P), exact (Pearlmutter 1994)."""
    if isinstance(model, NetworkModel):
        product = _r_operator(model, theta, direction)
    else:
        product = np.matmul(model.hessian(theta), direction[..., None])[..., 0]
    return product + settings.l2 * model.penalized * direction


def hessian(model: Model, settings: Settings, theta: Array, block: int | None = None) -> Array:
    """The Hessian (…, P, P) at θ (…, P), or the block of one layer (numbered from 1)."""
    part = _part(model, block)
    size, lead = part.stop - part.start, theta.shape[:-1]
    columns = []
    for first in range(0, size, length := _chunk(model, theta, size)):
        entries = np.arange(first, min(first + length, size))
        direction = np.zeros((len(entries), *lead, theta.shape[-1]))
        direction[np.arange(len(entries)), ..., part.start + entries] = 1.0
        columns.append(hessian_vector(model, settings, theta, direction)[..., part])
    whole: Array = np.moveaxis(np.concatenate(columns), 0, -1)
    return (whole + whole.swapaxes(-1, -2)) / 2


def extremes(model: Model, settings: Settings, theta: Array, block: int | None = None) -> tuple[Array, Array]:
    """The smallest and the largest eigenvalue (…) of the Hessian at θ (…, P), or of one layer's block.

    NaN where θ or the Hessian is not finite.
    """
    part = _part(model, block)
    with np.errstate(all="ignore"):
        if part.stop - part.start <= DENSE_SIZE:
            return _dense_extremes(hessian(model, settings, theta, block))
        return _lanczos(model, settings, theta, part)


def _part(model: Model, block: int | None) -> slice:
    return slice(0, model.parameter_count) if block is None else model.blocks[block - 1]


def _chunk(model: Model, theta: Array, size: int) -> int:
    """How many directions go through at once."""
    if not isinstance(model, NetworkModel):
        return size
    replicas = int(np.prod(theta.shape[:-1]))
    one = 8 * replicas * (4 * model.samples * sum(model.network.sizes) + theta.shape[-1])
    return max(1, STACK_BYTES // one)


def _dense_extremes(matrix: Array) -> tuple[Array, Array]:
    finite = np.asarray(np.isfinite(matrix).all((-1, -2)))
    values = np.linalg.eigvalsh(np.where(finite[..., None, None], matrix, 0.0))
    return np.where(finite, values[..., 0], np.nan), np.where(finite, values[..., -1], np.nan)


def _lanczos(model: Model, settings: Settings, theta: Array, part: slice) -> tuple[Array, Array]:
    """Extreme Ritz values of a Krylov space with full reorthogonalization (Golub and Van Loan, section 10.3).

    Where the space is exhausted early, the rest of the tridiagonal matrix is filled with a Rayleigh quotient,
    which lies between the extremes.
    """
    lead, size = theta.shape[:-1], part.stop - part.start
    steps = min(LANCZOS_STEPS, size)
    start = generator(0, "lanczos", size).standard_normal(size)
    q = np.broadcast_to(start / np.linalg.norm(start), (*lead, size)).copy()
    basis = np.zeros((*lead, steps, size))
    alpha, beta = np.zeros((*lead, steps)), np.zeros((*lead, steps))
    direction = np.zeros_like(theta)
    scale, before = np.zeros(lead), None
    for k in range(steps):
        basis[..., k, :] = q
        direction[..., part] = q
        image = hessian_vector(model, settings, theta, direction)[..., part]
        exhausted = ~q.any(axis=-1)
        alpha[..., k] = np.where(exhausted, alpha[..., 0], np.vecdot(q, image))
        for _ in range(2):
            overlap = np.matmul(basis[..., : k + 1, :], image[..., None])
            image = image - np.matmul(basis[..., : k + 1, :].swapaxes(-1, -2), overlap)[..., 0]
        norm = np.linalg.norm(image, axis=-1)
        scale = np.maximum(scale, np.abs(alpha[..., k]) + norm)
        going = (norm > 1e-12 * scale) & np.isfinite(norm)
        beta[..., k] = np.where(going, norm, 0.0)
        q = np.where(going[..., None], image / np.where(going, norm, 1.0)[..., None], 0.0)
        if k % 20 == 19 or k == steps - 1:
            found = _dense_extremes(_tridiagonal(alpha[..., : k + 1], beta[..., :k]))
            if before is not None and all(
                np.all(~(np.abs(new - old) > _CONVERGED * scale)) for new, old in zip(found, before, strict=True)
            ):
                break
            before = found
    return found


def _tridiagonal(alpha: Array, beta: Array) -> Array:
    k = alpha.shape[-1]
    matrix = np.zeros((*alpha.shape, k))
    own = np.arange(k)
    matrix[..., own, own] = alpha
    matrix[..., own[1:], own[:-1]] = matrix[..., own[:-1], own[1:]] = beta
    return matrix


def _r_operator(model: NetworkModel, theta: Array, direction: Array) -> Array:
    """R{∇ℓ}: the derivative of the backward pass along a direction, layer by layer."""
    network, loss, scale = model.network, model.loss, model.scale(model.samples)
    a, z = network.forward(theta, model.data.x)
    w, v = network.split(theta), network.split(direction)
    activations = [activation_named(name) for name in network.activations]
    ra: list[Array] = []
    rz: list[Array] = [np.zeros(())]
    slopes: list[Array] = []
    for d, activation in enumerate(activations):
        moved = np.matmul(z[d], v[d][0].swapaxes(-1, -2)) + v[d][1][..., None, :]
        if d:
            moved = moved + np.matmul(rz[d], w[d][0].swapaxes(-1, -2))
        ra.append(moved)
        slope = np.ones_like(a[d])
        if not (d == network.depth - 1 and loss.from_logits):
            activation.slope(a[d], z[d + 1], slope)
        slopes.append(slope)
        rz.append(slope * moved)

    last = network.depth - 1
    delta, r_delta = np.empty_like(z[-1]), np.empty_like(rz[-1])
    loss.slope(z[-1], model.targets, delta)
    loss.bend(z[-1], model.targets, rz[-1], r_delta)
    if not loss.from_logits:
        bend = np.empty_like(a[last])
        activations[last].bend(a[last], z[-1], bend)
        r_delta = r_delta * slopes[last] + delta * bend * ra[last]
        delta = delta * slopes[last]
    delta, r_delta = delta * scale, r_delta * scale

    parts: list[tuple[Array, Array]] = []
    for d in range(last, -1, -1):
        r_dw = np.matmul(r_delta.swapaxes(-1, -2), z[d])
        if d:
            r_dw = r_dw + np.matmul(delta.swapaxes(-1, -2), rz[d])
        parts.append((r_dw, r_delta.sum(-2)))
        if d:
            below = np.matmul(delta, w[d][0])
            r_below = np.matmul(r_delta, w[d][0]) + np.matmul(delta, v[d][0])
            bend = np.empty_like(a[d - 1])
            activations[d - 1].bend(a[d - 1], z[d], bend)
            r_delta = r_below * slopes[d - 1] + below * bend * ra[d - 1]
            delta = below * slopes[d - 1]
    return network.join(parts[::-1])
