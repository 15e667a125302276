"""The training loss around a θ: along a line, on a plane, on the plane of a path, and on chords."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array, chunks
from nncore.model import NetworkModel
from nncore.rng import generator
from nncore.slices import InSlices, Slices, quiet
from nncore.training import Model, Settings, train_loss

CHORDS = 64
_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through `origin` (P,) along two orthogonal `directions` (2, P).

    explained: the shares of the path's variance that lie along them; NaN for random ones.
    """

    origin: Array
    directions: Array
    explained: tuple[float, float] = (np.nan, np.nan)

    def coordinates(self, theta: Array) -> Array:
        """The orthogonal projections (…, 2) of θ (…, P), in units of the directions."""
        lengths = np.square(self.directions).sum(-1)
        return (theta - self.origin) @ self.directions.T / np.where(lengths > 0, lengths, 1.0)

    def points(self, coordinates: Array) -> Array:
        """The θ (…, P) at coordinates (…, 2)."""
        return self.origin + coordinates @ self.directions


@InSlices
def loss_at(model: Model, settings: Settings, theta: Array) -> Slices[Array]:
    """The training loss (K,) with penalties at points θ (K, P)."""
    return quiet(train_loss.slices(model, settings, theta))


@InSlices
def loss_on_line(model: Model, settings: Settings, start: Array, end: Array, shares: Array) -> Slices[Array]:
    """The loss (K,) at start + share · (end − start) for each share (K,)."""
    return _in_stacks(model, settings, lambda part: start + shares[part, None] * (end - start), len(shares))


@InSlices
def loss_on_plane(model: Model, settings: Settings, plane: Plane, across: Array, up: Array) -> Slices[Array]:
    """The loss (len(up), len(across)) on a grid of coordinates."""
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    losses = yield from _in_stacks(model, settings, lambda part: plane.points(grid[part]), len(grid))
    return losses.reshape(len(up), len(across))


def _in_stacks(model: Model, settings: Settings, points: Callable[[slice], Array], count: int) -> Slices[Array]:
    """The loss (…, count) at points (…, part, P) that are made in stacks."""
    work = model.samples * model.work
    losses = []
    for part in chunks(count, 8 * 4 * model.parameter_count, work):
        losses.append((yield from loss_at.slices(model, settings, points(part))))
    return np.concatenate(losses, axis=-1)


def random_plane(model: Model, theta: Array, seed: int) -> Plane:
    """A plane through θ along two random directions, filter-normalized and made orthogonal.

    The part of a direction that belongs to one unit, its row of W and its bias, has the length of that part
    of θ (Li et al. 2018, arXiv 1712.09913, section 4).
    """
    draws = generator(seed, "plane").standard_normal((2, theta.size))
    if not isinstance(model, NetworkModel):
        return Plane(theta, _orthogonal(draws))
    directions = []
    for draw in draws:
        units = model.network.split(draw)
        for (w, b), (own_w, own_b) in zip(units, model.network.split(theta), strict=True):
            length = np.hypot(np.linalg.norm(w, axis=1), b)
            wanted = np.hypot(np.linalg.norm(own_w, axis=1), own_b)
            w *= (wanted / length)[:, None]
            b *= wanted / length
        directions.append(model.network.join(units))
    return Plane(theta, _orthogonal(np.array(directions)))


def path_plane(path: Array) -> Plane:
    """The plane through the last θ of a path (T, P) that holds most of the path, by principal components."""
    origin = path[-1]
    moved = path - origin
    _, singular, right = np.linalg.svd(moved - moved.mean(0), full_matrices=False)
    energy = np.square(np.append(singular, (0.0, 0.0)))
    total = energy.sum() or 1.0
    directions = np.zeros((2, path.shape[1]))
    directions[: min(2, len(right))] = right[:2]
    return Plane(origin, directions, (float(energy[0] / total), float(energy[1] / total)))


@InSlices
def chord_violations(
    model: Model, settings: Settings, theta: Array, seed: int, last_only: bool = False
) -> Slices[float]:
    """The share of random chords whose midpoint lies above the chord, so that the loss is not convex there.

    Both ends of a chord are θ (P,) plus independent N(0, 1) in every entry, or in the last layer's only; the
    midpoint must exceed the mean of the ends by more than rounding (1e-9 of their size).
    """
    fixed = model.blocks[-1].start if last_only else 0

    def ends_and_middle(part: slice) -> Array:
        chords = range(part.start, part.stop)
        moves = np.stack([generator(seed, "chords", n).standard_normal((2, theta.size)) for n in chords], axis=1)
        moves[..., :fixed] = 0.0
        ends = theta + moves
        return np.concatenate([ends, ends.mean(0, keepdims=True)])

    first, second, middle = yield from _in_stacks(model, settings, ends_and_middle, CHORDS)
    size = 1.0 + np.abs(first) + np.abs(second)
    return float(np.mean(middle > (first + second) / 2 + _TOLERANCE * size))


def _orthogonal(directions: Array) -> Array:
    """Two directions, the second without its part along the first, at its own length."""
    first, second = directions
    square = first @ first
    rest = second - (second @ first) / square * first if square > 0 else second
    length = np.linalg.norm(rest)
    return np.array([first, rest * (np.linalg.norm(second) / length) if length > 0 else rest])
