"""Right loops whose loss has gone to 0 up to rounding are told as the same, and how near they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenarios.own_code.sides import compare, pairs
from tests.scenarios.own_code.loops import ALL, Loop

XOR = """
format = 1
name = "xor"
steps = 600
[data]
points = [[-1, -1, 0], [-1, 1, 1], [1, -1, 1], [1, 1, 0]]
labels = [0, 1]
[[lanes]]
id = "net"
hidden = [4]
activation = "{activation}"
optimizer = {{ name = "sgd", learning_rate = {rate} }}
"""
X = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
FEW = ("loss", "batch")


def loop(folder: Path, name: str, activation: str, **settings: object) -> str:
    """A loop that finds XOR; its batches have the four samples in another order each time."""
    own = {"steps": 600, "batch": 4, "sizes": (2, 4, 1), "rate": 0.3, "seed": 2, "activation": activation}
    return str(Loop(X, Y, **{**own, **settings}).record(folder / name))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dtype", "activation", "records"),
    [
        (np.float64, "tanh", ALL),
        (np.float64, "relu", FEW),
        (np.longdouble, "tanh", FEW),
        (np.longdouble, "relu", ALL),
        (np.float32, "tanh", FEW),
        (np.float32, "relu", ALL),
    ],
)
def test_a_right_loop_that_has_converged_is_the_same(
    tmp_path: Path, activation: str, records: tuple[str, ...], dtype: type
) -> None:
    (tmp_path / "xor.toml").write_text(XOR.format(activation=activation, rate=0.3))
    file = loop(tmp_path, "mine.npz", activation, records=records, dtype=dtype)
    with np.load(file) as arrays:
        assert arrays["batch_loss"][-1] < 1e-12
    ((a, b),) = pairs(str(tmp_path / "xor.toml"), file)
    made, _ = compare(a, b, None, lambda _: None)
    assert made.same, made.first
    assert made.parting is None
    assert 0.0 < made.largest < 1e3 * (2e-16 if dtype is not np.float32 else 2e-7)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_two_right_loops_that_have_converged_are_the_same(tmp_path: Path, activation: str) -> None:
    one = loop(tmp_path, "a.npz", activation)
    other = loop(tmp_path, "b.npz", activation, dtype=np.longdouble)
    ((a, b),) = pairs(one, other)
    made, _ = compare(a, b, None, lambda _: None)
    assert made.same, made.first
    assert made.parting is None
    assert 0.0 < made.largest < 1e-12
    assert max(made.apart.values()) < 1e-12


@pytest.mark.parametrize("mistake", ["no-derivative", "no-mean", "uphill", "bias-mean"])
def test_a_mistake_is_found_as_long_as_it_is_more_than_rounding(tmp_path: Path, mistake: str) -> None:
    (tmp_path / "xor.toml").write_text(XOR.format(activation="tanh", rate=0.3))
    file = loop(tmp_path, "mine.npz", "tanh", mistake=mistake, since=250, steps=260)
    with np.load(file) as arrays:
        assert arrays["batch_loss"][240] < 1e-8
    ((a, b),) = pairs(str(tmp_path / "xor.toml"), file)
    first = compare(a, b, None, lambda _: None)[0].first
    assert first is not None
    assert (first.step, first.mistake) == (250, mistake)
