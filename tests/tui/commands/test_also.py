"""`gradstep run --also`: any number of a lane beside what a run reports."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.tui.commands.test_command import SMALL, gradstep


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(SMALL)
    return tmp_path


def test_a_single_number_is_reported_where_it_is_asked_for(folder: Path) -> None:
    asked = ("--also", "one.W1[2,1]", "--also", "two.db3[0]")
    status, out, _ = gradstep(folder, "run", "small.toml", "--json", "--csv", "small.csv", *asked)
    assert status == 0
    lanes = json.loads(out)["lanes"]
    with open(folder / "small.csv", newline="") as file:
        last = [row for row in csv.DictReader(file) if row["step"] == "12"]
    assert [float(last[0]["W1[2,1]"]), float(last[1]["db3[0]"])] == [lanes["one"]["W1[2,1]"], lanes["two"]["db3[0]"]]
    assert "W1[2,1]" not in lanes["two"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("one.W1[9,0]", "a unit of layer 1 is one of 0 to 2, not 9"),
        ("three.train_loss", 'unknown lane "three"'),
        ("step", "allowed: a quantity of a lane"),
        ("one.W1[0,0] > 1", "allowed: a quantity of a lane"),
        ("any.W1[0,0]", "needs a comparison"),
        ("one.", "not an expression"),
    ],
)
def test_what_is_no_quantity_cannot_be_asked_for(folder: Path, asked: str, words: str) -> None:
    status, out, said = gradstep(folder, "run", "small.toml", "--also", asked)
    assert (status, out) == (2, "")
    assert said.startswith(f'gradstep: --also "{asked}": ')
    assert words in said
