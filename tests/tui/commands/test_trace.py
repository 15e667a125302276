"""`gradstep trace`: the numbers of a step, worked out again from what it prints, and in the words of the app."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.operations import operations
from nncore.timeline import Timeline
from scenarios.file.loader import load
from scenarios.runs.build import build
from tests.tui.explain.recomputed import printed, worked_out
from tui.cli import main
from tui.explain.notation import operation_name

SCENARIO = """
format = 1
name = "small"
[data]
kind = "xor"
samples = 20
[defaults]
hidden = [3, 14]
batch_size = 5
[[lanes]]
id = "plain"
l2 = 0.01
activation = "tanh"
optimizer = { name = "sgd", learning_rate = 0.25 }
[[lanes]]
id = "classes"
loss = "softmax_cross_entropy"
activation = ["relu", "sigmoid"]
optimizer = { name = "adam", learning_rate = 0.01 }
freeze = [1]
[[lanes]]
id = "wild"
optimizer = { name = "sgd", learning_rate = 1e200 }
[[lanes]]
id = "f"
[lanes.function]
expression = "0.5*x**2 + 2*y**2"
start = { x = 1.0, y = -1.0 }
gradient_noise = 0.1
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    for name in ("LC_ALL", "GRADSTEP_ASCII"):
        monkeypatch.delenv(name, raising=False)
    Path("small.toml").write_text(SCENARIO)


def text(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["trace", "small.toml", *words]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def result(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text(capsys, *words, "--json"), parse_constant=pytest.fail)
    return found


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["trace", "small.toml", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    return err


def arrays(found: dict[str, Any]) -> dict[str, np.ndarray]:
    """All arrays of a step, the parameters before it and, by `new W1`, after it."""
    made = {name: np.array(values) for name, values in found["parameters"].items()}
    for step in found["operations"]:
        new = "new " * (step["operation"] == "update")
        made |= {new + name: np.array(values) for name, values in step["values"].items()}
    return made


def test_the_numbers_of_a_step_follow_from_one_another(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "--step", "3")
    v, m = arrays(found), len(found["batch"])
    np.testing.assert_allclose(v["a1"], v["x"] @ v["W1"].T + v["b1"], rtol=1e-12)
    np.testing.assert_allclose(v["z2"], np.tanh(v["z1"] @ v["W2"].T + v["b2"]), rtol=1e-12)
    np.testing.assert_allclose(v["z3"], v["z2"] @ v["W3"].T + v["b3"], rtol=1e-12)
    np.testing.assert_allclose(v["losses"], 0.5 * (v["z3"] - v["y"]) ** 2, rtol=1e-12)
    penalty = 0.005 * sum((v[f"W{d}"] ** 2).sum() for d in (1, 2, 3))
    np.testing.assert_allclose(v["loss"], v["losses"].mean() + penalty, rtol=1e-12)
    np.testing.assert_allclose(v["delta3"], (v["z3"] - v["y"]) / m, rtol=1e-12)
    np.testing.assert_allclose(v["delta2"], v["delta3"] @ v["W3"] * (1 - v["z2"] ** 2), rtol=1e-12)
    np.testing.assert_allclose(v["dW2"], v["delta2"].T @ v["z1"] + 0.01 * v["W2"], rtol=1e-12)
    np.testing.assert_allclose(v["db1"], v["delta1"].sum(0), rtol=1e-12)
    np.testing.assert_allclose(v["new W1"], v["W1"] - found["learning_rate"] * v["dW1"], rtol=1e-12)
    names = [(step["operation"], step["layer"]) for step in found["operations"]]
    assert names[:4] == [("batch", None), ("a", 1), ("z", 1), ("a", 2)]
    assert names[7:12] == [("loss", None), ("delta", 3), ("dW", 3), ("db", 3), ("delta", 2)]
    assert names[-1] == ("update", 3)


def test_it_is_the_step_that_the_run_makes_bit_for_bit(capsys: pytest.CaptureFixture[str]) -> None:
    lane = build(load("small.toml"))[1]
    trace = Timeline(lane).trace(6)
    found = result(capsys, "--step", "7", "--lane", "classes")
    assert (found["step"], found["batch"], found["finite"]) == (7, trace.indices.tolist(), True)
    for name, part in lane.model.parts(trace.theta):
        np.testing.assert_array_equal(found["parameters"][name], part)
    for name, part in lane.model.parts(trace.after):
        np.testing.assert_array_equal(arrays(found)[f"new {name}"], part)
    for name, part in lane.model.parts(trace.memory_before[1]):
        np.testing.assert_array_equal(found["memory"]["v"][name], part)
    entries = {(step["operation"], step["layer"]): step for step in found["operations"]}
    row, unit = entries["delta", 2]["entry"]
    assert entries["delta", 2]["result"] == trace.delta[1][row, unit]


@pytest.mark.parametrize("lane", ["plain", "classes", "f"])
def test_every_operation_is_written_with_its_name_and_formula(lane: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown, found = text(capsys, "--lane", lane), result(capsys, "--lane", lane)
    model = next(one.model for one in build(load("small.toml")) if one.id == lane)
    parts = re.split(r"\n\n\d+ of \d+  ", shown)[1:]
    assert len(parts) == len(found["operations"])
    for part, operation, said in zip(parts, operations(model), found["operations"], strict=True):
        first, formula, *rest = part.rstrip("\n").split("\n")
        assert first == f"{operation.phase}: {operation_name(operation)}"
        assert formula == f"  {said['formula']}"
        assert rest[-1].startswith(f"  {said['terms']}")


def test_the_entry_in_terms_can_be_worked_out(capsys: pytest.CaptureFixture[str]) -> None:
    shown = text(capsys, "--step", "2")
    sums = re.findall(r"^  (?:[a∂].*|θ.*|[Wb]).*?: (.+) = (\S+)$", shown, re.MULTILINE)
    assert len(sums) == 3 + 6 + 3
    for terms, made in sums:
        assert worked_out(terms).meets(printed(made)), terms


def test_a_matrix_is_shown_with_its_rows_and_what_is_left_out_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    found, shown = result(capsys), text(capsys)
    rows = re.search(r"\n  A₁, 5×3\n((?:    sample.*\n)+)", shown)
    assert rows is not None
    told = [line.split(":") for line in rows[1].strip().split("\n")]
    assert [int(label.split()[1]) for label, _ in told] == found["batch"]
    for (_, numbers), row in zip(told, arrays(found)["a1"], strict=True):
        np.testing.assert_allclose(list(map(float, numbers.split())), row, rtol=1e-3)
    assert "\n  W₂, 14×3\n" in shown
    assert "\n    and the other 2 rows\n" in shown
    assert re.search(r"\n  b₂ = (\S+, ){12}and the other 2 numbers\n", shown)


def test_a_sample_is_followed_alone(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "--step", "2")
    sample = found["batch"][3]
    shown = text(capsys, "--step", "2", "--sample", str(sample))
    assert set(re.findall(r"sample (\d+)", shown)) == {str(sample)}
    followed = result(capsys, "--step", "2", "--sample", str(sample))
    of_samples = [step["entry"][0] for step in followed["operations"] if step["operation"] in ("a", "z", "delta")]
    assert of_samples == [3] * 9
    absent = next(number for number in range(20) if number not in found["batch"])
    batch = ", ".join(map(str, found["batch"]))
    assert f"--sample: found {absent}; allowed: {batch}, the batch of step 2" in refusal(
        capsys, "--step", "2", "--sample", str(absent)
    )


def test_what_is_not_there_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert 'found "wide"; allowed: plain, classes, wild, f; did you mean "wild"?' in refusal(capsys, "--lane", "wide")
    assert "allowed: at least 1" in refusal(capsys, "--step", "0")
    assert "--sample: f is a function" in refusal(capsys, "--lane", "f", "--sample", "0")
    assert "--set seed=x: seed" in refusal(capsys, "--set", "seed=x")


def test_a_step_that_is_not_finite_is_told_of_and_is_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    shown = text(capsys, "--lane", "wild", "--step", "2")
    assert re.search(r"Step 2 is not finite: .+ is not\. The lane stops here, and θ stays as it was\.\n$", shown)
    found = result(capsys, "--lane", "wild", "--step", "2")
    assert not found["finite"]
    assert None in [step["result"] for step in found["operations"]]
    assert "--step: found 3; allowed: 1 to 2, as wild diverged at step 2" in refusal(
        capsys, "--lane", "wild", "--step", "3"
    )


def test_a_function_is_written_out_too(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "--lane", "f")
    names = [step["operation"] for step in found["operations"]]
    assert names == ["batch", "value", "loss", "gradient", "update"]
    v = arrays(found)
    np.testing.assert_allclose([v["dx"], v["dy"]], np.array([1.0, -4.0]) + v["noise"])
    assert v["new x"] == 1.0 - found["learning_rate"] * v["dx"]
    assert "lane f (f): f = 0.5*x**2 + 2*y**2" in text(capsys, "--lane", "f")


def test_the_result_names_what_it_was_made_with(capsys: pytest.CaptureFixture[str]) -> None:
    plain, changed = result(capsys), result(capsys, "--set", "data.noise=0.5")
    assert changed["overrides"] == ["data.noise=0.5"]
    assert changed["numpy"] == np.__version__
    assert changed["version"]
    assert changed["scenario_hash"] != plain["scenario_hash"] == result(capsys, "--step", "2")["scenario_hash"]


@pytest.mark.parametrize("how", [("LC_ALL", "C"), ("GRADSTEP_ASCII", "1"), None])
@pytest.mark.parametrize("lane", ["classes", "f"])
def test_a_terminal_without_utf8_gets_ascii(
    how: tuple[str, str] | None, lane: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unicode = text(capsys, "--lane", lane)
    if how:
        monkeypatch.setenv(*how)
        shown = text(capsys, "--lane", lane)
    else:
        assert main(["--ascii", "trace", "small.toml", "--lane", lane]) == 0
        shown = capsys.readouterr().out
    assert shown.isascii()
    assert not unicode.isascii()
    assert len(shown.splitlines()) == len(unicode.splitlines())
    assert "?" not in shown
