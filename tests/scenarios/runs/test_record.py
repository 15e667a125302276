"""A record alone is enough to repeat a run: another program does so."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from scenarios.file.loader import parse
from scenarios.runs.build import build
from scenarios.runs.lane_training import run_lane
from scenarios.runs.record import Record

TEXT = """
format = 1
name = "recorded"
steps = 25
[data]
kind = "disc"
samples = 21
test_samples = 4
[defaults]
activation = "tanh"
optimizer = { name = "sgd", learning_rate = 0.25 }
[[lanes]]
id = "mini"
hidden = [5, 3]
batch_size = 8
[[lanes]]
id = "full"
hidden = [4]
"""

FUNCTION = """
format = 1
name = "noisy"
steps = 10
[[lanes]]
id = "f"
optimizer = { name = "sgd", learning_rate = 0.25 }
function = { expression = "u**2 + 2*v**2", start = { u = 1, v = -1 }, gradient_noise = 0.5 }
"""

Arrays = dict[str, np.ndarray]


def recorded(text: str, steps: int) -> Arrays:
    lanes = build(parse(text.encode(), "test.toml", Path()))
    record = Record(lanes, steps)
    for lane in lanes:
        run_lane(lane, steps, [record.watch])
    file = io.BytesIO()
    record.write(file)
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        return dict(arrays)


def gradient_descent(record: Arrays, lane: str, layers: int) -> tuple[Arrays, list[float], Arrays]:
    """Plain SGD on ½·mean of squares with tanh units, written from the formulas: θ, losses, last gradient."""
    w = {d: record[f"{lane}/start/W{d}"].copy() for d in range(1, layers + 1)}
    b = {d: record[f"{lane}/start/b{d}"].copy() for d in range(1, layers + 1)}
    losses, gradient = [], {}
    for row in record[f"{lane}/batches"]:
        batch = row[row >= 0]
        z = [record[f"{lane}/x"][batch]]
        for d in range(1, layers + 1):
            a = z[-1] @ w[d].T + b[d]
            z.append(np.tanh(a) if d < layers else a)
        error = z[-1] - record[f"{lane}/y"][batch]
        losses.append(0.5 * np.sum(error**2) / len(batch))
        delta = error / len(batch)
        for d in range(layers, 0, -1):
            gradient[f"W{d}"], gradient[f"b{d}"] = delta.T @ z[d - 1], delta.sum(0)
            delta = (delta @ w[d]) * (1 - z[d - 1] ** 2)
        for d in range(1, layers + 1):
            w[d] -= 0.25 * gradient[f"W{d}"]
            b[d] -= 0.25 * gradient[f"b{d}"]
    return {f"W{d}": w[d] for d in w} | {f"b{d}": b[d] for d in b}, losses, gradient


@pytest.mark.parametrize(("lane", "layers"), [("mini", 3), ("full", 2)])
def test_another_program_repeats_the_run_from_the_record(lane: str, layers: int) -> None:
    record = recorded(TEXT, 25)
    final, losses, gradient = gradient_descent(record, lane, layers)
    np.testing.assert_allclose(losses, record[f"{lane}/batch_loss"], rtol=1e-10)
    for name, value in final.items():
        np.testing.assert_allclose(value, record[f"{lane}/final/{name}"], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(gradient[name], record[f"{lane}/grad/{name}"], rtol=1e-8, atol=1e-12)


def test_batches_visit_every_sample_once_an_epoch_and_are_padded() -> None:
    batches = recorded(TEXT, 6)["mini/batches"]
    assert batches.dtype == np.int32
    assert batches.shape == (6, 8)
    assert (batches == -1).sum(axis=1).tolist() == [0, 0, 3, 0, 0, 3]
    for part in (batches[:3], batches[3:]):
        assert sorted(part[part >= 0].tolist()) == list(range(21))
    np.testing.assert_array_equal(recorded(TEXT, 6)["full/batches"], np.tile(np.arange(21), (6, 1)))


def test_shapes_of_data_and_parameters() -> None:
    record = recorded(TEXT, 1)
    assert record["mini/x"].shape == (21, 2)
    assert record["mini/y"].shape == (21, 1)
    assert record["mini/x_test"].shape == (4, 2)
    assert record["mini/start/W2"].shape == (3, 5)
    assert record["mini/start/b2"].shape == (3,)


def test_no_steps_leave_the_start_and_no_gradient() -> None:
    record = recorded(TEXT, 0)
    np.testing.assert_array_equal(record["full/start/W1"], record["full/final/W1"])
    assert record["full/batch_loss"].shape == (0,)
    assert not [name for name in record if "/grad/" in name]


def test_a_function_is_repeated_from_its_noise() -> None:
    record = recorded(FUNCTION, 10)
    theta = np.array([record["f/start/u"], record["f/start/v"]])
    for noise, loss in zip(record["f/noise"], record["f/batch_loss"], strict=True):
        assert loss == pytest.approx(theta[0] ** 2 + 2 * theta[1] ** 2)
        theta = theta - 0.25 * (np.array([2, 4]) * theta + noise)
    np.testing.assert_allclose(theta, [record["f/final/u"], record["f/final/v"]])


def test_a_lane_that_diverges_is_recorded_up_to_the_step_before() -> None:
    record = recorded(FUNCTION.replace("learning_rate = 0.25", "learning_rate = 1e200"), 10)
    assert record["f/batch_loss"].shape == (1,)
    assert record["f/noise"].shape == (1, 2)
    assert np.isfinite(record["f/final/u"])


def test_more_than_fits_is_refused() -> None:
    lanes = build(parse(TEXT.encode(), "test.toml", Path()))
    with pytest.raises(ValueError, match="too many to record"):
        Record(lanes, 10**9)
