"""`gradstep run` overwrites nothing unasked, and what it reads from never."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.runs import report
from tui.cli import main

SCENARIO = """
format = 1
name = "own"
steps = 2
[data]
csv = "points.csv"
test_csv = "tests.csv"
[[lanes]]
id = "a"
"""
POINTS = "x1,y1\n1,2\n3,4\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    Path("own.toml").write_text(SCENARIO)
    Path("points.csv").write_text(POINTS)
    Path("tests.csv").write_text(POINTS)
    Path("mine").write_text("mine")
    Path("link").symlink_to("mine")
    Path("nowhere").symlink_to("none")
    Path("again").symlink_to("own.toml")
    Path("folder").mkdir()
    return tmp_path


def contents() -> dict[str, str]:
    return {path.name: path.read_text() for path in Path().iterdir() if path.is_file()}


@pytest.mark.parametrize("option", ["--csv", "--record"])
@pytest.mark.parametrize("name", ["mine", "link", "nowhere", "own.toml", "./own.toml", "points.csv", "again", "folder"])
def test_what_exists_is_refused_before_anything_is_trained(
    option: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "run_lane", lambda *_: pytest.fail("it was trained"))
    before = contents()
    assert main(["run", "own.toml", option, name]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert name in err
    assert len(err.splitlines()) == 1
    assert contents() == before
    assert Path("nowhere").is_symlink()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("own.toml", "is the scenario itself; it is never overwritten"),
        ("again", "is the scenario itself; it is never overwritten"),
        ("points.csv", "holds the scenario's samples; it is never overwritten"),
        ("tests.csv", "holds the scenario's samples; it is never overwritten"),
        ("folder", "not a regular file"),
        ("/dev/null", "not a regular file"),
    ],
)
def test_force_does_not_replace_what_the_run_is_read_from(
    name: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents()
    assert main(["run", "own.toml", "--force", "--csv", name]) == 2
    assert why in capsys.readouterr().err
    assert contents() == before


def test_force_replaces_a_file_and_what_a_link_leads_to() -> None:
    assert main(["run", "own.toml", "--force", "--csv", "link", "--record", "new.npz"]) == 0
    assert Path("link").is_symlink()
    assert Path("mine").read_text().startswith("lane,step,")
    assert Path("new.npz").exists()


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_two_results_do_not_go_into_one_file(force: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "own.toml", "--csv", "new", "--record", "./new", *force]) == 2
    assert "--csv and --record name the same file" in capsys.readouterr().err
    assert not Path("new").exists()
