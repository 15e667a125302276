"""The loss on lines, planes and chords."""

import numpy as np
import pytest

from nncore.landscape import (
    chord_violations,
    loss_at,
    loss_on_line,
    loss_on_plane,
    path_plane,
    random_plane,
)
from nncore.optimizers import Sgd
from nncore.rng import generator
from nncore.training import Settings, train_loss

PENALIZED = Settings(Sgd(0.1), l1=0.01, l2=0.1)
PLAIN = Settings(Sgd(0.1))


def test_a_line_is_the_loss_at_its_points(make_lane):
    lane = make_lane(PENALIZED)
    end = lane.start + 1.0
    losses = loss_on_line(lane.model, PENALIZED, lane.start, end, np.array([0.0, 0.25, 1.0]))
    points = (lane.start, lane.start + 0.25, end)
    np.testing.assert_allclose(losses, [train_loss(lane.model, PENALIZED, point) for point in points], rtol=1e-14)


def test_a_plane_is_indexed_by_up_and_across(make_lane):
    lane = make_lane(PLAIN)
    plane = random_plane(lane.model, lane.start, seed=3)
    across, up = np.array([-1.0, 0.0, 0.5]), np.array([0.0, 2.0])
    losses = loss_on_plane(lane.model, PLAIN, plane, across, up)
    assert losses.shape == (2, 3)
    first, second = plane.directions
    for row, b in enumerate(up):
        for column, a in enumerate(across):
            point = lane.start + a * first + b * second
            assert losses[row, column] == pytest.approx(float(train_loss(lane.model, PLAIN, point)), rel=1e-12)


def test_a_random_plane_is_orthogonal_normalized_by_unit_and_repeatable(make_lane):
    lane = make_lane(sizes=(2, 5, 1))
    plane = random_plane(lane.model, lane.start, seed=3)
    first, second = plane.directions
    assert abs(first @ second) < 1e-12 * (first @ first)
    for (w, b), (own_w, own_b) in zip(
        lane.model.network.split(first), lane.model.network.split(lane.start), strict=True
    ):
        of_units = np.sqrt((w**2).sum(1) + b**2)
        np.testing.assert_allclose(of_units, np.sqrt((own_w**2).sum(1) + own_b**2), rtol=1e-12)
    assert np.linalg.norm(second) == pytest.approx(np.linalg.norm(lane.start), rel=1e-12)
    assert plane.directions.tobytes() == random_plane(lane.model, lane.start, seed=3).directions.tobytes()
    assert plane.directions.tobytes() != random_plane(lane.model, lane.start, seed=4).directions.tobytes()


def test_coordinates_and_points_undo_each_other(make_lane, make_saddle):
    for lane in (make_lane(), make_saddle()):
        plane = random_plane(lane.model, lane.start, seed=1)
        places = generator(0, "places").standard_normal((5, 2))
        np.testing.assert_allclose(plane.coordinates(plane.points(places)), places, rtol=1e-10, atol=1e-10)
        assert plane.coordinates(plane.origin).tolist() == [0, 0]


def test_the_plane_of_a_path_in_a_plane_holds_all_of_it():
    rng = generator(0, "path")
    basis, places = rng.standard_normal((2, 30)), rng.standard_normal((12, 2)) * (5, 1)
    path = rng.standard_normal(30) + places @ basis
    plane = path_plane(path)
    assert sum(plane.explained) == pytest.approx(1.0)
    assert plane.explained[0] >= plane.explained[1]
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(plane.points(plane.coordinates(path)), path, rtol=1e-9, atol=1e-9)
    assert plane.origin.tobytes() == path[-1].tobytes()


@pytest.mark.parametrize("path", [np.ones((1, 4)), np.ones((3, 4)), np.array([[0.0], [1.0], [3.0]])])
def test_paths_with_fewer_dimensions_have_a_plane_too(path):
    plane = path_plane(path)
    assert plane.directions.shape == (2, path.shape[1])
    assert np.isfinite(plane.directions).all()
    np.testing.assert_allclose(plane.points(plane.coordinates(path)), path, atol=1e-12)


def test_chords_of_convex_losses_are_never_violated(make_lane):
    for loss in ("squared", "logistic", "softmax_cross_entropy", "huber", "absolute"):
        linear = make_lane(sizes=(2, 2), loss=loss)
        assert chord_violations(linear.model, PENALIZED, linear.start, 0) == 0
        deep = make_lane(sizes=(2, 3, 2), loss=loss)
        assert chord_violations(deep.model, PENALIZED, deep.start, 0, last_only=True) == 0
    assert chord_violations(deep.model, PLAIN, deep.start, 0) > 0


def test_chords_against_their_definition(make_lane):
    lane = make_lane(PENALIZED)
    moves = [generator(5, "chords", number).standard_normal((2, lane.start.size)) for number in range(64)]
    above = [
        loss_at(lane.model, PENALIZED, ((a + b) / 2)[None])[0]
        > (loss_at(lane.model, PENALIZED, a[None])[0] + loss_at(lane.model, PENALIZED, b[None])[0]) / 2
        for a, b in (lane.start + move for move in moves)
    ]
    assert chord_violations(lane.model, PENALIZED, lane.start, 5) == np.mean(above) > 0
