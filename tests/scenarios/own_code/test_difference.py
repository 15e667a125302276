"""A loop's first difference is found where it arises, by its mistake; loops that are right are never accused."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenarios.own_code.findings import Difference
from scenarios.own_code.sides import compare, pairs
from tests.scenarios.own_code.loops import ALL, written

FEW = ("loss", "batch")
GRADIENTS = ("loss", "batch", "dW", "db")


def compared(a: str, b: str, tolerance: float | None = None) -> Difference:
    ((one, other),) = pairs(a, b)
    return compare(one, other, tolerance, lambda _: None)[0]


def found(a: str, b: str) -> tuple[int, str, int | None, str | None]:
    first = compared(a, b).first
    assert first is not None
    return first.step, first.operation, first.layer, first.mistake


PLANTED = [
    ("no-mean", {}, ("delta", 3, "no-mean")),
    ("no-mean", {"records": GRADIENTS}, ("dW", 3, "no-mean")),
    ("no-mean", {"records": FEW}, ("update", 3, "no-mean")),
    ("no-mean", {"records": FEW, "optimizer": "momentum"}, ("update", 3, "no-mean")),
    ("bias-not-summed", {}, ("db", 3, "bias-not-summed")),
    ("bias-not-summed", {"records": FEW}, ("update", 3, "bias-not-summed")),
    ("bias-mean", {}, ("db", 3, "bias-mean")),
    ("bias-mean", {"records": FEW}, ("update", 3, "bias-mean")),
    ("weights-transposed", {}, ("a", 2, "weights-transposed")),
    ("weights-transposed", {"records": FEW}, ("loss", None, "weights-transposed")),
    ("delta-transposed", {}, ("delta", 1, "weights-transposed")),
    ("delta-transposed", {"records": GRADIENTS}, ("dW", 1, "weights-transposed")),
    ("delta-transposed", {"records": FEW}, ("update", 1, "weights-transposed")),
    ("no-derivative", {}, ("delta", 2, "no-derivative")),
    ("no-derivative", {"records": FEW}, ("update", 2, "no-derivative")),
    ("no-derivative", {"records": FEW, "activation": "relu"}, ("update", 2, "no-derivative")),
    ("no-bias", {}, ("a", 1, "no-bias")),
    ("no-bias", {"records": FEW}, ("loss", None, "no-bias")),
    ("penalty-on-biases", {"l2": 0.1}, ("loss", None, "penalty-on-biases")),
    ("penalty-on-biases", {"l2": 0.1, "records": ("batch", "dW", "db")}, ("db", 3, "penalty-on-biases")),
    ("penalty-on-biases", {"l2": 0.1, "records": ("batch",)}, ("update", 3, "penalty-on-biases")),
    ("uphill", {}, ("update", 1, "uphill")),
    ("updated-weights", {}, ("delta", 2, "updated-weights")),
    ("updated-weights", {"records": GRADIENTS}, ("dW", 2, "updated-weights")),
    ("updated-weights", {"records": FEW}, ("update", 2, "updated-weights")),
    ("no-bias-correction", {"optimizer": "adam"}, ("update", 1, "no-bias-correction")),
    ("no-bias-correction", {"optimizer": "adam", "records": FEW}, ("update", 3, "no-bias-correction")),
]


@pytest.mark.parametrize(("mistake", "settings", "where"), PLANTED)
@pytest.mark.parametrize("since", [1, 7])
def test_a_planted_mistake_is_found_where_it_arises(
    tmp_path: Path, mistake: str, settings: dict[str, Any], where: tuple[str, int | None, str], since: int
) -> None:
    since = 1 if mistake == "bias-not-summed" else since  # no recorder takes biases that change their shape on the way
    assert found(*written(tmp_path, mistake, since=since, steps=10, **settings)) == (since, *where)


@pytest.mark.parametrize("records", [ALL, FEW])
def test_the_gradient_of_the_step_before_is_told_from_the_second_step_on(
    tmp_path: Path, records: tuple[str, ...]
) -> None:
    layer = 1 if records == ALL else 3
    assert found(*written(tmp_path, "previous-gradient", records=records)) == (2, "update", layer, "previous-gradient")


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize(
    ("records", "where"), [(ALL, ("dW", 3)), (GRADIENTS, ("dW", 3)), (FEW, ("update", 3)), (("batch",), ("update", 3))]
)
@pytest.mark.parametrize("batch", [8, 24])
def test_gradients_that_are_not_set_to_zero_are_told(
    tmp_path: Path, optimizer: str, records: tuple[str, ...], where: tuple[str, int], batch: int
) -> None:
    first = compared(*written(tmp_path, "not-zeroed", records=records, optimizer=optimizer, batch=batch)).first
    assert first is not None
    assert (first.step, first.operation, first.layer, first.mistake) == (2, *where, None)
    assert first.says.endswith(
        "the gradient of the step before is still in it: set it to zero before each backward pass"
    )


def test_what_agrees_before_an_update_is_said(tmp_path: Path) -> None:
    first = compared(*written(tmp_path, "uphill")).first
    assert first is not None
    assert first.says.startswith("the gradients agree, the update does not: the sign is wrong")


def test_what_was_not_recorded_in_between_is_said(tmp_path: Path) -> None:
    first = compared(*written(tmp_path, "no-mean", records=FEW)).first
    assert first is not None
    assert first.says.startswith("between loss and W₃, with no record of δ₃, ∂W₃: δ₃: the mean over the batch")


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.longdouble])
@pytest.mark.parametrize("records", [ALL, GRADIENTS, FEW, ("batch",), ("D", "batch"), ("Z", "batch")])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_right_loop_is_never_accused(tmp_path: Path, dtype: type, records: tuple[str, ...], activation: str) -> None:
    ways = list(enumerate(product(("sgd", "momentum", "adam"), (1, 8, 24), (0.0, 0.1))))
    for seed, (optimizer, batch, l2) in ways[len(records) % 3 :: 3]:
        settings = {"optimizer": optimizer, "batch": batch, "l2": l2, "seed": seed}
        made = compared(*written(tmp_path, records=records, activation=activation, dtype=dtype, steps=8, **settings))
        assert made.same, (settings, made.first)
        assert made.steps == 8
        assert not made.conventions


def test_a_long_run_in_single_precision_is_right_too(tmp_path: Path) -> None:
    for optimizer in ("sgd", "adam"):
        made = compared(
            *written(tmp_path, records=FEW, activation="relu", dtype=np.float32, steps=400, optimizer=optimizer)
        )
        assert made.same, made.first


def test_error_signals_without_the_mean_are_a_convention_where_gradients_have_it(tmp_path: Path) -> None:
    made = compared(*written(tmp_path, delta_mean=False))
    assert made.same
    assert [one.words for one in made.conventions] == [
        "δ was recorded without the 1/m of the mean, and is compared with it"
    ]
    assert found(*written(tmp_path, "no-derivative", delta_mean=False)) == (1, "delta", 2, "no-derivative")


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_penalty_inside_the_optimizer_is_a_convention(tmp_path: Path, optimizer: str) -> None:
    made = compared(*written(tmp_path, l2=0.1, optimizer=optimizer, penalty_recorded=False))
    assert made.same, made.first
    assert [one.kind for one in made.conventions] == ["loss", "dW"]


def test_a_penalty_that_is_nowhere_is_a_mistake(tmp_path: Path) -> None:
    scenario, file = written(tmp_path, records=GRADIENTS)
    text = Path(scenario).read_text().replace("l2 = 0.0", "l2 = 0.1")
    Path(scenario).write_text(text)
    assert found(scenario, file) == (1, "loss", None, "penalty-missing")


def test_steps_too_long_for_the_curvature_are_why_right_loops_part(tmp_path: Path) -> None:
    scenario, file = written(tmp_path, batch=24, rate=1.0, steps=300, records=FEW)
    Path(scenario).write_text(Path(scenario).read_text().replace("learning_rate = 0.1", "learning_rate = 1.0"))
    made = compared(scenario, file, 1e-11)
    assert made.same
    assert made.parting is not None
    assert made.parting.why == "curvature"
    assert "λ_max·α is 8.28 at step 1" in made.parting.says


def test_two_that_overflow_are_compared_up_to_there(tmp_path: Path) -> None:
    with np.errstate(all="ignore"):
        scenario, file = written(tmp_path, activation="relu", batch=24, rate=4.0, steps=400, records=FEW)
    Path(scenario).write_text(Path(scenario).read_text().replace("learning_rate = 0.1", "learning_rate = 4.0"))
    made = compared(scenario, file)
    assert made.same
    assert made.ended is not None
    assert made.steps == made.ended - 1 > 50


def test_other_learning_rates_are_told_in_the_first_update(tmp_path: Path) -> None:
    scenario, file = written(tmp_path, rate=0.1)
    Path(scenario).write_text(Path(scenario).read_text().replace("learning_rate = 0.1", "learning_rate = 0.05"))
    made = compared(scenario, file)
    assert made.first is not None
    assert (made.first.operation, made.first.mistake) == ("update", "factor")
    assert "yours is the true one times 2" in made.first.says


def test_a_wider_tolerance_lets_more_pass(tmp_path: Path) -> None:
    scenario, file = written(tmp_path, rate=0.1 * (1 + 1e-6), records=FEW, steps=5)
    assert not compared(scenario, file).same
    assert compared(scenario, file, 1e-4).same


def test_differences_are_followed_to_the_end(tmp_path: Path) -> None:
    made = compared(*written(tmp_path, "no-mean", since=4, steps=20))
    assert list(made.apart) == list(range(1, 21))
    assert max(made.apart[at] for at in (1, 2, 3)) < 1e-13
    assert made.apart[20] > made.apart[4] > 1e-3
    assert made.largest < 1e-13


def test_starting_values_of_another_shape_are_told_first(tmp_path: Path) -> None:
    scenario, file = written(tmp_path, sizes=(2, 4, 5, 1), steps=2)
    first = compared(scenario, file).first
    assert first is not None
    assert (first.step, first.operation, first.layer, first.mistake) == (0, "start", 1, "shape")
    assert first.says == "the shape is 4×2: it should be 5×2"
    with np.load(file) as arrays:
        turned = {**arrays, "start/W1": np.ones((2, 5))}
    np.savez(file, **turned)
    first = compared(scenario, file).first
    assert first is not None
    assert first.says.endswith("a row for each unit; record W.T where your layers compute X @ W")
    scenario, file = written(tmp_path, sizes=(2, 5, 1), steps=2)
    first = compared(scenario, file).first
    assert first is not None
    assert first.says == "the networks have 3 and 2 layers"
