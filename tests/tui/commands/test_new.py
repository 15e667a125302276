"""`gradstep new`: it never overwrites, and what it makes of a CSV file trains."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.file.loader import load
from tui.cli import main

SHEET = "age;dose;cured\n" + "37;1,5;yes\n20;2,5;no\n41;0,5;no\n33;3,5;yes\n" * 5


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    Path("data.csv").write_text(SHEET)
    return tmp_path


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    before = sorted(Path().rglob("*"))
    assert main(["new", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert sorted(Path().rglob("*")) == before
    return err.strip()


def test_what_is_written_trains(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "mine.toml", "--csv", "data.csv"]) == 0
    assert capsys.readouterr().out == (
        "mine.toml is written, 20 samples, cured from age, dose, loss logistic; try: gradstep run mine.toml\n"
    )
    assert main(["run", "mine.toml", "--steps", "5"]) == 0
    assert main(["show", "mine.toml"]) == 0
    shown = capsys.readouterr().out
    assert "classes: 0 no, 1 yes" in shown
    assert "inputs, standardized: age (mean " in shown


def test_columns_and_loss_are_taken_from_the_options() -> None:
    call = ["new", "mine.toml", "--csv", "data.csv", "--inputs", "age", "--outputs", "dose", "--loss", "huber"]
    assert main(call) == 0
    scenario = load("mine.toml")
    assert scenario.table["data"]["inputs"] == ["age"]
    assert scenario.table["lanes"][0]["loss"] == "huber"


def test_nothing_is_overwritten_and_nothing_is_written_of_what_does_not_fit(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    Path("there.toml").write_text("mine")
    assert refusal(capsys, "there.toml", "--csv", "data.csv").endswith(
        "there.toml exists already; it is not overwritten"
    )
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "b.csv"
    elsewhere.write_text(SHEET)
    said = refusal(capsys, "mine.toml", "--csv", str(elsewhere))
    assert said == (
        f"gradstep: --csv: found {elsewhere}; allowed: a file in the folder of mine.toml, or below: copy it there, "
        f"or write {elsewhere.parent}/mine.toml"
    )
    assert "there is no column" in refusal(capsys, "mine.toml", "--csv", "data.csv", "--outputs", "kured")
    assert "allowed: only where" in refusal(
        capsys, "mine.toml", "--csv", "data.csv", "--outputs", "dose", "--loss", "logistic"
    )
    assert "allowed: beside --csv" in refusal(capsys, "mine.toml", "--outputs", "dose")
    assert 'cannot read "no.csv"' in refusal(capsys, "mine.toml", "--csv", "no.csv")


def test_a_scenario_of_the_library_runs_on_a_users_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.csv").write_text("x1,x2,y1\n" + "0,0,0\n1,0,1\n" * 4)
    assert main(["run", "disc-depth", "--set", "data.csv=own.csv", "--steps", "2", "--json"]) == 0
    assert '"train_loss"' in capsys.readouterr().out
    assert main(["run", "disc-depth", "--set", "data.csv=none.csv"]) == 2
    assert 'cannot read "none.csv": No such file' in capsys.readouterr().err


def test_samples_that_are_trained_on_are_never_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.csv").write_text("x1,x2,y1\n" + "0,0,0\n1,0,1\n" * 4)
    call = ["run", "disc-depth", "--set", "data.csv=own.csv", "--steps", "2", "--csv", "own.csv", "--force"]
    assert main(call) == 2
    assert "holds the scenario's samples; it is never overwritten" in capsys.readouterr().err


def test_a_result_on_a_users_file_is_made_again_where_the_file_still_is(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.csv").write_text("x1,x2,y1\n" + "0,0,0\n1,0,1\n" * 4)
    assert main(["run", "disc-depth", "--set", "data.csv=own.csv", "--steps", "2", "--json"]) == 0
    Path("result.json").write_text(capsys.readouterr().out)
    assert main(["run", "result.json"]) == 0
    assert "the same numbers" in capsys.readouterr().out
