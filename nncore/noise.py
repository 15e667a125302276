"""How far mini-batch gradients are from the full one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nncore.arrays import Array
from nncore.batches import batch_length, is_full
from nncore.model import STACK_BYTES, NetworkModel, Workspace
from nncore.training import Settings, State, add_penalty_gradient


def batch_gradients(model: NetworkModel, settings: Settings, theta: Array, x: Array, targets: Array) -> Array:
    """The gradient (B, …, P) at θ (…, P) of each batch x (B, …, m, d), with penalties, 0 for frozen layers."""
    length = max(1, STACK_BYTES // (8 * theta.size * 2))
    parts = []
    for first in range(0, len(x), length):
        stack = x[first : first + length]
        repeated = np.broadcast_to(theta, (len(stack), *theta.shape)).copy()
        work = Workspace(model, repeated, x.shape[-2])
        work.run(stack, targets[first : first + length])
        add_penalty_gradient(settings, model.penalized, repeated, work.gradient)
        parts.append(work.gradient)
    gradients = np.concatenate(parts)
    for number in settings.frozen:
        gradients[..., model.blocks[number - 1]] = 0.0
    return gradients


def sample_gradients(model: NetworkModel, settings: Settings, theta: Array, x: Array, targets: Array) -> Array:
    """The gradient (m, P) at θ (P,) of each sample of x (m, d) alone."""
    return batch_gradients(model, settings, theta, x[:, None, :], targets[:, None, :])


def full_gradient(model: NetworkModel, settings: Settings, theta: Array) -> Array:
    """The gradient (…, P) of the whole training part."""
    return batch_gradients(model, settings, theta, model.data.x[None], model.targets[None])[0]


def gradient_variance(model: NetworkModel, settings: Settings, state: State, seeds: tuple[int, ...]) -> Array:
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
    batches = [_cut(part, count, m) for part in (x, targets)]
    averaged = replace(model, reduction="mean")
    gradients = batch_gradients(averaged, settings, theta, *batches)
    spread = np.square(gradients - full_gradient(averaged, settings, theta)).sum(-1).mean(0)
    return spread * (m * model.scale(m)) ** 2


def expected_variance(model: NetworkModel, settings: Settings, theta: Array, m: int) -> float:
    """σ²/m · (n−m)/(n−1) at θ (P,): what theory says of batches of m drawn without replacement."""
    n = model.samples
    if n == 1:
        return 0.0
    mean = full_gradient(replace(model, reduction="mean"), settings, theta)
    length = max(1, STACK_BYTES // (8 * theta.size * 2))
    total = 0.0
    for first in range(0, n, length):
        part = slice(first, first + length)
        own = sample_gradients(model, settings, theta, model.data.x[part], model.targets[part])
        total += float(np.square(own - mean).sum())
    sigma2 = total / n
    return sigma2 / m * (n - m) / (n - 1) * (m * model.scale(m)) ** 2


def gradient_angle(model: NetworkModel, settings: Settings, state: State, seeds: tuple[int, ...]) -> Array:
    """Degrees (…) between the gradient of the next step's batch and the full one; NaN where one is zero."""
    if is_full(settings.batch_size, model.samples):
        return np.zeros(state.theta.shape[:-1])
    x, targets = model.loader(seeds, state.theta.shape[:-1]).batch(state.place, settings.batch_size)
    assert x.shape[-2] == batch_length(state.place, settings.batch_size, model.samples)
    batch = batch_gradients(model, settings, state.theta, x[None], targets[None])[0]
    return angle(batch, full_gradient(model, settings, state.theta))


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
