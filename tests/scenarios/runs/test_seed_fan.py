"""Many seeds at once: what is recorded, how far it has come, and how soon it can be left."""

from pathlib import Path

import numpy as np
import pytest

from nncore import arrays
from nncore.metrics import evaluate_train
from nncore.training import Trainer
from scenarios.file.loader import parse
from scenarios.runs import lane_training
from scenarios.runs.build import build
from scenarios.runs.claims import verify
from scenarios.runs.lane_training import SLICE, LaneTraining
from scenarios.runs.seed_fan import POINTS, seed_fan

TEXT = """
format = 1
name = "two"
steps = {steps}
seed = 3
[data]
kind = "disc"
samples = 20
[[lanes]]
id = "one"
hidden = [4]
optimizer = {{ name = "sgd", learning_rate = 0.1 }}
[[lanes]]
id = "wild"
hidden = [3]
optimizer = {{ name = "sgd", learning_rate = 1e200 }}
[[claims]]
text = "."
check = "one.train_loss < 1"
"""


def scenario(steps):
    return parse(TEXT.format(steps=steps).encode(), "test.toml", Path())


class LeftError(Exception):
    """The run was left on the way."""


def test_losses_are_those_of_single_runs_and_nothing_is_counted_twice(monkeypatch):
    given, seen = scenario(200), []
    found = seed_fan(given, 3, lambda done, total: seen.append((done, total)))
    assert found.steps[0] == 0
    assert found.steps[-1] == 200
    assert seen == sorted(seen)
    assert seen[-1] == (1200, 1200)
    for row in range(3):
        lane = build(given, 3 + row)[0]
        training = LaneTraining(lane)
        training.advance(200)
        assert found.losses["one"][row, -1] == evaluate_train(lane, training.measurement().state)[0]
    assert np.isnan(found.losses["wild"][:, 1:]).all()
    monkeypatch.setattr(lane_training, "STACK_BYTES", 1)
    np.testing.assert_array_equal(seed_fan(given, 3, lambda done, total: None).losses["one"], found.losses["one"])


@pytest.mark.parametrize("run", [seed_fan, verify])
def test_a_run_of_a_billion_steps_is_left_after_a_slice(monkeypatch, run):
    longest, train = [0], Trainer.run_slices

    def counted(self, steps):
        longest[0] = max(longest[0], steps)
        assert steps <= SLICE
        return train(self, steps)

    def leave(done, total):
        if done > 1000:
            raise LeftError

    monkeypatch.setattr(Trainer, "run_slices", counted)
    with pytest.raises(LeftError):
        run(scenario(10**9), 4, leave)
    assert longest[0] == SLICE - 1  # and then the last step alone, of which everything is known


def test_large_models_make_few_steps_between_two_looks(monkeypatch):
    given = scenario(300)
    lane = build(given)[0]
    monkeypatch.setattr(lane_training, "SLICE_WORK", 3 * 20 * lane.model.network.work * 5)
    assert LaneTraining(lane).slice_length == 5
    seen = []
    seed_fan(given, 1, lambda done, total: seen.append(done))
    assert max(np.diff(seen)[:50]) <= 5


def test_a_whole_part_is_measured_with_looks_in_between(monkeypatch):
    given = scenario(POINTS)
    monkeypatch.setattr(arrays, "SLICE_WORK", 1)
    looks = []
    seed_fan(given, 1, lambda done, total: looks.append(done))
    assert looks.count(0) >= 20
