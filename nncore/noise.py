"""How far mini-batch gradients are from the full one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nncore.arrays import Array, chunks
from nncore.batches import batch_length, is_full
from nncore.model import NetworkModel
from nncore.rng import generator
from nncore.slices import InSlices, Slices
from nncore.training import Settings, State, add_penalty_gradient

_LANCZOS_STEPS = 100
_SETTLED = 1e-10


@InSlices
def batch_gradients(model: NetworkModel, settings: Settings, theta: Array, x: Array, targets: Array) -> Slices[Array]:
    """The gradient (B, …, P) at θ (…, P) of each batch x (B, …, m, d), with penalties, 0 for frozen layers."""
    parts = []
    for stack in _stacks(model, theta, len(x), x.shape[-2]):
        parts.append((yield from _gradients(model, settings, theta, x[stack], targets[stack])))
    return np.concatenate(parts)


def _stacks(model: NetworkModel, theta: Array, batches: int, m: int) -> list[slice]:
    """Batches of m samples as stacks whose gradients, and what they are made of, are taken at once."""
    replicas = theta.size // theta.shape[-1]
    room, work = _sample_cost(model)
    return chunks(batches, 8 * theta.size * 2 + replicas * m * room, replicas * m * work)


def _sample_cost(model: NetworkModel) -> tuple[int, int]:
    """The bytes and the multiply-adds that a sample's gradient takes."""
    return 8 * 4 * sum(model.network.sizes), 3 * model.network.work


def _gradients(model: NetworkModel, settings: Settings, theta: Array, x: Array, targets: Array) -> Slices[Array]:
    """`batch_gradients` of one stack; batches that are too large for a slice are cut."""
    m, repeated = x.shape[-2], np.broadcast_to(theta, (len(x), *theta.shape)).copy()
    room, work = (cost * repeated.size // repeated.shape[-1] for cost in _sample_cost(model))
    gradient = np.zeros_like(repeated)
    for part in chunks(m, room, work):
        workspace = model.workspace(repeated, part.stop - part.start, m)
        workspace.run(x[..., part, :], targets[..., part, :])
        gradient += workspace.gradient
        yield
    add_penalty_gradient(settings, model.penalized, repeated, gradient)
    for number in settings.frozen:
        gradient[..., model.blocks[number - 1]] = 0.0
    return gradient


@InSlices
def sample_gradients(model: NetworkModel, settings: Settings, theta: Array, x: Array, targets: Array) -> Slices[Array]:
    """The gradient (m, P) at θ (P,) of each sample of x (m, d) alone."""
    return batch_gradients.slices(model, settings, theta, x[:, None, :], targets[:, None, :])


@InSlices
def full_gradient(model: NetworkModel, settings: Settings, theta: Array) -> Slices[Array]:
    """The gradient (…, P) of the whole training part."""
    gradients = yield from batch_gradients.slices(model, settings, theta, model.data.x[None], model.targets[None])
    return gradients[0]


@InSlices
def gradient_variance(model: NetworkModel, settings: Settings, state: State, seeds: tuple[int, ...]) -> Slices[Array]:
    """The trace (…) of the batch gradient's variance: the mean over this epoch's batches of ‖g_B − g‖².

    g is the full gradient; all batches have the size of the first, so that a shorter last one is left out.
    Drawn without replacement, its expectation is σ²/m · (n−m)/(n−1), σ² = mean ‖g_i − g‖² over samples.
    Where losses are summed, both are those of means, times m².
    """
    n, theta = model.samples, state.theta
    if is_full(settings.batch_size, n):
        return np.zeros(theta.shape[:-1])
    m = settings.batch_size
    count = n // m
    x, targets = model.loader(seeds, theta.shape[:-1]).epoch(state.place.epoch)
    batches, wanted = (_cut(part, count, m) for part in (x, targets))
    averaged = replace(model, reduction="mean")
    full = yield from full_gradient.slices(averaged, settings, theta)
    distances = []
    for stack in _stacks(model, theta, count, m):
        gradients = yield from _gradients(averaged, settings, theta, batches[stack], wanted[stack])
        distances.append(np.square(gradients - full).sum(-1))
    return np.concatenate(distances).mean(0) * (m * model.scale(m)) ** 2


@InSlices
def expected_variance(model: NetworkModel, settings: Settings, theta: Array, m: int) -> Slices[float]:
    """σ²/m · (n−m)/(n−1) at θ (P,): what theory says of batches of m drawn without replacement."""
    n = model.samples
    if n == 1:
        return 0.0
    mean = yield from full_gradient.slices(replace(model, reduction="mean"), settings, theta)
    total = 0.0
    for part in _stacks(model, theta, n, 1):
        own = yield from sample_gradients.slices(model, settings, theta, model.data.x[part], model.targets[part])
        total += float(np.square(own - mean).sum())
    sigma2 = total / n
    return sigma2 / m * (n - m) / (n - 1) * (m * model.scale(m)) ** 2


@InSlices
def gradient_angle(model: NetworkModel, settings: Settings, state: State, seeds: tuple[int, ...]) -> Slices[Array]:
    """Degrees (…) between the gradient of the next step's batch and the full one; NaN where one is zero."""
    if is_full(settings.batch_size, model.samples):
        return np.zeros(state.theta.shape[:-1])
    x, targets = model.loader(seeds, state.theta.shape[:-1]).batch(state.place, settings.batch_size)
    assert x.shape[-2] == batch_length(state.place, settings.batch_size, model.samples)
    batch = yield from batch_gradients.slices(model, settings, state.theta, x[None], targets[None])
    return angle(batch[0], (yield from full_gradient.slices(model, settings, state.theta)))


@InSlices
def widest_direction(vectors: Array, beside: Array) -> Slices[Array]:
    """The unit vector (P,) at right angles to `beside` (P,) along which vectors (m, P) reach farthest from 0.

    By Lanczos on Σ v vᵀ with full reorthogonalization, up to _LANCZOS_STEPS; exact where the rank is not larger.
    """
    count, size = vectors.shape
    basis, projected, widest = beside[None], np.zeros((0, 0)), np.zeros(size)
    image, length = generator(0, "widest", size).standard_normal((size,)), 1.0
    for _ in range(min(_LANCZOS_STEPS, count + 1, size)):
        for _ in range(2):
            image = image - basis.T @ (basis @ image)
        norm = float(np.linalg.norm(image))
        if norm <= _SETTLED * length:
            break
        basis = np.vstack([basis, image / norm])
        image = np.zeros(size)
        for part in chunks(count, 8 * size, 2 * size):
            image += (vectors[part] @ basis[-1]) @ vectors[part]
            yield
        projected = np.pad(projected, (0, 1))
        projected[-1] = projected[:, -1] = basis[1:] @ image
        values, ritz = np.linalg.eigh(projected)
        length, widest = float(values[-1]), ritz[:, -1] @ basis[1:]
        rest = image - basis.T @ (basis @ image)
        if np.linalg.norm(rest) * abs(ritz[-1, -1]) <= _SETTLED * length:
            break
    return widest / (np.linalg.norm(widest) or 1.0)


def angle(first: Array, second: Array) -> Array:
    """Degrees (…) between vectors (…, P)."""
    with np.errstate(all="ignore"):
        one = first / np.linalg.norm(first, axis=-1, keepdims=True)
        two = second / np.linalg.norm(second, axis=-1, keepdims=True)
        half = np.arctan2(np.linalg.norm(one - two, axis=-1), np.linalg.norm(one + two, axis=-1))
    return np.degrees(2 * half)


def _cut(values: Array, count: int, m: int) -> Array:
    """The first count · m samples of (…, n, d) as batches (count, …, m, d)."""
    lead = values.shape[:-2]
    return np.moveaxis(values[..., : count * m, :].reshape(*lead, count, m, values.shape[-1]), -3, 0)
