from __future__ import annotations

import numpy as np
import pytest

from nncore.arrays import Array
from nncore.datasets import make
from nncore.kinds import DISTRIBUTIONS, Blobs, Checkerboard, Circles, Disc, Line, Moons, Spirals, Xor


def radius(x: Array) -> Array:
    return np.hypot(x[:, 0], x[:, 1])


def test_names() -> None:
    shapes = [Disc, Circles, Moons, Spirals, Xor, Blobs, Checkerboard, Line]
    assert list(DISTRIBUTIONS.values()) == shapes
    assert list(DISTRIBUTIONS) == [shape.__name__.lower() for shape in shapes]


def test_disc() -> None:
    data = make(Disc(), 20_000)
    np.testing.assert_array_equal(data.y[:, 0], radius(data.x) < 1.0)
    deciles = np.quantile(radius(data.x), np.linspace(0.1, 0.9, 9))
    np.testing.assert_allclose(deciles, np.linspace(0.2, 1.8, 9), atol=0.03)  # uniform in [0, 2]
    angle = np.arctan2(data.x[:, 1], data.x[:, 0])
    np.testing.assert_allclose(np.quantile(angle, [0.25, 0.5, 0.75]), [-np.pi / 2, 0, np.pi / 2], atol=0.07)


@pytest.mark.parametrize("factor", [0.5, 0.8])
def test_circles(factor: float) -> None:
    data = make(Circles(factor), 100)
    np.testing.assert_allclose(radius(data.x), np.where(data.y[:, 0] == 1.0, factor, 1.0), rtol=1e-14)


def test_moons() -> None:
    data = make(Moons(), 100)
    upper, lower = data.x[data.y[:, 0] == 0.0], data.x[data.y[:, 0] == 1.0]
    np.testing.assert_allclose(radius(upper), 1.0, rtol=1e-14)
    np.testing.assert_allclose(radius(lower - [1.0, 0.5]), 1.0, rtol=1e-14)
    assert upper[:, 1].min() >= 0.0
    assert lower[:, 1].max() <= 0.5


@pytest.mark.parametrize("turns", [0.5, 1.5])
def test_spirals(turns: float) -> None:
    """Turned back by their own angle, the arms are the two halves of the first axis."""
    data = make(Spirals(turns), 100)
    points = data.x[:, 0] + 1j * data.x[:, 1]
    straight = points * np.exp(-2j * np.pi * turns * np.abs(points))
    np.testing.assert_allclose(straight, np.abs(points) * np.where(data.y[:, 0] == 0.0, 1, -1), atol=1e-14)


def test_xor() -> None:
    target = make(Xor(), 4).target
    assert target is not None
    corners = np.array([[-0.5, -0.5], [-0.5, 0.5], [0.5, -0.5], [0.5, 0.5]])
    np.testing.assert_array_equal(target(corners), [[0.0], [1.0], [1.0], [0.0]])


def test_blobs() -> None:
    data = make(Blobs(centers=4, spread=0.1), 8000)
    for number, center in enumerate([(1, 0), (0, 1), (-1, 0), (0, -1)]):
        cloud = data.x[data.y[:, 0] == number]
        np.testing.assert_allclose(cloud.mean(axis=0), center, atol=0.01)
        np.testing.assert_allclose(cloud.std(axis=0), 0.1, rtol=0.05)


def test_blobs_need_two_centers() -> None:
    with pytest.raises(ValueError, match="at least 2, found 1"):
        Blobs(centers=1)


def test_checkerboard() -> None:
    target = make(Checkerboard(cells=3), 1).target
    assert target is not None
    middles = np.array([[[x, y] for x in (-2 / 3, 0, 2 / 3)] for y in (-2 / 3, 0, 2 / 3)])
    np.testing.assert_array_equal(target(middles)[..., 0], [[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0]])
    np.testing.assert_array_equal(target(corners), [[0.0], [0.0], [0.0]])


def test_checkerboard_needs_a_cell() -> None:
    with pytest.raises(ValueError, match="at least 1, found 0"):
        Checkerboard(cells=0)


def test_line() -> None:
    data = make(Line(slope=-3.0, intercept=0.5), 50)
    np.testing.assert_array_equal(data.y, -3.0 * data.x + 0.5)
    assert (data.labels, data.classes) == (None, None)
