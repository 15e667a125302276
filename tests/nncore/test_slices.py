"""Computations in slices: bounded work between two looks, and the same results."""

import warnings

import numpy as np
import pytest

from nncore import arrays, curvature
from nncore.arrays import chunks
from nncore.backpropagation import Workspace
from nncore.curvature import extremes, hessian
from nncore.idle_units import dead_units, saturated_units
from nncore.landscape import chord_violations, loss_at, loss_on_line, loss_on_plane, random_plane
from nncore.metrics import evaluate
from nncore.network import Network
from nncore.noise import expected_variance, full_gradient, gradient_angle, gradient_variance, sample_gradients
from nncore.optimizers import Sgd
from nncore.regions import breakpoints
from nncore.rng import generator
from nncore.slices import InSlices, finished, quiet
from nncore.training import Settings, train_loss

SETTINGS = Settings(Sgd(0.1), batch_size=40, l2=0.1)
SAMPLES = 90


@pytest.fixture
def lane(make_lane):
    return make_lane(SETTINGS, sizes=(2, 6, 6, 1), samples=SAMPLES)


def plane_loss(lane):
    plane = random_plane(lane.model, lane.start, 1)
    return loss_on_plane, (lane.model, SETTINGS, plane, np.linspace(-1, 1, 5), np.linspace(-1, 1, 4))


def of_theta(function, *more):
    return lambda lane: (function, (lane.model, SETTINGS, lane.start, *more))


def of_state(function):
    return lambda lane: (function, (lane.model, SETTINGS, lane.first_state(), lane.seeds))


COMPUTATIONS = {
    "extremes": of_theta(extremes),
    "extremes of a layer": of_theta(extremes, 2),
    "hessian": of_theta(hessian),
    "chords": of_theta(chord_violations, 5),
    "last chords": of_theta(chord_violations, 5, True),
    "plane": plane_loss,
    "line": lambda lane: (loss_on_line, (lane.model, SETTINGS, lane.start, 2 * lane.start, np.linspace(0, 1, 9))),
    "points": lambda lane: (loss_at, (lane.model, SETTINGS, np.tile(lane.start, (7, 1)))),
    "loss": of_theta(train_loss),
    "evaluation": lambda lane: (evaluate, (lane, lane.first_state())),
    "full gradient": of_theta(full_gradient),
    "sample gradients": lambda lane: (
        sample_gradients,
        (lane.model, SETTINGS, lane.start, lane.model.data.x, lane.model.targets),
    ),
    "variance": of_state(gradient_variance),
    "angle": of_state(gradient_angle),
    "dead units": lambda lane: (dead_units, (lane.model, lane.start)),
    "saturated units": lambda lane: (saturated_units, (lane.model, lane.start)),
    "expected variance": of_theta(expected_variance, 40),
}


@pytest.fixture
def work(monkeypatch):
    """Counts forward work by samples and replicas; [done since it was set to 0]."""
    done = [0]
    forward, run = Network.forward, Workspace.run

    def counted_forward(self, theta, x):
        done[0] += self.work * max(1, theta.size // theta.shape[-1]) * x.shape[-2]
        return forward(self, theta, x)

    def counted_run(self, x, targets):
        done[0] += self.network.work * (self.gradient.size // self.gradient.shape[-1]) * x.shape[-2]
        return run(self, x, targets)

    monkeypatch.setattr(Network, "forward", counted_forward)
    monkeypatch.setattr(Workspace, "run", counted_run)
    return done


def flat(result):
    if isinstance(result, tuple | list):
        return [part for one in result for part in flat(one)]
    if hasattr(result, "train_loss"):
        return [result.train_loss, result.test_loss]
    return [np.asarray(result, dtype=float)]


@pytest.mark.parametrize("dense", [200, 3])
@pytest.mark.parametrize("name", COMPUTATIONS)
def test_a_slice_is_bounded_and_slices_change_no_result(lane, monkeypatch, work, name, dense):
    monkeypatch.setattr(curvature, "DENSE_SIZE", dense)
    function, given = COMPUTATIONS[name](lane)
    whole = function(*given)
    bound = 20 * lane.model.network.work
    monkeypatch.setattr(arrays, "SLICE_WORK", bound)
    slices, most, count = function.slices(*given), 0, 0
    work[0] = 0
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result = end.value
            break
        most, count, work[0] = max(most, work[0]), count + 1, 0
    assert max(most, work[0]) <= bound
    assert count >= SAMPLES / 20
    for one, other in zip(flat(result), flat(whole), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_pieces_are_counted_in_slices(monkeypatch, work):
    network = Network((1, 8, 8, 1), ("relu", "relu", "linear"))
    theta = generator(3, "theta").standard_normal(network.parameter_count)
    whole = breakpoints(network, theta, -1.0, 1.0)
    monkeypatch.setattr(arrays, "SLICE_WORK", 8 * network.work)
    slices = breakpoints.slices(network, theta, -1.0, 1.0)
    for _ in range(4):
        work[0] = 0
        next(slices)
        assert work[0] <= 8 * network.work
    np.testing.assert_array_equal(finished(slices), whole)


@pytest.mark.parametrize(("count", "bytes_each", "work_each"), [(0, 1, 1), (10, 1, 1), (10, 2**25, 0), (10, 0, 2**28)])
def test_chunks_cover_everything_once_and_hold_what_there_is_room_for(count, bytes_each, work_each):
    parts = chunks(count, bytes_each, work_each)
    assert [place for part in parts for place in range(count)[part]] == list(range(count))
    assert all((part.stop - part.start) * bytes_each <= arrays.STACK_BYTES for part in parts)
    assert all((part.stop - part.start) * work_each <= arrays.SLICE_WORK for part in parts)
    assert chunks(3, 2**40, 2**60) == [slice(0, 1), slice(1, 2), slice(2, 3)]


def test_who_waits_keeps_its_own_warnings():
    def overflow():
        yield np.float64(1e308) * 10
        yield
        return np.float64(1e308) * 10

    slices = quiet(overflow())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        next(slices)
        with pytest.raises(RuntimeWarning):
            np.float64(1e308) * 10
        assert finished(slices) == np.inf


def test_a_function_in_slices_can_be_called():
    @InSlices
    def twice(number):
        """Doubles."""
        yield
        return 2 * number

    assert twice(4) == 8
    assert list(twice.slices(4)) == [None]
    assert twice.__doc__ == "Doubles."
