"""A step whose work is large stops between its operations, and comes to the same bytes as one made at once."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from nncore import arrays
from nncore.activations import ACTIVATIONS
from nncore.optimizers import Adam
from nncore.slices import finished
from nncore.trace import trace
from nncore.training import Settings, Trainer

SAMPLES = 1003
"""No multiple of what the parts hold, so that the last one is cut otherwise than the rest."""
SETTINGS = Settings(Adam(0.01), l2=0.1)


@pytest.fixture
def at_once():
    """Runs a function as if no work were large."""

    def run(function, *args):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(arrays, "SLICE_WORK", 2**40)
            return function(*args)

    return run


@pytest.fixture
def made(make_lane, monkeypatch):
    """A lane whose steps are large: its parts are of some dozen samples."""

    def make(**model):
        lane = make_lane(SETTINGS, samples=SAMPLES, **{"sizes": (2, 9, 7, 1), **model})
        monkeypatch.setattr(arrays, "SLICE_WORK", 37 * lane.model.layers[0].unit_work)
        return lane

    return make


def bits(workspace):
    buffers = (*workspace.a, *workspace.z, *workspace.derivative, *workspace.delta, workspace.gradient)
    return [buffer.tobytes() for buffer in buffers]


def step(lane):
    trainer = Trainer(lane)
    trainer.run(2)
    loss, gradient = trainer.gradient()
    return [loss.tobytes(), gradient.tobytes(), *bits(trainer.workspace())]


def counted(slices):
    """The result of slices, and how many there were."""
    count = 0

    def between():
        nonlocal count
        count += 1

    return finished(slices, between), count


LOSSES = [
    ("squared", {}),
    ("absolute", {"output": "sine"}),
    ("huber", {"output": "tanh", "reduction": "sum"}),
    ("logistic", {}),
    ("softmax_cross_entropy", {"sizes": (2, 9, 7, 3)}),
]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_comes_to_the_same_bytes(made, at_once, activation):
    lane = made(activation=activation)
    assert step(lane) == at_once(step, lane)


@pytest.mark.parametrize(("loss", "model"), LOSSES)
def test_every_loss_comes_to_the_same_bytes(made, at_once, loss, model):
    lane = made(loss=loss, **model)
    assert step(lane) == at_once(step, lane)


def test_a_stack_of_replicas_comes_to_the_same_bytes(made, at_once):
    lane = made()
    many = replace(lane, start=np.stack([lane.start, -lane.start]), seeds=(0, 1))
    assert step(many) == at_once(step, many)


def test_a_slice_is_one_operation_on_so_many_samples(made):
    lane = made()
    workspace = Trainer(lane)
    workspace.gradient()
    work = workspace.workspace()
    parts = -(-SAMPLES // 37)
    forward, delta, backward = 3 * (1 + 2 * parts), 2 * parts, 3 * 2 + 2 * (1 + 2 * parts)
    _, count = counted(work.run_slices(lane.model.data.x, lane.model.targets))
    assert count == forward + delta + backward
    cut = work._cut(work.z[1])
    assert len(cut) == parts
    assert max(map(len, cut)) == 37


def test_small_steps_are_made_at_once(make_lane):
    lane = make_lane(SETTINGS)
    _, steps = counted(Trainer(lane).run_slices(5))
    _, traced = counted(trace.slices(lane, lane.first_state()))
    assert steps == traced == 0


def test_buffers_go_with_the_last_that_holds_them(make_lane):
    trainer = Trainer(make_lane(SETTINGS))
    trainer.gradient()
    buffers = weakref.ref(trainer.workspace())
    gc.disable()
    try:
        del trainer
        assert buffers() is None
    finally:
        gc.enable()
