"""The backward pass against central differences, all of them in one stack of replicas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.network import activation_named
from nncore.training import Lane, Model, Settings, State, Trainer, penalty


@dataclass(frozen=True)
class BlockCheck:
    """How far one parameter block's gradient is from differences.

    error: the largest |backward − difference| of the entries compared, over the block's largest gradient,
    or over a ten-thousandth of the loss where that is more: below it differences are mostly rounding.
    skipped: entries whose ±h changes which side of a kink a unit is on, where differences mean nothing.
    """

    block: str
    compared: int
    skipped: int
    error: float
    largest: float


@np.errstate(all="ignore")
def gradient_check(lane: Lane, state: State, h: float = 1e-6) -> list[BlockCheck]:
    """Compare the gradient of the next step's batch, block by block."""
    trainer = Trainer(lane, state)
    loss, gradient = trainer.gradient()
    gradient = gradient.copy()
    least = max(1e-4 * abs(float(loss)), np.finfo(np.float64).tiny)
    settings, model, theta = lane.settings_at(state.step), lane.model, trainer.state().theta
    x, targets = model.loader(lane.seeds, ()).batch(state.place, settings.batch_size)
    checks = []
    for number, (name, block) in enumerate(_blocks(model)):
        layer = number // 2 + 1
        if layer in settings.frozen:
            continue
        difference, smooth = _differences(model, settings, theta, x, targets, block, h)
        own = gradient[block]
        largest = float(np.abs(own).max())
        error = np.abs(own - difference)[smooth].max(initial=0.0) / max(largest, least)
        checks.append(BlockCheck(name, int(smooth.sum()), int((~smooth).sum()), float(error), largest))
    return checks


def _blocks(model: Model) -> list[tuple[str, slice]]:
    if not isinstance(model, NetworkModel):
        return [("θ", slice(0, model.parameter_count))]
    return [
        pair
        for layer in model.network.layers
        for pair in ((f"W{layer.number}", layer.weights), (f"b{layer.number}", layer.biases))
    ]


def _differences(
    model: Model, settings: Settings, theta: Array, x: Array, targets: Array, block: slice, h: float
) -> tuple[Array, np.ndarray]:
    """Central differences of the batch loss for each entry of a block, and where no kink lies between."""
    count = block.stop - block.start
    difference, smooth = np.empty(count), np.empty(count, dtype=bool)
    length = max(1, 2**22 // max(len(x) * model.units, theta.size))
    for first in range(0, count, length):
        part = slice(first, min(first + length, count))
        entries = np.arange(part.start, part.stop) + block.start
        moved = np.tile(theta, (2, len(entries), 1))
        own = np.arange(len(entries))
        moved[0, own, entries] += h
        moved[1, own, entries] -= h
        loss, patterns = _loss_and_pattern(model, moved, x, targets)
        loss = loss + penalty(settings, model.penalized, moved)
        difference[part] = (loss[0] - loss[1]) / (moved[0, own, entries] - moved[1, own, entries])
        smooth[part] = np.all(patterns[0] == patterns[1], axis=-1)
        if settings.l1:
            smooth[part] &= (np.abs(theta[entries]) > h) | (model.penalized[entries] == 0)
    return difference, smooth


def _loss_and_pattern(model: Model, theta: Array, x: Array, targets: Array) -> tuple[Array, np.ndarray]:
    """The loss (…) without noise or penalties, and the side of every kink (…, units·samples)."""
    if not isinstance(model, NetworkModel):
        noise = np.vecdot(theta, x)
        return model.value(theta) + noise, np.zeros((*theta.shape[:-1], 1), dtype=bool)
    a, z = model.network.forward(theta, x)
    loss = model.loss.value(a[-1], z[-1], targets).sum(-1) * model.scale(x.shape[-2])
    layers = zip(a, map(activation_named, model.network.activations), strict=True)
    kinked = [layer - kink for layer, activation in layers for kink in activation.kinks]
    if model.loss.kinked:
        kinked.append(z[-1] - targets)
    sides = [(values > 0).reshape(*theta.shape[:-1], -1) for values in kinked]
    return loss, np.concatenate([np.zeros((*theta.shape[:-1], 1), dtype=bool), *sides], axis=-1)
