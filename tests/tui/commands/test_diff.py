"""`gradstep diff` and `gradstep recorder` as they are called."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from scenarios.own_code import recorder
from tests.scenarios.own_code.loops import written
from tui.cli import main

FEW = ("loss", "batch")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    out, err = capsys.readouterr()
    return status, out, err


def test_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    written(Path(), steps=12)
    status, out, err = called(capsys, "diff", "mine.toml:net", "mine.npz")
    assert (status, err) == (0, "")
    assert out.startswith("mine.toml:net and mine.npz\nno difference in 12 steps, largest ")
    status, out, _ = called(capsys, "diff", "mine.toml", "mine.npz", "--json")
    found = json.loads(out)
    assert status == 0
    assert list(found) == [
        *("same", "steps", "largest", "first", "parted"),
        *("version", "numpy", "scenario_hash", "overrides"),
    ]
    assert (found["same"], found["steps"], found["first"], found["parted"]) == (True, 12, None, None)
    assert found["largest"] < 1e-12
    assert len(found["scenario_hash"][0]) == 64
    assert (found["scenario_hash"][1], found["overrides"], found["numpy"]) == (None, [[], []], np.__version__)


def test_a_difference(capsys: pytest.CaptureFixture[str]) -> None:
    written(Path(), "no-mean", since=3, records=FEW)
    status, out, _ = called(capsys, "diff", "mine.toml", "mine.npz")
    lines = out.splitlines()
    assert status == 1
    assert lines[1] == "The first difference is in step 3: W₃[0,0] after the update"
    assert lines[2].split()[0] == "mine.toml:net"
    assert lines[3].split()[0] == "mine.npz"
    text = " ".join(lines[4:])
    assert text.startswith("Between loss and W₃, with no record of δ₃, ∂W₃: δ₃: the mean over the batch is missing:")
    for part in ("divide by the 8 samples.", "W₃ is off by", "The 2 steps before agree", "after step 12, ", "step 30."):
        assert part in text
    assert lines[-1] == "Not recorded: a, z, delta, dW, db."
    assert all(line == line.rstrip() for line in lines)


def test_a_difference_as_json_on_either_side(capsys: pytest.CaptureFixture[str]) -> None:
    written(Path(), "no-derivative")
    numbers = []
    for sides in (("mine.toml", "mine.npz"), ("mine.npz", "mine.toml")):
        status, out, _ = called(capsys, "diff", *sides, "--json")
        assert status == 1
        found = json.loads(out)
        assert not found["same"]
        first = found["first"]
        assert list(first) == [
            *("lane", "step", "operation", "layer", "array", "entry", "a", "b", "mistake", "says"),
        ]
        assert {name: first[name] for name in ("lane", "step", "operation", "layer", "array", "entry", "mistake")} == {
            "lane": "net",
            "step": 1,
            "operation": "delta",
            "layer": 2,
            "array": "delta2",
            "entry": [0, 0],
            "mistake": "no-derivative",
        }
        numbers.append((first["a"], first["b"]))
    assert numbers[0] == numbers[1][::-1]
    assert numbers[0][0] != numbers[0][1]


def test_ascii_alone_where_nothing_else_is_taken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written(Path(), "no-mean", records=FEW)
    monkeypatch.setenv("GRADSTEP_ASCII", "1")
    _, out, _ = called(capsys, "diff", "mine.toml", "mine.npz")
    assert out.isascii()
    assert "Between loss and W3, with no record of delta3, dW3: delta3: the mean" in out


def test_shapes_have_no_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    written(Path(), "bias-not-summed")
    _, out, _ = called(capsys, "diff", "mine.toml", "mine.npz")
    assert "  mine.toml:net  shape 1\n  mine.npz       shape 8×1\n" in out
    _, out, _ = called(capsys, "diff", "mine.toml", "mine.npz", "--json")
    first = json.loads(out)["first"]
    assert (first["entry"], first["a"], first["b"], first["mistake"]) == (None, None, None, "bias-not-summed")


def test_numbers_that_are_not_finite_are_null(capsys: pytest.CaptureFixture[str]) -> None:
    written(Path())
    with np.load("mine.npz") as arrays:
        broken = dict(arrays)
    broken["batch_loss"][4] = np.nan
    np.savez("mine.npz", **broken)
    _, out, _ = called(capsys, "diff", "mine.toml", "mine.npz", "--json")
    first = json.loads(out)["first"]
    assert (first["step"], first["operation"], first["mistake"], first["b"]) == (5, "loss", "not-finite", None)


def test_lanes_are_compared_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        'format = 1\nname = "two"\nsteps = 3\n[data]\nkind = "disc"\nsamples = 9\n'
        '[[lanes]]\nid = "a"\nhidden = [3]\n[[lanes]]\nid = "b"\nhidden = [3]\n'
    )
    Path("one.toml").write_text(text)
    Path("other.toml").write_text(f"{text}loss = 'absolute'\n")
    status, out, _ = called(capsys, "diff", "one.toml", "other.toml")
    assert status == 1
    same, differing = out.split("\n\n")
    assert same == "one.toml:a and other.toml:a\nno difference in 3 steps, largest 0e+00"
    assert "The first difference is in step 1: the loss\n" in differing
    _, out, _ = called(capsys, "diff", "one.toml", "other.toml", "--json")
    assert json.loads(out)["first"]["lane"] == "b"


@pytest.mark.parametrize("tolerance", ["0", "-1", "1", "nan", "much"])
def test_a_tolerance_is_a_small_number(tolerance: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = called(capsys, "diff", "a", "b", f"--tolerance={tolerance}")
    assert (status, out) == (2, "")
    assert f'found "{tolerance}"; allowed: a number between 0 and 1, as 1e-9' in err


def test_the_recorder_is_written_once(capsys: pytest.CaptureFixture[str]) -> None:
    source = Path(recorder.__file__).read_bytes()
    assert called(capsys, "recorder")[0] == 0
    assert Path("recorder.py").read_bytes() == source
    Path("recorder.py").write_text("mine")
    assert called(capsys, "recorder") == (
        2,
        "",
        "gradstep: recorder.py exists already; it is overwritten with --force only\n",
    )
    assert called(capsys, "recorder", "own.py")[0] == 0
    assert called(capsys, "recorder", "--force")[0] == 0
    assert Path("recorder.py").read_bytes() == source
    assert called(capsys, "recorder", "missing/recorder.py")[0] == 2
    assert called(capsys, "recorder", "") == (2, "", "gradstep: the name of the file is empty\n")
