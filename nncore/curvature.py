"""Second derivatives of the training loss: exact Hessian-vector products, Hessians, extreme eigenvalues.

The loss is that of the whole training part, with L2; L1 and kinks contribute nothing, as almost everywhere.
"""

from __future__ import annotations

import numpy as np

from nncore.arrays import STACK_BYTES, Array, chunks
from nncore.model import NetworkModel
from nncore.network import activation_named
from nncore.rng import generator
from nncore.slices import InSlices, Slices, quiet
from nncore.training import Model, Settings

DENSE_SIZE = 200
"""Up to this many parameters the whole Hessian is diagonalized, beyond it Lanczos finds the extremes."""

LANCZOS_PRODUCTS = 1000
RESIDUAL = 1e-10
_LEAST_ROOM, _MOST_ROOM = 16, 160
_CHECK_EVERY = 10


@InSlices
def hessian_vector(model: Model, settings: Settings, theta: Array, direction: Array) -> Slices[Array]:
    """The product H v (…, P) at θ (…, P) for directions v (K, …, P) or (…, P), exact (Pearlmutter 1994)."""
    if isinstance(model, NetworkModel):
        product = np.zeros_like(direction)
        replicas = int(np.prod(direction.shape[:-1]))
        for part in chunks(model.samples, *(replicas * cost for cost in _sample_cost(model))):
            product += _r_operator(model, theta, direction, part)
            yield
    else:
        product = np.matmul(model.hessian(theta), direction[..., None])[..., 0]
    return product + settings.l2 * model.penalized * direction


@InSlices
def hessian(model: Model, settings: Settings, theta: Array, block: int | None = None) -> Slices[Array]:
    """The Hessian (…, P, P) at θ (…, P), or the block of one layer (numbered from 1)."""
    part = _part(model, block)
    size, lead = part.stop - part.start, theta.shape[:-1]
    columns = []
    for some in chunks(size, *_direction_cost(model, theta)):
        entries = np.arange(size)[some]
        direction = np.zeros((len(entries), *lead, theta.shape[-1]))
        direction[np.arange(len(entries)), ..., part.start + entries] = 1.0
        product = yield from hessian_vector.slices(model, settings, theta, direction)
        columns.append(product[..., part])
    whole: Array = np.moveaxis(np.concatenate(columns), 0, -1)
    return (whole + whole.swapaxes(-1, -2)) / 2


@InSlices
def extremes(model: Model, settings: Settings, theta: Array, block: int | None = None) -> Slices[tuple[Array, Array]]:
    """The smallest and the largest eigenvalue (…) of the Hessian at θ (…, P), or of one layer's block.

    NaN where θ or the Hessian is not finite.
    """
    part = _part(model, block)
    if part.stop - part.start > DENSE_SIZE:
        return quiet(_lanczos(model, settings, theta, part))
    return quiet(_dense_extremes(model, settings, theta, block))


def _part(model: Model, block: int | None) -> slice:
    return slice(0, model.parameter_count) if block is None else model.blocks[block - 1]


def _sample_cost(model: NetworkModel) -> tuple[int, int]:
    """The bytes and the multiply-adds that a sample takes for each direction."""
    return 8 * 4 * sum(model.network.sizes), 4 * model.network.work


def _direction_cost(model: Model, theta: Array) -> tuple[int, int]:
    """The bytes and the multiply-adds that a direction takes on all samples."""
    replicas = int(np.prod(theta.shape[:-1]))
    if not isinstance(model, NetworkModel):
        return 8 * theta.size * model.parameter_count, 0
    room, work = _sample_cost(model)
    return replicas * (model.samples * room + 8 * theta.shape[-1]), replicas * model.samples * work


def _dense_extremes(model: Model, settings: Settings, theta: Array, block: int | None) -> Slices[tuple[Array, Array]]:
    matrix = yield from hessian.slices(model, settings, theta, block)
    finite = np.asarray(np.isfinite(matrix).all((-1, -2)))
    values = np.linalg.eigvalsh(np.where(finite[..., None, None], matrix, 0.0))
    return np.where(finite, values[..., 0], np.nan), np.where(finite, values[..., -1], np.nan)


def _lanczos(model: Model, settings: Settings, theta: Array, part: slice) -> Slices[tuple[Array, Array]]:
    """Extreme Ritz values by Lanczos with full reorthogonalization and thick restarts (Wu and Simon 2000).

    A value counts as found when its residual, which bounds its error, is below RESIDUAL of the largest. What is not
    found after LANCZOS_PRODUCTS lies inside the true range.
    """
    lead, size = theta.shape[:-1], part.stop - part.start
    room = min(size, max(_LEAST_ROOM, min(_MOST_ROOM, STACK_BYTES // (8 * theta[..., part].size))))
    kept = np.r_[: room // 4, -(room // 4) : 0]
    basis, projected = np.zeros((*lead, room, size)), np.zeros((*lead, room, room))
    start = generator(0, "lanczos", size).standard_normal(size)
    q = np.broadcast_to(start / np.linalg.norm(start), (*lead, size))
    direction = np.zeros_like(theta)
    low, high = np.full(lead, np.nan), np.full(lead, np.nan)
    settled, broken = np.zeros(lead, dtype=bool), np.zeros(lead, dtype=bool)
    k = 0
    for product in range(1, LANCZOS_PRODUCTS + 1):
        basis[..., k, :] = direction[..., part] = q
        image = (yield from hessian_vector.slices(model, settings, theta, direction))[..., part]
        broken |= ~np.isfinite(image).all(-1)
        image[broken] = 0.0
        k += 1
        known = basis[..., :k, :]
        overlap = np.matmul(known, image[..., None])
        projected[..., k - 1, :k] = projected[..., :k, k - 1] = overlap[..., 0]
        for _ in range(2):
            image = image - np.matmul(known.swapaxes(-1, -2), np.matmul(known, image[..., None]))[..., 0]
        norm = np.linalg.norm(image, axis=-1)
        exhausted = norm <= 1e-13 * np.abs(projected[..., :k, :k]).max((-1, -2))
        if k == room or product % _CHECK_EVERY == 0 or product == LANCZOS_PRODUCTS or (exhausted & ~settled).any():
            values, vectors = np.linalg.eigh(projected[..., :k, :k])
            low, high = np.where(settled, low, values[..., 0]), np.where(settled, high, values[..., -1])
            residual = norm * np.abs(vectors[..., -1, [0, -1]]).max(-1)
            settled |= exhausted | (residual <= RESIDUAL * np.abs(values[..., [0, -1]]).max(-1))
            if settled.all():
                break
        if k == room:
            basis[..., : len(kept), :] = np.matmul(vectors[..., kept].swapaxes(-1, -2), basis)
            projected[...] = 0.0
            projected[..., np.arange(len(kept)), np.arange(len(kept))] = values[..., kept]
            k = len(kept)
        q = np.where(exhausted[..., None], 0.0, image / np.where(exhausted, 1.0, norm)[..., None])
    return np.where(broken, np.nan, low), np.where(broken, np.nan, high)


def _r_operator(model: NetworkModel, theta: Array, direction: Array, samples: slice) -> Array:
    """R{∇ℓ} of some samples: the derivative of the backward pass along a direction, layer by layer."""
    network, loss, scale = model.network, model.loss, model.scale(model.samples)
    a, z = network.forward(theta, model.data.x[..., samples, :])
    targets = model.targets[..., samples, :]
    w, v = network.split(theta), network.split(direction)
    activations = [activation_named(name) for name in network.activations]
    ra: list[Array] = []
    rz: list[Array] = [np.zeros(())]
    derivatives: list[Array] = []
    for d, activation in enumerate(activations):
        moved = np.matmul(z[d], v[d][0].swapaxes(-1, -2)) + v[d][1][..., None, :]
        if d:
            moved = moved + np.matmul(rz[d], w[d][0].swapaxes(-1, -2))
        ra.append(moved)
        derivative = np.ones_like(a[d])
        if not (d == network.depth - 1 and loss.from_logits):
            activation.derivative(a[d], z[d + 1], derivative)
        derivatives.append(derivative)
        rz.append(derivative * moved)

    last = network.depth - 1
    delta, r_delta = np.empty_like(z[-1]), np.empty_like(rz[-1])
    loss.derivative(z[-1], targets, delta)
    loss.second_derivative(z[-1], targets, rz[-1], r_delta)
    if not loss.from_logits:
        second_derivative = np.empty_like(a[last])
        activations[last].second_derivative(a[last], z[-1], second_derivative)
        r_delta = r_delta * derivatives[last] + delta * second_derivative * ra[last]
        delta = delta * derivatives[last]
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
            second_derivative = np.empty_like(a[d - 1])
            activations[d - 1].second_derivative(a[d - 1], z[d], second_derivative)
            r_delta = r_below * derivatives[d - 1] + below * second_derivative * ra[d - 1]
            delta = below * derivatives[d - 1]
    return network.join(parts[::-1])
