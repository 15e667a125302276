"""`gradstep run` of a result makes it again, and tells what differs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tui.cli import main

SCENARIO = """
format = 1
name = "small"
steps = 6
seed = 2
[data]
kind = "xor"
samples = 12
test_samples = 6
[defaults]
hidden = [3]
batch_size = 5
[[lanes]]
id = "one"
[[lanes]]
id = "two"
[lanes.function]
expression = "x**2"
start = { x = 1 }
gradient_noise = 0.1
"""
DIVERGING = ["--set", "lanes.one.optimizer.learning_rate=1e200"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    Path("small.toml").write_text(SCENARIO)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Any:
    def called(*words: str) -> tuple[int, str, str]:
        status = main(list(words))
        return status, *capsys.readouterr()

    return called


@pytest.fixture
def made(call: Any) -> Any:
    """Runs a scenario and leaves its results in a.json, a.csv and a.npz, without a record for several seeds."""

    def run(*words: str) -> None:
        record = [] if "--seeds" in words else ["--record", "a.npz"]
        status, out, _ = call("run", "small.toml", *words, "--json", "--csv", "a.csv", *record, "--force")
        assert status == 0
        Path("a.json").write_text(out)

    return run


RUNS = [[], ["--steps", "0"], ["--seed", "5", "--steps", "3", "--set", "data.noise=0.5"], ["--seeds", "3"], DIVERGING]
RUNS += [["--also", "one.W1[0,0]", "--also", "one.delta2[3,0]", "--also", "two.x"]]


@pytest.mark.parametrize("words", RUNS)
def test_a_result_is_made_again(words: list[str], made: Any, call: Any) -> None:
    made(*words)
    for name in ["a.json", "a.csv", "a.csv.meta.json", *([] if "--seeds" in words else ["a.npz"])]:
        status, out, err = call("run", name)
        assert (status, err) == (0, "")
        assert "the same numbers, all " in out
    told = json.loads(call("run", "a.json", "--json")[1])
    assert (told["same"], told["first"], told["changed"]) == (True, None, {})
    assert told["numbers"] > 0


def test_another_number_is_found_where_it_stands(made: Any, call: Any) -> None:
    made("--seeds", "2")
    result = json.loads(Path("a.json").read_text())
    result["lanes"]["one"]["train_loss"][1] += 1
    Path("a.json").write_text(json.dumps(result))
    lines = Path("a.csv").read_text().split("\n")
    cells = lines[4].split(",")
    cells[3] = "0.5"
    lines[4] = ",".join(cells)
    Path("a.csv").write_text("\n".join(lines))
    status, out, _ = call("run", "a.json", "--json")
    first = json.loads(out)["first"]
    assert (status, first["name"], first["seed"]) == (1, "one.train_loss", 3)
    assert first["there"] == pytest.approx(first["here"] + 1)
    assert first["size"] == pytest.approx(1 / first["there"])
    status, out, _ = call("run", "a.csv")
    assert status == 1
    assert "the first difference: one.train_loss, step 1, seed 3\n  there  0.5\n  here   " in out


def test_another_number_of_a_record_is_found(made: Any, call: Any) -> None:
    made()
    with np.load("a.npz") as record:
        arrays = dict(record)
    arrays["one/final/W1"][1, 0] *= 2
    np.savez("a.npz", **arrays)
    status, out, _ = call("run", "a.npz", "--json")
    assert (status, json.loads(out)["first"]["name"]) == (1, "one/final/W1[1,0]")
    del arrays["one/x"]
    np.savez("a.npz", **arrays)
    assert "one/x: the file has no such entry" in call("run", "a.npz")[1]


def test_what_is_other_than_numbers_is_told(made: Any, call: Any) -> None:
    made()
    meta = json.loads(Path("a.csv.meta.json").read_text())
    Path("a.csv.meta.json").write_text(json.dumps({**meta, "version": "0.0.1", "numpy": "1.0"}))
    status, out, _ = call("run", "a.csv")
    assert status == 0
    assert "it was made with gradstep 0.0.1, this is " in out
    assert "it was made with NumPy 1.0, this is " in out
    Path("small.toml").write_text(SCENARIO.replace("hidden = [3]", "hidden = [4]"))
    status, out, _ = call("run", "a.csv")
    assert status == 1
    assert "the scenario has changed: its hash was " in out
    Path("small.toml").write_text(SCENARIO.replace('name = "small"', 'name = "other"'))
    status, out, _ = call("run", "a.json", "--json")
    assert (status, list(json.loads(out)["changed"])) == (0, ["scenario_hash"])


def test_a_file_that_is_not_there_is_asked_for(made: Any, call: Any) -> None:
    made("--set", "steps=3")
    Path("small.toml").rename("moved.toml")
    status, out, err = call("run", "a.csv")
    assert (status, out) == (2, "")
    assert 'was made from the scenario "small.toml", which is not there; try: gradstep run a.csv SCENARIO' in err
    assert call("run", "a.csv", "moved.toml")[0] == 0
    Path("results").mkdir()
    for name in ("a.csv", "a.csv.meta.json"):
        shutil.move(name, "results")
    shutil.move("moved.toml", "results/small.toml")
    assert call("run", "results/a.csv")[0] == 0


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("b.json", b'{"a": 1}', "is no result of gradstep run"),
        ("b.json", b"[1]", "is no result of gradstep run"),
        ("b.json", b"{", "is no JSON"),
        ("b.json", b"\xff\xfe", "is no JSON"),
        ("b.json", b"[" * 100_000, "is no JSON"),
        ("b.json", b'{"gradstep_lesson_run": 1}', "is a lesson run; try: gradstep replay b.json"),
        ("b.json", b'{"scenario": "a", "seed": 0, "steps": 1, "lanes": {}}', "does not tell file, version, numpy"),
        ("b.csv", b"a,b\n1,2\n", "it begins with other columns"),
        ("b.csv", b"lane,step,train_loss\n", "there is no b.csv.meta.json beside it"),
        ("b.npz", b"PK", "is no .npz file"),
        ("none.json", None, "No such file"),
        ("none.csv", None, "No such file"),
        ("none.npz", None, "No such file"),
    ],
)
def test_what_is_no_result_is_refused_in_words(name: str, content: bytes | None, says: str, call: Any) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    status, out, err = call("run", name)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert err.startswith(f"gradstep: {name}: ")


@pytest.mark.parametrize("key", ["seed", "steps", "seeds", "overrides", "lanes", "file"])
@pytest.mark.parametrize("value", [None, "x", -1, 1e300, [1], {"a": 1}])
def test_damaged_keys_are_refused_in_words(key: str, value: Any, made: Any, call: Any) -> None:
    made()
    result = json.loads(Path("a.json").read_text())
    if (key, value) in (("seeds", None), ("seed", -1)):
        return
    Path("a.json").write_text(json.dumps({**result, key: value}))
    status, out, err = call("run", "a.json")
    if status != 1:  # a result of other lanes is compared
        assert (status, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_a_cut_file_is_no_result(cut: float, made: Any, call: Any) -> None:
    made()
    for name in ("a.json", "a.npz", "a.csv"):
        content = Path(name).read_bytes()
        Path(name).write_bytes(content[: int(len(content) * cut)])
        status, _, err = call("run", name)
        assert status == (1 if name == "a.csv" else 2), err


@pytest.mark.parametrize("words", [["--steps", "3"], ["--seed", "1"], ["--set", "a=1"], ["--csv", "b"], ["--force"]])
def test_a_result_is_made_as_it_was(words: list[str], made: Any, call: Any) -> None:
    made()
    status, _, err = call("run", "a.json", *words)
    assert status == 2
    assert f"found {words[0]} beside a result" in err
    assert call("run", "small.toml", "a.json")[0] == 2


def test_a_large_scenario_in_a_record_is_read_again(made: Any, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.export.provenance.MOST_AS_TEXT", 10)
    made()
    with np.load("a.npz") as record:
        assert record["scenario"].dtype.kind == "S"
    assert call("run", "a.npz")[0] == 0
    assert call("diff", "a.npz:one", "small.toml:one")[0] == 0
