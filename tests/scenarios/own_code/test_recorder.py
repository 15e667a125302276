"""The recorder takes what loops have, in NumPy or PyTorch, and its file is read a few steps at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from scenarios.errors import ScenarioError
from scenarios.own_code import recorder
from scenarios.own_code.recorded import Recording, recordings
from scenarios.own_code.recorder import Recorder

RNG = np.random.default_rng(0)
W1, W2, B1, B2 = RNG.normal(size=(3, 2)), RNG.normal(size=(1, 3)), np.zeros(3), np.ones(1)


def read(path: Path) -> Recording:
    made, _ = recordings(str(path))
    return made[""]


def test_dictionaries_and_lists_say_the_same(tmp_path: Path) -> None:
    ways: list[tuple[Any, Any, Any]] = [
        ({1: W1, 2: W2}, {1: B1, 2: B2}, {0: np.ones((4, 2)), 1: np.ones((4, 3)), 2: np.ones((4, 1))}),
        ([W1, W2], [B1, B2], [np.ones((4, 3)), np.ones((4, 1))]),
        ([None, W1, W2], [None, B1, B2], [np.ones((4, 2)), np.ones((4, 3)), np.ones((4, 1))]),
        ({"W1": W1.tolist(), "W2": W2.tolist()}, {"b1": B1, "b2": B2}, {"Z1": np.ones((4, 3)), "Z2": np.ones((4, 1))}),
    ]
    for number, (w, b, z) in enumerate(ways):
        file = tmp_path / f"{number}.npz"
        with Recorder(file) as record:
            record.start(w, b)
            record.step(loss=0.5, batch=[3, 1, 0, 2], W=w, b=b, Z=z)
        made = read(file)
        assert {name: value.shape for name, value in made.start().items()} == {
            "W1": (3, 2),
            "W2": (1, 3),
            "b1": (3,),
            "b2": (1,),
        }
        (step,) = made.steps()
        assert step.batch is not None
        assert step.batch.tolist() == [3, 1, 0, 2]
        assert sorted(step.numbers) == ["W1", "W2", "b1", "b2", "loss", "z1", "z2"]
        np.testing.assert_array_equal(step.numbers["W1"], W1)


def test_shorter_batches_are_filled_up_and_read_as_they_were(tmp_path: Path) -> None:
    sizes = [4, 4, 2, 4]
    with Recorder(tmp_path / "a.npz") as record:
        record.start([W1], [B1])
        for step, m in enumerate(sizes):
            record.step(batch=np.arange(m), W=[W1], b=[B1], A=[np.full((m, 3), float(step))])
    with np.load(tmp_path / "a.npz") as arrays:
        assert arrays["steps/A1"].shape == (4, 4, 3)
        assert arrays["batches"][2].tolist() == [0, 1, -1, -1]
    seen = list(read(tmp_path / "a.npz").steps())
    assert [step.numbers["a1"].shape for step in seen] == [(m, 3) for m in sizes]
    assert [float(step.numbers["a1"][0, 0]) for step in seen] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("batch", "numbers"),
    [
        (slice(2, 4), [2, 3]),
        (slice(None), [0, 1, 2, 3, 4]),
        (slice(-2, None), [3, 4]),
        ([0, 2], [0, 2]),
        (np.array([True, False, False, True, False]), [0, 3]),
    ],
)
def test_batches_may_be_slices_or_masks(tmp_path: Path, batch: Any, numbers: list[int]) -> None:
    with Recorder(tmp_path / "a.npz", x=np.zeros((5, 2)), y=np.zeros(5)) as record:
        record.start([W1], [B1])
        record.step(batch=batch, W=[W1], b=[B1])
    made = read(tmp_path / "a.npz")
    assert made.whole("y").shape == (5, 1)
    (step,) = made.steps()
    assert step.batch is not None
    assert step.batch.tolist() == numbers


class Tensor:
    """What the recorder uses of a PyTorch tensor."""

    def __init__(self, values: np.ndarray, grad: Tensor | None = None) -> None:
        self._values, self.grad, self.shape = values, grad, values.shape

    def detach(self) -> Tensor:
        return self

    def cpu(self) -> Tensor:
        return self

    def numpy(self) -> np.ndarray:
        return self._values


def module(weights: np.ndarray, bias: np.ndarray | None) -> Any:
    named = {"0.weight": Tensor(weights, Tensor(2 * weights))}
    if bias is not None:
        named["0.bias"] = Tensor(bias, Tensor(3 * bias))
    return SimpleNamespace(named_parameters=lambda: named.items())


def test_a_module_is_read_by_its_attributes_at_every_step(tmp_path: Path) -> None:
    weights, bias = W1.astype(np.float32), B2.repeat(3).astype(np.float32)
    record = Recorder(tmp_path / "a.npz")
    record.start(module(weights, bias))
    weights += 1
    record.step(loss=Tensor(np.float32(0.5)), batch=Tensor(np.array([1, 0])))
    record.close()
    made = read(tmp_path / "a.npz")
    (step,) = made.steps()
    np.testing.assert_array_equal(made.start()["W1"], W1.astype(np.float32))
    np.testing.assert_array_equal(step.numbers["W1"], weights)
    np.testing.assert_array_equal(step.numbers["dW1"], 2 * W1.astype(np.float32))
    np.testing.assert_array_equal(step.numbers["db1"], 3 * bias)
    assert step.numbers["loss"] == 0.5
    assert made.exact == np.finfo(np.float32).eps


def test_a_layer_without_biases_has_zeros(tmp_path: Path) -> None:
    with Recorder(tmp_path / "a.npz") as record:
        record.start(module(W1, None))
        record.step()
    assert read(tmp_path / "a.npz").start()["b1"].tolist() == [0, 0, 0]


def test_what_is_no_chain_of_layers_is_refused(tmp_path: Path) -> None:
    named = {"0.weight": Tensor(np.zeros((4, 1, 3, 3)))}
    words = r"0.weight of shape \(4, 1, 3, 3\) is of no fully connected layer"
    with pytest.raises(ValueError, match=words), Recorder(tmp_path / "a.npz") as record:
        record.start(SimpleNamespace(named_parameters=named.items))


def test_misuse_is_refused_in_words(tmp_path: Path) -> None:
    record = Recorder(tmp_path / "a.npz")
    with pytest.raises(ValueError, match="call start"):
        record.step(W=[W1], b=[B1])
    record.start([W1], [B1])
    with pytest.raises(ValueError, match="b is missing"):
        record.step(W=[W1])
    with pytest.raises(ValueError, match="unknown: delta"):
        record.step(W=[W1], b=[B1], delta=[W1])
    with pytest.raises(ValueError, match="numbers of the samples"):
        record.step(W=[W1], b=[B1], batch=[0.5])
    record.close()
    record = Recorder(tmp_path / "b.npz")
    record.start([W1], [B1])
    record.step(W=[W1], b=[B1])
    with pytest.raises(ValueError, match=r"steps/b1 has the shape \(4, 3\), in steps before it was \(3,\)"):
        record.step(W=[W1], b=[np.zeros((4, 3))])
    record.close()


def test_a_loop_that_ends_without_close_leaves_its_file(tmp_path: Path) -> None:
    program = """
from recorder import Recorder
record = Recorder("a.npz")
record.start([[[1.0]]], [[0.0]])
record.step(W=[[[2.0]]], b=[[0.0]])
1 / 0
"""
    (tmp_path / "recorder.py").write_text(Path(recorder.__file__).read_text())
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert read(tmp_path / "a.npz").count == 1


def test_a_file_that_was_there_is_replaced_whole(tmp_path: Path) -> None:
    for _ in range(2):
        with Recorder(tmp_path / "a.npz") as record:
            record.start([W1], [B1])
            record.step(W=[W1], b=[B1])
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]
    assert read(tmp_path / "a.npz").count == 1


def test_compressed_files_are_read_too(tmp_path: Path) -> None:
    steps = RNG.normal(size=(300, 3, 2))
    np.savez_compressed(tmp_path / "a.npz", **{"start/W1": W1, "steps/W1": steps})  # type: ignore[arg-type]
    seen = [step.numbers["W1"] for step in read(tmp_path / "a.npz").steps()]
    np.testing.assert_array_equal(seen, steps)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        (
            {"start/W1": W1, "steps/W1": np.zeros((3, 3, 2)), "batch_loss": np.zeros(2)},
            "steps/W1: found 3 steps, batch_loss has 2",
        ),
        ({"start/W1": W1}, "holds no steps"),
        ({"steps/W1": np.zeros((3, 3, 2))}, "holds no starting values"),
        ({"start/W1": W1.astype(str), "batch_loss": np.zeros(2)}, "start/W1: found numbers of type"),
        ({"start/W1": W1, "batches": np.zeros((2, 2))}, "batches: found numbers of type"),
        ({"start/W1": W1, "steps/W1": np.zeros((3, 3, 2)).T}, "steps/W1: its rows are not one after another"),
    ],
)
def test_other_files_are_refused_in_words(tmp_path: Path, arrays: dict[str, Any], words: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(ScenarioError, match=words) as raised:
        assert read(tmp_path / "a.npz").count
    assert str(tmp_path / "a.npz") in str(raised.value)


@pytest.mark.parametrize("keep", [0, 10, 200, 700])
def test_torn_files_are_refused_in_words(tmp_path: Path, keep: int) -> None:
    np.savez(tmp_path / "a.npz", **{"start/W1": W1, "steps/W1": np.zeros((3, 3, 2))})  # type: ignore[arg-type]
    content = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.npz").write_bytes(content[:keep])
    with pytest.raises(ScenarioError, match=r"is no \.npz file"):
        recordings(str(tmp_path / "a.npz"))
