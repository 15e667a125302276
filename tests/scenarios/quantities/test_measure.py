"""Quantities against numbers worked by hand and against their definitions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nncore.timeline import Timeline
from nncore.training import Trainer
from scenarios.expressions.tree import Quantity
from scenarios.file.loader import parse
from scenarios.quantities.definitions import QUANTITIES, references
from scenarios.quantities.lookup import look_up
from scenarios.quantities.measure import Measurement, epoch, measure
from scenarios.runs.build import build, replicas
from scenarios.runs.lane_training import LaneTraining
from scenarios.scenario import Scenario

# z = w x + b on (0, 1) and (2, 3), with w = 1 and b = 0: errors −1 and −1
LINEAR = """
format = 1
name = "linear"
steps = 2
[data]
points = [[0, 1], [2, 3]]
[[lanes]]
id = "line"
optimizer = { name = "sgd", learning_rate = 0.5 }
parameters = { W1 = [[1]], b1 = [0] }
"""

SMALL = """
format = 1
name = "small"
steps = 20
[data]
kind = "xor"
samples = 10
test_samples = 7
[defaults]
hidden = [3]
activation = "tanh"
loss = "logistic"
batch_size = 4
optimizer = { name = "adam", learning_rate = 0.05 }
l2 = 0.01
[[lanes]]
id = "a"
[[lanes]]
id = "b"
freeze = [1]
"""

BOWL = """
format = 1
name = "bowl"
steps = 3
[[lanes]]
id = "f"
optimizer = { name = "sgd", learning_rate = 0.25 }
function = { expression = "x**2 - 3*y**2", start = { x = 1, y = 1 } }
"""

ALL = [(one.name, one.indices) for name, of in QUANTITIES.items() if of.of_lane for one in references(name, 1)]
ALL += [
    ("W2", (0, 1)),
    ("b1", (2,)),
    ("dW1", (2, 1)),
    ("db2", (0,)),
    ("a1", (3, 2)),
    ("z2", (3, 0)),
    ("delta1", (3, 2)),
]
ALL += [("output", (3, 0))]


def scenario(text: str) -> Scenario:
    return parse(text.encode(), "test.toml", Path())


def measurement(text: str, steps: int, lane: int = 0) -> Measurement:
    training = LaneTraining(build(scenario(text))[lane])
    training.advance(steps)
    return training.measurement()


def test_looked_up_are_the_values_of_each_lane_and_what_stands_alone() -> None:
    measurements = {lane: measurement(SMALL, 4, number) for number, lane in enumerate("ab")}
    asked = [Quantity("a", "train_loss"), Quantity("b", "grad_norm", (2,)), Quantity("b", "grad_norm")]
    found = look_up(
        [*asked, Quantity(None, "step"), Quantity(None, "epoch"), Quantity("c", "train_loss")], 4, measurements
    )
    for quantity in asked:
        assert found[quantity] == measure(measurements[quantity.lane or ""], quantity.name, quantity.indices)
    assert found[Quantity(None, "step")] == 4
    assert found[Quantity(None, "epoch")] == 1  # batches of 4, 4 and 2
    assert np.isnan(found[Quantity("c", "train_loss")])


def test_looked_up_of_a_stack_are_the_values_of_its_replicas() -> None:
    training = LaneTraining(replicas(scenario(SMALL), (0, 1, 2))[0])
    training.advance(4)
    asked = [Quantity("a", *one) for one in ALL] + [Quantity(None, "step")]
    found = look_up(asked, 4, {"a": training.measurement()})
    assert {quantity: value.shape for quantity, value in found.items()} == dict.fromkeys(asked, (3,))


def test_the_start_of_a_linear_model_by_hand() -> None:
    start = measurement(LINEAR, 0)
    assert measure(start, "train_loss") == 0.5
    assert np.isnan(measure(start, "test_loss"))
    assert np.isnan(measure(start, "train_accuracy"))
    for of_a_step in ("batch_loss", "grad_norm", "learning_rate"):
        assert np.isnan(measure(start, of_a_step))
    assert measure(start, "samples_seen") == 0
    assert measure(start, "start_distance") == 0
    assert measure(start, "closed_form_distance") == pytest.approx(1.0)  # the minimum is w = 1, b = 1
    assert measure(start, "closed_form_gap") == pytest.approx(0.5)


def test_one_step_of_a_linear_model_by_hand() -> None:
    after = measurement(LINEAR, 1)  # gradient: w (−1·0 − 1·2)/2 = −1, b −1; so w = 1.5, b = 0.5
    assert measure(after, "batch_loss") == 0.5
    assert measure(after, "grad_norm") == pytest.approx(np.sqrt(2.0))
    assert measure(after, "grad_norm", (1,)) == pytest.approx(np.sqrt(2.0))
    assert measure(after, "learning_rate") == 0.5
    assert measure(after, "train_loss") == pytest.approx(0.5 * (0.25 + 0.25) / 2)
    assert measure(after, "start_distance") == pytest.approx(np.sqrt(0.5))
    assert measure(after, "samples_seen") == 2
    assert measure(after, "multiply_adds") == 2 * 2  # forward and ∂W, one product a sample each
    assert measure(after, "parameters") == 2
    assert np.isnan(measure(after, "diverged_at"))


def test_the_curvature_of_a_linear_model_by_hand() -> None:
    start = measurement(LINEAR, 0)  # Hessian [[2, 1], [1, 1]]
    assert measure(start, "hessian_max") == pytest.approx((3 + np.sqrt(5)) / 2)
    assert measure(start, "hessian_min", (1,)) == pytest.approx((3 - np.sqrt(5)) / 2)
    assert measure(start, "chord_violations") == 0
    assert measure(start, "gradient_variance") == 0
    assert measure(start, "gradient_angle") == pytest.approx(0, abs=1e-6)
    assert measure(start, "linear_pieces") == 1


def test_dead_and_saturated_units_by_hand() -> None:
    text = LINEAR.replace('id = "line"', 'id = "line"\nhidden = [3]').replace(
        "parameters = { W1 = [[1]], b1 = [0] }",
        "parameters = { W1 = [[1], [-1], [1]], b1 = [1, 0, -3], W2 = [[1, 1, 1]], b2 = [0] }",
    )
    start = measurement(text, 0)  # on x = 0 and 2: 1 and 3, 0 and 0, 0 and 0
    assert measure(start, "dead_units") == 2
    assert measure(start, "saturated_units") == 2
    assert measure(start, "linear_pieces") == 1  # on [0, 2] none of them bends


def test_too_many_linear_pieces_to_count_are_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    bent = LINEAR.replace('id = "line"', 'id = "line"\nhidden = [3]').replace(
        "parameters = { W1 = [[1]], b1 = [0] }",
        "parameters = { W1 = [[1], [1], [1]], b1 = [-0.5, -1, -1.5], W2 = [[1, 1, 1]], b2 = [0] }",
    )
    assert measure(measurement(bent, 0), "linear_pieces") == 4
    monkeypatch.setattr("nncore.regions.MOST_PIECES", 3)
    assert np.isnan(measure(measurement(bent, 0), "linear_pieces"))


def test_accuracy_counts_the_right_side_of_the_threshold() -> None:
    text = LINEAR.replace("points = [[0, 1], [2, 3]]", "points = [[0, 1], [2, 1], [-1, 0]]\nlabels = [0, 1]")
    assert measure(measurement(text, 0), "train_accuracy") == pytest.approx(2 / 3)


def test_a_function_has_its_value_and_its_curvature() -> None:
    start = measurement(BOWL, 0)
    assert measure(start, "train_loss") == -2
    assert measure(start, "hessian_max") == pytest.approx(2)
    assert measure(start, "hessian_min") == pytest.approx(-6)
    assert measure(start, "parameters") == 2
    for name in ("test_loss", "dead_units", "linear_pieces", "gradient_variance", "closed_form_gap"):
        assert np.isnan(measure(start, name))


@pytest.mark.parametrize("name", ["gradient_variance", "gradient_angle"])
def test_gradient_noise_against_the_batches_themselves(name: str) -> None:
    now = measurement(SMALL, 4)  # inside the second epoch: batches of 4, 4 and 2
    trainer = Trainer(now.lane, now.state)
    _, gradient = trainer.gradient()
    assert measure(now, name) > 0
    if name == "gradient_angle":
        full = Trainer(measurement(SMALL.replace("batch_size = 4", "batch_size = 0"), 0).lane, now.state)
        _, whole = full.gradient()
        cosine = gradient @ whole / np.linalg.norm(gradient) / np.linalg.norm(whole)
        assert measure(now, name) == pytest.approx(np.degrees(np.arccos(cosine)))


def test_frozen_layers_have_no_gradient() -> None:
    assert measure(measurement(SMALL, 3, lane=1), "grad_norm", (1,)) == 0
    assert measure(measurement(SMALL, 3, lane=0), "grad_norm", (1,)) > 0


@pytest.mark.parametrize(("name", "indices"), ALL)
def test_a_replica_has_the_bits_of_its_single_run(name: str, indices: tuple[int, ...]) -> None:
    given = scenario(SMALL)
    training = LaneTraining(replicas(given, range(5, 9))[0])
    training.advance(7)
    stacked = measure(training.measurement(), name, indices)
    assert stacked.shape == (4,)
    for row, seed in enumerate(range(5, 9)):
        alone = LaneTraining(build(given, seed)[0])
        alone.advance(7)
        np.testing.assert_array_equal(stacked[row], measure(alone.measurement(), name, indices))


def test_a_diverged_lane_has_no_quantities() -> None:
    text = SMALL.replace(
        'optimizer = { name = "adam", learning_rate = 0.05 }', 'optimizer = { name = "sgd", learning_rate = 1e300 }'
    )
    gone = measurement(text.replace("l2 = 0.01", "l2 = 1e10"), 10)
    assert measure(gone, "diverged_at") == 1
    assert measure(gone, "parameters") == 13
    for name, indices in ALL:
        if name not in ("diverged_at", "parameters"):
            assert np.isnan(measure(gone, name, indices)), name


def test_epoch_is_that_of_the_slowest_lane_that_goes_on() -> None:
    text = SMALL.replace("freeze = [1]", "batch_size = 0")
    measurements = []
    for lane in build(scenario(text)):
        training = LaneTraining(lane)
        training.advance(7)
        measurements.append(training.measurement())
    assert [int(one.state.place.epoch) for one in measurements] == [2, 7]
    assert epoch(measurements) == 2


HAND = """
format = 1
name = "hand"
steps = 3
[data]
points = [[1, 2, 2], [3, -1, 0]]
[[lanes]]
id = "hand"
hidden = [2]
batch_size = 1
optimizer = { name = "sgd", learning_rate = 0.1 }
parameters = { W1 = [[0.5, 0.25], [-1, 0.25]], b1 = [1, 0], W2 = [[0.5, 1]], b2 = [0.5] }
[[lanes]]
id = "full"
hidden = [2]
batch_size = 0
optimizer = { name = "adam", learning_rate = 0.1 }
"""


def test_entries_of_one_step_by_hand() -> None:
    after = measurement(HAND, 1)
    trace = Timeline(after.lane).trace(0)
    sample = int(trace.indices[0])
    x, y = after.model.data.x[sample], float(after.model.data.y[sample, 0])
    a1 = np.array([0.5 * x[0] + 0.25 * x[1] + 1, -x[0] + 0.25 * x[1]])
    z1 = np.maximum(a1, 0)
    output = 0.5 * z1[0] + z1[1] + 0.5
    delta2 = output - y
    delta1 = delta2 * np.array([0.5, 1]) * (a1 > 0)
    found = {
        "a1": ((sample, 0), a1[0]),
        "z1": ((sample, 1), z1[1]),
        "a2": ((sample, 0), output),
        "output": ((sample, 0), output),
        "delta2": ((sample, 0), delta2),
        "delta1": ((sample, 0), delta1[0]),
        "dW2": ((0, 0), delta2 * z1[0]),
        "db2": ((0,), delta2),
        "dW1": ((0, 1), delta1[0] * x[1]),
        "W2": ((0, 0), 0.5 - 0.1 * delta2 * z1[0]),
        "b1": ((0,), 1 - 0.1 * delta1[0]),
        "delta_norm": ((1,), np.hypot(*delta1)),
        "weight_norm": ((2,), np.hypot(0.5 - 0.1 * delta2 * z1[0], 1 - 0.1 * delta2 * z1[1])),
        "update_ratio": ((2,), 0.1 * abs(delta2) * np.hypot(*z1) / np.hypot(0.5, 1)),
    }
    for name, (indices, expected) in found.items():
        assert measure(after, name, indices) == pytest.approx(expected), name
    assert np.isnan(measure(after, "a1", (1 - sample, 0)))  # it is not in the batch


def test_activations_of_a_layer_over_the_training_part_by_hand() -> None:
    start = measurement(HAND, 0)
    z1 = np.maximum(start.model.data.x @ np.array([[0.5, 0.25], [-1, 0.25]]).T + [1, 0], 0)
    assert measure(start, "activation_mean", (1,)) == pytest.approx(z1.mean())
    assert measure(start, "activation_std", (1,)) == pytest.approx(z1.std())


@pytest.mark.parametrize("steps", [1, 5])
def test_every_entry_is_that_of_the_trace_of_the_last_step(steps: int) -> None:
    after = measurement(SMALL, steps)
    trace = Timeline(after.lane).trace(steps - 1)
    for layer, model in enumerate(after.model.layers, 1):
        for row in range(model.fan_out):
            assert measure(after, f"db{layer}", (row,)) == trace.gradient[model.index(row)]
            assert measure(after, f"b{layer}", (row,)) == after.theta[model.index(row)]
            for column in range(model.fan_in):
                assert measure(after, f"dW{layer}", (row, column)) == trace.gradient[model.index(row, column)]
                assert measure(after, f"W{layer}", (row, column)) == after.theta[model.index(row, column)]
            for place, sample in enumerate(trace.indices):
                assert measure(after, f"a{layer}", (sample, row)) == trace.a[layer - 1][place, row]
                assert measure(after, f"delta{layer}", (sample, row)) == trace.delta[layer - 1][place, row]


def test_a_unit_is_dead_that_is_0_on_every_training_sample() -> None:
    start = measurement(HAND, 0)
    x = start.model.data.x
    for bias in (np.array([1.0, 0.0]), np.array([-9.0, 1.0]), np.array([-9.0, -9.0])):
        theta = start.theta.copy()
        theta[4:6] = bias
        moved = replace(start, state=replace(start.state, theta=theta))
        alive = (x @ np.array([[0.5, 0.25], [-1, 0.25]]).T + bias > 0).any(axis=0)
        assert [float(measure(moved, "dead1", (unit,))) for unit in (0, 1)] == [float(not one) for one in alive]
        assert measure(moved, "dead_units", (1,)) == 2 - alive.sum()


def test_before_the_first_step_there_is_none_to_tell_of() -> None:
    start = measurement(SMALL, 0)
    for name, indices in (("dW1", (0, 0)), ("a1", (0, 0)), ("output", (0, 0)), ("update_ratio", (1,))):
        assert np.isnan(measure(start, name, indices))
    assert measure(start, "W1", (0, 0)) == start.lane.start[0]


def test_a_function_has_its_variables() -> None:
    assert measure(measurement(BOWL, 1), "x") == 0.5
    assert measure(measurement(BOWL, 1), "y") == 2.5
