"""The command as people run it: in a process of its own."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]

SMALL = """
format = 1
name = "small"
title = "Two small networks"
lesson = "Own"
question = "Which?"
text = "Look."
steps = 12
[data]
kind = "xor"
samples = 12
test_samples = 6
[defaults]
hidden = [3]
batch_size = 5
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "one"
label = "the first"
[[lanes]]
id = "two"
hidden = [2, 2]
[[claims]]
text = "The loss stays positive."
check = "all.train_loss > 0"
seeds = 3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(SMALL)
    return tmp_path


def process(folder: Path, *words: str, **how: Any) -> subprocess.Popen[str]:
    """A call that ctrl+c reaches, though the tests themselves may run in the background, where it is ignored."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **how.pop("env", {})}
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **how}
    return subprocess.Popen(
        [sys.executable, "-m", "tui", *words],
        cwd=folder,
        env=environment,
        text=True,
        encoding="utf-8",
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
        **how,
    )


def gradstep(folder: Path, *words: str, **how: Any) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a call."""
    running = process(folder, *words, **how)
    out, err = running.communicate(timeout=120)
    return running.returncode, out, err


def result(folder: Path, *words: str) -> dict[str, Any]:
    """The JSON object of a call that does well and says nothing else."""
    status, out, err = gradstep(folder, *words, "--json")
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    return found


def refusal(folder: Path, *words: str, **how: Any) -> str:
    """The line with which a call is refused; nothing is written."""
    before = sorted(folder.rglob("*"))
    status, out, err = gradstep(folder, *words, **how)
    assert (status, out) == (2, "")
    assert err.startswith("gradstep: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert sorted(folder.rglob("*")) == before
    return err


# list, show


def test_list_has_the_library(folder: Path) -> None:
    scenarios = result(folder, "list")["scenarios"]
    (disc,) = [scenario for scenario in scenarios if scenario["name"] == "disc-depth"]
    assert set(disc) == {"name", "title", "lesson", "question", "lanes", "claims", "scenario_hash", "overrides"}
    assert disc["lanes"] == ["wide", "deep"]
    status, out, _ = gradstep(folder, "list")
    assert status == 0
    assert "disc-depth" in out


def test_show_has_the_text_the_lanes_and_the_claims(folder: Path) -> None:
    shown = result(folder, "show", "small.toml")
    assert [lane["parameters"] for lane in shown["lanes"]] == [13, 15]
    assert shown["claims"][0]["check"] == "all.train_loss > 0"
    status, out, _ = gradstep(folder, "show", "small.toml")
    assert status == 0
    for part in ("Which?", "Look.", "the first", "2-2-2-1", "13 parameters", "The loss stays positive."):
        assert part in out


# run


def test_run_json_has_every_lane_and_its_quantities(folder: Path) -> None:
    found = result(folder, "run", "small.toml", "--steps", "7", "--seed", "2")
    lanes = found.pop("lanes")
    assert len(found.pop("scenario_hash")) == 64
    del found["version"], found["numpy"]
    origin = {"scenario": "small", "file": "small.toml", "seed": 2, "seeds": None, "steps": 7, "overrides": []}
    assert found == origin
    assert list(lanes) == ["one", "two"]
    one = lanes["one"]
    assert one["label"] == "the first"
    assert one["samples_seen"] == 29
    assert one["parameters"] == 13
    assert one["closed_form_gap"] is None
    assert one["diverged_at"] is None
    assert 0 < one["train_loss"] < 1
    assert "grad_norm[2]" in one
    assert "hessian_max" not in one


def test_seeds_are_single_runs_to_the_last_bit(folder: Path) -> None:
    together = result(folder, "run", "small.toml", "--seed", "4", "--seeds", "3")["lanes"]
    for row in range(3):
        alone = result(folder, "run", "small.toml", "--seed", str(4 + row))["lanes"]
        for lane, quantities in alone.items():
            for name, value in quantities.items():
                found = together[lane][name]
                assert (found if name == "label" else found[row]) == value


def test_set_changes_the_resolved_lane(folder: Path) -> None:
    change = ("--set", "lanes.two.optimizer.learning_rate=0.25", "--set", "data.samples=20")
    lanes = result(folder, "run", "small.toml", *change)["lanes"]
    assert lanes["two"]["learning_rate"] == 0.25
    assert lanes["one"]["learning_rate"] == 0.1
    assert lanes["one"]["samples_seen"] == 3 * 20


def test_a_costly_quantity_is_reported_where_a_claim_names_it(folder: Path) -> None:
    (folder / "small.toml").write_text(SMALL.replace("all.train_loss > 0", "two.hessian_max[3] > 0"))
    lanes = result(folder, "run", "small.toml")["lanes"]
    assert lanes["two"]["hessian_max[3]"] > 0
    assert "hessian_max[3]" not in lanes["one"]


def test_run_prints_a_table(folder: Path) -> None:
    status, out, err = gradstep(folder, "run", "small.toml")
    assert (status, err) == (0, "")
    assert "the first" in out
    assert "grad_norm[3]" in out
    status, out, err = gradstep(folder, "run", "small.toml", "--seeds", "3")
    assert (status, err) == (0, "")
    assert "seeds 0 to 2" in out


def test_a_lane_that_diverges_is_a_result_and_says_why(folder: Path) -> None:
    change = ("--set", "lanes.two.optimizer.learning_rate=1e200")
    lanes = result(folder, "run", "small.toml", *change)["lanes"]
    assert lanes["two"]["diverged_at"] == 2
    assert lanes["two"]["train_loss"] is None
    assert lanes["one"]["train_loss"] > 0
    status, out, _ = gradstep(folder, "run", "small.toml", *change)
    assert status == 0
    assert "two diverged at step 2: pre-activation a₂ is not finite" in out


def test_csv_and_record_beside_the_json(folder: Path) -> None:
    (folder / "log.csv").write_text("old")
    lanes = result(folder, "run", "small.toml", "--csv", "log.csv", "--record", "run.npz", "--force")["lanes"]
    with (folder / "log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 13
    last = rows[-1]
    assert (last["lane"], last["step"]) == ("two", "12")
    for name, value in lanes["two"].items():
        if name != "label":
            assert last[name] == ("" if value is None else repr(value))
    with np.load(folder / "run.npz", allow_pickle=False) as record:
        assert record["one/batches"].shape == (12, 5)
        assert record["two/batch_loss"][-1] == lanes["two"]["batch_loss"]
    assert sorted(os.listdir(folder)) == ["log.csv", "log.csv.meta.json", "run.npz", "small.toml"]


# verify, gradcheck, new


def test_verify_reports_each_claim(folder: Path) -> None:
    found = result(folder, "verify", "small.toml")
    assert found["passed"] is True
    (claim,) = found["claims"]
    assert {key: claim[key] for key in ("scenario", "check", "at", "seeds", "share", "held", "passed")} == {
        "scenario": "small",
        "check": "all.train_loss > 0",
        "at": 12,
        "seeds": 3,
        "share": 1.0,
        "held": 1.0,
        "passed": True,
    }
    assert [len(values) for values in claim["values"].values()] == [3, 3]
    assert len(result(folder, "verify", "small.toml", "--seeds", "5")["claims"][0]["values"]["one.train_loss"]) == 5


def test_a_claim_that_fails_gives_status_1(folder: Path) -> None:
    (folder / "false.toml").write_text(SMALL.replace("all.train_loss > 0", "any.train_loss < 0"))
    status, out, err = gradstep(folder, "verify", "small.toml", "false.toml")
    assert (status, err) == (1, "")
    assert "1 of 2 claims failed" in out
    status, out, _ = gradstep(folder, "verify", "false.toml", "--json")
    assert status == 1
    assert json.loads(out)["passed"] is False


def test_verify_in_processes_gives_the_same(folder: Path) -> None:
    claim = result(folder, "verify", "small.toml")["claims"][0]
    (folder / "long.toml").write_text(SMALL.replace("seeds = 3", "seeds = 200\nat = 60"))
    values = result(folder, "verify", "small.toml", "long.toml")["claims"]
    assert values[0] == claim
    assert len(values[1]["values"]["two.train_loss"]) == 200


def test_gradcheck_has_every_block(folder: Path) -> None:
    status, out, _ = gradstep(folder, "gradcheck", "small.toml")
    assert status == 0
    for block in ("W1", "b1", "W2", "b2", "W3", "b3"):
        assert block in out


def test_new_writes_a_scenario_that_runs_and_never_overwrites(folder: Path) -> None:
    status, _, err = gradstep(folder, "new", "mine.toml")
    assert (status, err) == (0, "")
    written = (folder / "mine.toml").read_bytes()
    assert list(result(folder, "run", "mine.toml", "--steps", "3")["lanes"]) == ["wide", "deep"]
    assert "exists" in refusal(folder, "new", "mine.toml")
    assert (folder / "mine.toml").read_bytes() == written


# the whole command


def test_version(folder: Path) -> None:
    status, out, _ = gradstep(folder, "--version")
    assert status == 0
    assert out.startswith("gradstep ")


def test_help_names_every_call(folder: Path) -> None:
    status, out, _ = gradstep(folder, "--help")
    assert status == 0
    for call in ("SCENARIO", "list", "show", "run", "verify", "gradcheck", "new"):
        assert call in out


def test_the_app_needs_a_terminal(folder: Path) -> None:
    assert "terminal" in refusal(folder)
    assert "terminal" in refusal(folder, "small.toml")
    assert "no such scenario" in refusal(folder, "smal")


@pytest.mark.skipif(os.name != "posix", reason="streams are closed as a shell does")
def test_the_app_with_a_closed_input_gives_one_line(folder: Path) -> None:
    command = ["/bin/sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "-m", "tui", "by-hand"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gradstep: the app needs a terminal")
    assert done.stderr.count("\n") == 1


def test_a_scenario_named_like_a_call_opens_by_its_path(folder: Path) -> None:
    (folder / "list").write_text(SMALL)
    assert "terminal" in refusal(folder, "./list")
    assert result(folder, "show", "./list")["name"] == "small"


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "no-such-scenario"),
        ("run", "no/such/file.toml"),
        ("run", "small.toml", "--steps", "-1"),
        ("run", "small.toml", "--steps", "many"),
        ("run", "small.toml", "--seeds", "0"),
        ("run", "small.toml", "--seed", "9" * 5000),
        ("run", "small.toml", "--unknown"),
        ("run", "small.toml", "--set", "steps"),
        ("run", "small.toml", "--set", "lanes.two.optimizer.lr=0.1"),
        ("run", "small.toml", "--set", "lanes.three.l2=1"),
        ("run", "small.toml", "--csv", "no/such/folder.csv"),
        ("run", "small.toml", "--csv", "."),
        ("run", "small.toml", "--record", "run.npz", "--seeds", "2"),
        ("run", "small.toml", "--record", "run.npz", "--steps", "1000000000"),
        ("verify", "small.toml", "--all"),
        ("verify", "small.toml", "nothing.toml"),
        ("show", "."),
        ("new",),
        ("new", "no/such/folder.toml"),
        ("--unknown",),
        ("small.toml", "small.toml"),
    ],
    ids=" ".join,
)
def test_bad_input_gives_one_line_and_status_2(folder: Path, words: tuple[str, ...]) -> None:
    refusal(folder, *words)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a = ", b"x = nan", b"[" * 5000, b"format = 1" + b"0" * 5000])
def test_a_broken_file_gives_one_line(folder: Path, content: bytes) -> None:
    (folder / "broken.toml").write_bytes(content)
    assert "broken.toml" in refusal(folder, "run", "broken.toml")


def test_a_name_that_is_no_text_gives_one_line(folder: Path) -> None:
    refusal(folder, "run", os.fsdecode(b"\xff\xfe"))
    refusal(folder, "run", "λ.toml", env={"PYTHONIOENCODING": "ascii"})


def test_a_closed_pipe_ends_quietly(folder: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    for words in (("list",), ("run", "small.toml", "--json")):
        running = process(folder, *words, stdout=writer)
        _, err = running.communicate(timeout=60)
        assert err == ""
        assert running.returncode == 128 + signal.SIGPIPE
    os.close(writer)


def test_ctrl_c_ends_without_a_traceback_and_without_a_file(folder: Path) -> None:
    running = process(folder, "run", "small.toml", "--steps", "100000000", "--csv", "log.csv")
    while not [name for name in os.listdir(folder) if name.endswith(".part")]:
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (130, "")
    assert os.listdir(folder) == ["small.toml"]


@pytest.mark.parametrize("words", [("--version",), ("list",), ("show", "small.toml")])
def test_no_call_but_the_app_imports_the_app(folder: Path, words: tuple[str, ...]) -> None:
    code = f"import sys; from tui.cli import main\ntry: main({words!r})\nexcept SystemExit: pass\n"
    code += "print(sorted({'textual', 'plotext'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [["list"], ["run", "by-hand", "--steps", "1", "--json"]])
def test_a_full_disk_behind_the_output_is_one_line(arguments):
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "tui", *arguments], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == "gradstep: cannot write to the output: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [["run", "nosuch"], ["nosuch"], ["run", "--nosuch"]])
def test_bad_input_gives_status_2_also_where_nothing_can_be_said(arguments):
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "tui", *arguments], stdout=full, stderr=full)
    assert done.returncode == 2


@pytest.mark.parametrize("words", [("run", "pipe.toml"), ("replay", "pipe.json"), ("pipe.gradstep",), ("pipe.toml",)])
def test_a_named_pipe_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    os.mkfifo(folder / words[-1])
    assert "it is a named pipe" in refusal(folder, *words)
