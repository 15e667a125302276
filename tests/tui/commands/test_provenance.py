"""Every call that prints JSON names what it was made with."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from scenarios.export.provenance import KEYS
from scenarios.file.loader import load
from tui.cli import main
from tui.commands.parser import add_calls
from tui.lesson.recording import recorded
from tui.session.session import Session

CALLS = add_calls(argparse.ArgumentParser())
WITH_JSON = [name for name, call in CALLS.items() if "--json" in call.format_help()]
EXAMPLES = {
    "list": "list",
    "show": "show by-hand",
    "run": "run by-hand --steps 2",
    "verify": "verify by-hand",
    "replay": "replay lesson.json",
    "check": "check own.py",
    "trace": "trace by-hand",
    "diff": "diff by-hand by-hand",
    "sweep": "sweep by-hand --vary lanes.hand.optimizer.learning_rate=0.1,0.2 --steps 2",
    "grade": "grade runs",
    "worksheet": "worksheet xor-starts --step 1 --seeds 2 --out sheets",
}
"""One use of each call that prints JSON: a new one has to be added, and to name what it was made with."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    main([*words, "--json"])
    out, _ = capsys.readouterr()
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.mark.parametrize("name", WITH_JSON)
def test_every_json_names_what_it_was_made_with(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("lesson.json").write_text(recorded(Session.begin(load("by-hand"))))
    Path("runs").mkdir()
    Path("runs", "one.json").write_text(recorded(Session.begin(load("by-hand"))))
    assert main(["exercise", "by-hand", "own.py"]) == 0
    capsys.readouterr()
    found = printed(capsys, *EXAMPLES[name].split())
    assert {"version", "numpy"} <= found.keys()
    each = found["scenarios"] if name == "list" else [found]
    assert all({"scenario_hash", "overrides"} <= one.keys() for one in each)


def test_the_hash_stands_once_for_each_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, "verify", "by-hand", "by-hand-xor")
    assert list(found["scenario_hash"]) == list(found["overrides"]) == ["by-hand", "by-hand-xor"]
    assert found["scenario_hash"]["by-hand"] == printed(capsys, "show", "by-hand")["scenario_hash"]


def test_a_table_has_it_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, "run", "by-hand", "--steps", "2", "--csv", "a.csv", "--set", "seed=3")
    del told["lanes"]
    assert json.loads(Path("a.csv.meta.json").read_text()) == told
    assert set(KEYS) <= told.keys()
    Path("a.csv").unlink()
    assert main(["run", "by-hand", "--csv", "a.csv"]) == 2
    assert "a.csv.meta.json exists already" in capsys.readouterr().err
    assert not Path("a.csv").exists()
    assert main(["run", "by-hand", "--csv", "a.csv", "--force"]) == 0


def test_an_exercise_names_what_it_is_about() -> None:
    assert main(["exercise", "by-hand", "own.py"]) == 0
    comment = json.loads(Path("own.py").read_text().split("\n")[-2].removeprefix("# gradstep: "))
    assert set(KEYS) == comment.keys()
