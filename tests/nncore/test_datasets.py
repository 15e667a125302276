from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.arrays import Array
from nncore.datasets import Data, from_function, from_points, make, standardize
from nncore.kinds import DISTRIBUTIONS, Blobs, Checkerboard, Circles, Disc, Distribution, Line, Moons, Spirals, Xor

EVERY_KIND = [*(kind() for kind in DISTRIBUTIONS.values()), Blobs(centers=5)]
LABELLED = [kind for kind in EVERY_KIND if kind.classes is not None]


@pytest.fixture(params=EVERY_KIND, ids=repr)
def kind(request: pytest.FixtureRequest) -> Distribution:
    return request.param


def assert_same_part(first: Data, second: Data) -> None:
    np.testing.assert_array_equal(first.x, second.x)
    np.testing.assert_array_equal(first.y, second.y)


def test_shapes(kind: Distribution) -> None:
    data = make(kind, samples=30, test_samples=7)
    inputs = len(data.domain)
    assert (data.x.shape, data.y.shape) == ((30, inputs), (30, 1))
    assert (data.x_test.shape, data.y_test.shape) == ((7, inputs), (7, 1))
    assert {values.dtype for values in (data.x, data.y, data.x_test, data.y_test)} == {np.dtype(np.float64)}
    assert data.mean is None


def test_no_test_part(kind: Distribution) -> None:
    data = make(kind, samples=5)
    assert data.x_test.shape == (0, len(data.domain))
    assert data.y_test.shape == (0, 1)


def test_a_seed_is_the_data(kind: Distribution) -> None:
    data, again, other = (make(kind, 20, 20, noise=0.1, seed=seed) for seed in (4, 4, 5))
    assert_same_part(data, again)
    np.testing.assert_array_equal(data.x_test, again.x_test)
    np.testing.assert_array_equal(data.y_test, again.y_test)
    assert not np.any(data.x == other.x)
    assert not np.any(data.x_test == other.x_test)
    assert not np.any(data.x == data.x_test)


def test_more_test_samples_leave_the_training_part_alone(kind: Distribution) -> None:
    assert_same_part(make(kind, 20, 0, noise=0.1), make(kind, 20, 1000, noise=0.1))


def test_noise_is_on_its_side_and_in_the_training_part_only(kind: Distribution) -> None:
    clean, noisy = make(kind, 4000, 50, noise=0.0), make(kind, 4000, 50, noise=0.2)
    np.testing.assert_array_equal(clean.x_test, noisy.x_test)
    np.testing.assert_array_equal(clean.y_test, noisy.y_test)
    moved, kept = (noisy.x - clean.x, noisy.y - clean.y)
    if kind.classes is None:
        moved, kept = kept, moved
    assert not np.any(kept)
    assert moved.std() == pytest.approx(0.2, rel=0.05)
    assert abs(moved.mean()) < 0.02


def test_samples_lie_in_the_domain(kind: Distribution) -> None:
    data = make(kind, 500)
    low, high = np.transpose(data.domain)
    inside = np.mean(np.all((data.x >= low) & (data.x <= high), axis=-1))
    assert inside > 0.98 if isinstance(kind, Blobs) else inside == 1.0


def test_the_target_is_y_without_noise(kind: Distribution) -> None:
    data = make(kind, 50, 20)
    if data.target is not None:
        np.testing.assert_array_equal(data.target(data.x), data.y)
        np.testing.assert_array_equal(data.target(np.stack([data.x, data.x])), np.stack([data.y, data.y]))


def test_every_law_that_is_a_function_has_a_target() -> None:
    assert [type(kind) for kind in EVERY_KIND if kind.target] == [Disc, Xor, Checkerboard, Line]


@pytest.mark.parametrize("kind", LABELLED, ids=repr)
def test_classes_are_numbered_and_all_there(kind: Distribution) -> None:
    data = make(kind, 200)
    assert data.classes == kind.classes
    assert data.labels == ((0.0, 1.0) if kind.classes == 2 else None)
    assert np.unique(data.y).tolist() == list(range(kind.classes or 0))


@pytest.mark.parametrize("kind", [Circles(), Moons(), Spirals(), Blobs(), Blobs(centers=5)], ids=repr)
def test_chosen_classes_are_balanced(kind: Distribution) -> None:
    counts = np.bincount(make(kind, 203).y[:, 0].astype(int))
    assert counts.max() - counts.min() <= 1


def test_labels_are_written_for_the_classes() -> None:
    zero_one, plus_minus = make(Disc(), 60, 40), make(Disc(), 60, 40, labels=(-1.0, 1.0))
    np.testing.assert_array_equal(plus_minus.x, zero_one.x)
    np.testing.assert_array_equal(plus_minus.y, 2 * zero_one.y - 1)
    np.testing.assert_array_equal(plus_minus.y_test, 2 * zero_one.y_test - 1)
    assert plus_minus.target is not None
    np.testing.assert_array_equal(plus_minus.target(plus_minus.x), plus_minus.y)
    assert plus_minus.labels == (-1.0, 1.0)
    assert plus_minus.classes is None  # its y holds no class numbers


@pytest.mark.parametrize("labels", [(0, 1), (-1, 1)])
def test_labels_in_whole_numbers_make_a_float_y(labels: tuple[int, int]) -> None:
    assert make(Xor(), 10, labels=labels).y.dtype == np.float64


@pytest.mark.parametrize("kind", [Line(), Blobs(centers=3)], ids=repr)
def test_labels_need_two_classes(kind: Distribution) -> None:
    with pytest.raises(ValueError, match="two classes"):
        make(kind, 10, labels=(-1.0, 1.0))


def wave(x: Array) -> Array:
    return np.sin(3.0 * x)


def two_outputs(x: Array) -> Array:
    return np.stack([x.sum(axis=-1), x.prod(axis=-1)], axis=-1)


def test_grid_over_a_line() -> None:
    data = from_function(wave, ((-1.0, 3.0),), "grid", samples=5, test_samples=50)
    np.testing.assert_array_equal(data.x, [[-1.0], [0.0], [1.0], [2.0], [3.0]])
    np.testing.assert_array_equal(data.y, np.sin(3.0 * data.x))
    np.testing.assert_array_equal(data.y_test, np.sin(3.0 * data.x_test))
    assert -1.0 <= data.x_test.min() < data.x_test.max() <= 3.0
    assert data.target is wave
    assert data.domain == ((-1.0, 3.0),)


def test_grid_over_a_plane() -> None:
    data = from_function(two_outputs, ((0.0, 2.0), (5.0, 6.0)), "grid", samples=9)
    corners = [[0.0, 5.0], [0.0, 6.0], [2.0, 5.0], [2.0, 6.0]]
    assert data.x.shape == (9, 2)
    np.testing.assert_array_equal(data.x[[0, 2, 6, 8]], corners)
    np.testing.assert_array_equal(data.y, two_outputs(data.x))


def test_a_grid_over_a_plane_has_a_square_of_samples() -> None:
    with pytest.raises(ValueError, match="9 samples"):
        from_function(two_outputs, ((0.0, 1.0), (0.0, 1.0)), "grid", samples=10)


def test_random_points_fill_the_domain() -> None:
    data = from_function(two_outputs, ((0.0, 2.0), (5.0, 6.0)), "random", samples=4000, seed=3)
    np.testing.assert_allclose(data.x.mean(axis=0), [1.0, 5.5], atol=0.05)
    np.testing.assert_allclose(data.x.min(axis=0), [0.0, 5.0], atol=0.01)
    np.testing.assert_allclose(data.x.max(axis=0), [2.0, 6.0], atol=0.01)


@pytest.mark.parametrize("sampling", ["grid", "random"])
def test_noise_on_a_function_is_on_its_training_values(sampling: str) -> None:
    clean, noisy = (
        from_function(wave, ((0.0, 1.0),), sampling, 2000, 30, noise=noise)  # type: ignore[arg-type]
        for noise in (0.0, 0.5)
    )
    np.testing.assert_array_equal(clean.x, noisy.x)
    np.testing.assert_array_equal(clean.y_test, noisy.y_test)
    assert (noisy.y - clean.y).std() == pytest.approx(0.5, rel=0.05)


def test_more_test_samples_leave_a_function_s_training_part_alone() -> None:
    few, many = (from_function(wave, ((0.0, 1.0),), "random", 20, n, noise=0.1) for n in (0, 500))
    assert_same_part(few, many)


POINTS = np.arange(20.0).reshape(10, 2)
VALUES = 100.0 + np.arange(10.0)[:, None]


def test_points_stay_in_their_order() -> None:
    data = from_points(POINTS, VALUES)
    np.testing.assert_array_equal(data.x, POINTS)
    np.testing.assert_array_equal(data.y, VALUES)
    assert data.x_test.shape == (0, 2)
    assert data.y_test.shape == (0, 1)
    assert data.domain == ((0.0, 18.0), (1.0, 19.0))


@given(fraction=st.floats(0.0, 0.94), seed=st.integers(0, 1000))
def test_a_fraction_parts_the_points(fraction: float, seed: int) -> None:
    data = from_points(POINTS, VALUES, test_fraction=fraction, seed=seed)
    assert len(data.x_test) == round(10 * fraction)
    for x, y in [(data.x, data.y), (data.x_test, data.y_test)]:
        np.testing.assert_array_equal(x[:, :1] / 2 + 100.0, y)  # every point kept its value
        assert np.all(np.diff(y, axis=0) > 0.0)  # and its place in the order
    assert sorted([*data.y[:, 0], *data.y_test[:, 0]]) == VALUES[:, 0].tolist()


def test_the_seed_chooses_the_test_part() -> None:
    parts = {tuple(from_points(POINTS, VALUES, 0.3, seed=seed).y_test[:, 0]) for seed in range(20)}
    assert len(parts) > 10


def test_a_given_test_part_is_taken() -> None:
    data = from_points(POINTS, VALUES, x_test=np.array([[30.0, -4.0]]), y_test=np.array([[7.0]]))
    np.testing.assert_array_equal(data.x, POINTS)
    np.testing.assert_array_equal(data.x_test, [[30.0, -4.0]])
    np.testing.assert_array_equal(data.y_test, [[7.0]])
    assert data.domain == ((0.0, 30.0), (-4.0, 19.0))


def test_a_constant_input_still_has_a_domain_to_draw() -> None:
    assert from_points(np.array([[3.0], [3.0]]), np.zeros((2, 1))).domain == ((2.0, 4.0),)


def test_something_must_be_left_to_train_on() -> None:
    with pytest.raises(ValueError, match="no training sample"):
        from_points(POINTS, VALUES, test_fraction=1.0)


def test_standardize_uses_the_training_part() -> None:
    data = from_points(np.array([[1.0, 5.0], [3.0, 5.0]]), np.zeros((2, 1)), 0.0, np.array([[7.0, 6.0]]), VALUES[:1])
    scaled = standardize(data)
    np.testing.assert_array_equal(scaled.mean, [2.0, 5.0])
    np.testing.assert_array_equal(scaled.deviation, [1.0, 1.0])  # the second input is constant
    np.testing.assert_array_equal(scaled.x, [[-1.0, 0.0], [1.0, 0.0]])
    np.testing.assert_array_equal(scaled.x_test, [[5.0, 1.0]])
    assert scaled.domain == ((-1.0, 5.0), (0.0, 1.0))


def test_a_constant_that_rounds_badly_is_still_constant() -> None:
    data = from_points(np.full((10, 1), 0.1), np.zeros((10, 1)))
    np.testing.assert_allclose(standardize(data).x, 0.0, atol=1e-15)


def test_standardized_data_is_the_same_data() -> None:
    data = make(Line(), 200, 50, noise=0.3)
    scaled = standardize(data)
    np.testing.assert_allclose(scaled.x.mean(axis=0), 0.0, atol=1e-15)
    np.testing.assert_allclose(scaled.x.std(axis=0), 1.0, rtol=1e-14)
    np.testing.assert_array_equal(scaled.y, data.y)
    assert scaled.target is not None
    np.testing.assert_allclose(scaled.target(scaled.x_test), data.y_test, rtol=1e-12)


def test_inputs_are_not_modified() -> None:
    points, values = POINTS.copy(), VALUES.copy()
    standardize(from_points(points, values, 0.4))
    np.testing.assert_array_equal(points, POINTS)
    np.testing.assert_array_equal(values, VALUES)
    data = make(Disc(), 30)
    kept = replace(data, x=data.x.copy())
    standardize(data)
    np.testing.assert_array_equal(data.x, kept.x)
