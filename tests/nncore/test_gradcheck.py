"""The gradient check: it agrees with a backward pass that is right, and tells one that is wrong."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.backpropagation import Workspace
from nncore.gradcheck import gradient_check
from nncore.losses import LOSSES
from nncore.optimizers import Sgd
from nncore.training import Settings, Trainer

BLOCKS = ["W1", "b1", "W2", "b2", "W3", "b3"]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_every_block_agrees(make_lane, activation, loss, reduction):
    settings = Settings(Sgd(0.01), batch_size=5, l1=0.01, l2=0.1)
    lane = make_lane(settings, sizes=(2, 5, 4, 2), activation=activation, loss=loss, reduction=reduction)
    trainer = Trainer(lane)
    trainer.run(7)
    checks = gradient_check(lane, trainer.state())
    assert [check.block for check in checks] == BLOCKS
    assert max(check.error for check in checks) < 1e-6
    assert [check.compared + check.skipped for check in checks] == [10, 5, 20, 4, 8, 2]


def test_entries_that_cross_a_kink_are_skipped_and_counted(make_lane):
    lane = make_lane(Settings(Sgd(0.01)), sizes=(1, 1, 1), activation="relu")
    lane = replace(lane, start=np.array([1.0, -float(lane.model.data.x[0, 0]), 1.0, 0.0]))
    w1, b1, *others = gradient_check(lane, lane.first_state())
    assert (w1.skipped, b1.skipped) == (1, 1)
    assert all((check.compared, check.skipped) == (1, 0) for check in others)


def test_frozen_layers_are_left_out(make_lane):
    lane = make_lane(Settings(Sgd(0.01), frozen=frozenset({2})), sizes=(2, 3, 3, 1))
    assert [check.block for check in gradient_check(lane, lane.first_state())] == ["W1", "b1", "W3", "b3"]


def test_a_wrong_backward_pass_is_told_by_its_block(make_lane, monkeypatch):
    right = Workspace.backward

    def wrong(self):
        yield from right(self)
        yield lambda: np.multiply(self.db[1], 1.01, self.db[1])

    monkeypatch.setattr(Workspace, "backward", wrong)
    lane = make_lane(Settings(Sgd(0.01)), sizes=(2, 3, 3, 1))
    errors = {check.block: check.error for check in gradient_check(lane, lane.first_state())}
    assert errors.pop("b2") > 0.005
    assert max(errors.values()) < 1e-6


def test_a_function_with_noise_is_checked_too(make_saddle):
    lane = make_saddle(noise=0.5)
    (check,) = gradient_check(lane, lane.first_state())
    assert (check.block, check.compared) == ("θ", 2)
    assert check.error < 1e-6
