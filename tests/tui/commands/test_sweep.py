"""`gradstep sweep` as people run it: the same numbers as single runs, gone on with after a kill, refused in words."""

from __future__ import annotations

import csv
import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.scenarios.runs.test_sweep import DRAWN
from tests.terminal import Terminal
from tests.tui.commands.test_command import gradstep, process, refusal, result

VARY = ("--vary", "lanes.a.optimizer.learning_rate=0.01,0.1", "--vary", "data.noise=0..0.2:3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "my.toml").write_text(DRAWN)
    return tmp_path


@pytest.mark.parametrize("how", [("--jobs", "1"), ("--jobs", "2"), ("--jobs", "2", "--backend", "threading")])
def test_rows_are_those_of_run(folder: Path, how: tuple[str, ...]) -> None:
    found = result(folder, "sweep", "my.toml", *VARY, "--seeds", "2", "--set", "defaults.l2=0.1", *how)
    assert list(found)[:2] == ["scenario", "vary"]
    assert found["vary"] == {"lanes.a.optimizer.learning_rate": [0.01, 0.1], "data.noise": [0, 0.1, 0.2]}
    assert found["overrides"] == ["defaults.l2=0.1"]
    assert {"version", "numpy", "scenario_hash"} <= set(found)
    assert [row["seed"] for row in found["rows"]] == [5, 6] * 6
    row = found["rows"][-1]
    assert row["settings"] == {"lanes.a.optimizer.learning_rate": 0.1, "data.noise": 0.2}
    chosen = (f"--set={key}={value}" for key, value in row["settings"].items())
    run = result(folder, "run", "my.toml", "--set", "defaults.l2=0.1", *chosen, "--seed", "6")
    assert row["lanes"] == run["lanes"]


def test_the_table_marks_the_best_and_two_keys_make_a_heat_map(folder: Path) -> None:
    status, out, err = gradstep(folder, "sweep", "my.toml", *VARY, "--seeds", "3")
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "drawn, 6 settings, seeds 5 to 7, 40 steps"
    assert "* lowest median test loss of its lane" in out
    assert "median test loss of a: learning_rate downwards, noise across, * lowest" in out
    assert "median test loss of b:" in out
    marked = [line for line in out.splitlines() if line.rstrip().endswith("*") and " a " in line]
    assert len(marked) == 1
    assert out.isascii()


def test_lanes_to_which_nothing_varied_matters_are_told_apart(folder: Path) -> None:
    status, out, err = gradstep(folder, "sweep", "my.toml", "--vary", "lanes.a.l2=0,1")
    assert (status, err) == (0, "")
    assert "b is the same in every setting: train loss" in out
    assert "* lowest test loss of its lane" in out


def test_ascii_holds_for_values_too(folder: Path) -> None:
    call = ("sweep", "my.toml", "--vary", "title=ä,ö", "--vary", "lanes.a.l2=0,1")
    status, out, _ = gradstep(folder, "--ascii", *call)
    assert status == 0
    assert out.isascii()


@pytest.mark.parametrize(("env", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_shows_the_heat_map_in_colour_unless_it_is_not_wanted(
    folder: Path, env: dict[str, str], coloured: bool
) -> None:
    command = [sys.executable, "-m", "tui", "sweep", "my.toml", *VARY, "--steps", "5"]
    with Terminal(command, folder=folder, env=env) as terminal:
        assert terminal.wait(60) == 0
        title = next(number for number, line in enumerate(terminal.screen.display) if "downwards" in line)
        numbers = terminal.screen.buffer[title + 2]
        assert any(numbers[column].bg != "default" for column in range(60)) == coloured


def test_what_was_killed_is_gone_on_with_and_comes_to_the_same_file(folder: Path) -> None:
    call = ("sweep", "my.toml", *VARY, "--seeds", "8", "--steps", "4000", "--jobs", "1", "--out")
    out = folder / "out.csv"
    killed = process(folder, *call, "out.csv")
    while not out.exists() or out.read_bytes().count(b"\n") < 2:
        time.sleep(0.01)
    killed.kill()
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    rows = whole_rows(out)
    assert 0 < len(rows) < 6 * 8
    with out.open("ab") as file:
        file.write(b"0.1,0.2,12,a,0.12")
    status, _, err = gradstep(folder, *call, "out.csv", "--json")
    assert status == 0
    assert err == f"gradstep: out.csv has {len(rows)} of 48 rows already\n"
    assert gradstep(folder, *call, "other.csv")[0] == 0
    assert out.read_bytes() == (folder / "other.csv").read_bytes()
    assert {key: row for key, row in whole_rows(out).items() if key in rows} == rows
    for name in ("out.csv", "other.csv"):
        assert json.loads((folder / f"{name}.meta.json").read_text())["seeds"] == 8


def whole_rows(path: Path) -> dict[tuple[str, ...], list[list[str]]]:
    """The rows of a file with both of their lanes."""
    found: dict[tuple[str, ...], list[list[str]]] = {}
    for line in list(csv.reader(path.read_text().splitlines()))[1:]:
        found.setdefault(tuple(line[:3]), []).append(line)
    return {key: lines for key, lines in found.items() if len(lines) == 2}


def test_ctrl_c_keeps_what_was_written_and_says_how_to_go_on(folder: Path) -> None:
    call = ("sweep", "my.toml", *VARY, "--seeds", "8", "--steps", "10000", "--jobs", "2", "--out", "out.csv")
    running, out_file = process(folder, *call), folder / "out.csv"
    while not out_file.exists() or out_file.read_bytes().count(b"\n") < 2:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert err.splitlines()[-1].endswith("of 48 rows were done and are in out.csv; the same call goes on from there")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "nothing is varied; allowed: --vary KEY=V1,V2,…"),
        (("--vary", "defaults.l2"), "--vary defaults.l2: allowed: KEY=V1,V2,…"),
        (("--vary", "defaults.l2=0..1:0"), "found 0 values"),
        (("--vary", "defaults.l2=0,-1"), "--vary defaults.l2=-1: "),
        (("--vary", "defaults.l2=0,1", "--jobs", "0"), "at least 1"),
        (("--vary", "defaults.l2=0,1", "--seeds", "0"), "at least 1"),
        (("--vary", "defaults.l2=0,1", "--backend", "spark"), "'loky'"),
        (("--vary", "defaults.l2=0,1", "--backend", "dask"), "--backend dask needs --address"),
        (("--vary", "defaults.l2=0,1", "--address", "tcp://x:1"), "--address is for --backend dask and ray"),
        (
            ("--vary", "defaults.l2=0,1", "--out", "my.toml", "--force"),
            "is the scenario itself; it is never overwritten",
        ),
        (("--vary", "defaults.l2=0,1", "--out", "mine.csv"), "mine.csv exists already"),
        (("--vary", "defaults.l2=0,1", "--out", "no/mine.csv"), "cannot write no/mine.csv"),
    ],
)
def test_bad_input_is_said_on_one_line_and_nothing_is_written(folder: Path, words: tuple[str, ...], says: str) -> None:
    (folder / "mine.csv").write_text("mine")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert says in refusal(folder, "sweep", "my.toml", *words)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_another_calls_file_is_refused_unless_forced(folder: Path) -> None:
    call = ("sweep", "my.toml", "--vary", "defaults.l2=0,1", "--out", "out.csv")
    assert gradstep(folder, *call)[0] == 0
    for other in (("--seeds", "2"), ("--steps", "3"), ("--set", "data.noise=0.5"), ("--vary", "data.noise=0,1")):
        assert "out.csv is of another call" in refusal(folder, *call, *other)
    (folder / "my.toml").write_text(DRAWN.replace("samples = 40", "samples = 41"))
    assert "scenario_hash" in refusal(folder, *call)
    assert gradstep(folder, *call, "--force")[0] == 0
    assert os.listdir(folder).count("out.csv") == 1


def test_run_and_verify_give_the_same_whatever_the_jobs(folder: Path) -> None:
    (folder / "my.toml").write_text(DRAWN.replace('0"\n', '0"\nseeds = 24\n').replace("steps = 40", "steps = 1500"))
    for call in (("run", "my.toml", "--seeds", "24"), ("verify", "my.toml")):
        assert result(folder, *call, "--jobs", "2") == result(folder, *call, "--jobs", "1")
