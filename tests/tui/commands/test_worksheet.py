"""`gradstep worksheet`: one step on paper, on each sheet with other numbers, and one file of answers."""

import json
import re

import pytest

from scenarios.file.resolve import learner_seed
from tests.tui.lesson.classroom import LESSON
from tui.cli import main


@pytest.fixture
def lesson(tmp_path):
    path = tmp_path / "hill.toml"
    path.write_text(LESSON)
    return str(path)


def written(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_sheets_with_other_numbers_and_one_file_of_answers(lesson, tmp_path, capsys):
    out = tmp_path / "out"
    assert (
        main(["worksheet", lesson, "--step", "4", "--seeds", "3", "--lane", "deep", "--out", str(out), "--json"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert [sheet["seed"] for sheet in told["sheets"]] == [0, 1, 2]
    assert len(written(out)) == 8
    sheets = [(out / f"gradstep-hill-deep-worksheet-seed{seed}-step4.md").read_text("utf-8") for seed in range(3)]
    assert len({sheet.partition("\nx = ")[2] for sheet in sheets}) == 3
    assert all("`________`" in sheet and "**" not in sheet for sheet in sheets)
    key = (out / "gradstep-hill-deep-worksheet-answers-step4.md").read_text("utf-8")
    assert re.findall(r"^# (.+)$", key, re.MULTILINE) == [f"Answers: step 4 of deep, seed {seed}" for seed in range(3)]


def test_the_learners_ids_stand_in_place_of_the_seed(lesson, tmp_path, capsys):
    assert main(["worksheet", lesson, "--as", "ana", "ben", "--as", "Cleo <b>", "--out", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    wanted = [("ana", learner_seed("ana")), ("ben", learner_seed("ben")), ("Cleo <b>", learner_seed("Cleo <b>"))]
    assert [(sheet["learner"], sheet["seed"]) for sheet in told["sheets"]] == wanted
    page = (tmp_path / "gradstep-hill-wide-worksheet-Cleo-b-step1.html").read_text("utf-8")
    assert "<h1>Exercise: step 1 of wide, Cleo &lt;b&gt;</h1>" in page
    assert "<title>Exercise: step 1 of wide, Cleo &lt;b&gt;</title>" in page


def test_a_sheet_has_the_numbers_that_the_learner_sees_in_the_app(lesson, tmp_path, capsys):
    own = tmp_path / "own.toml"
    own.write_text(LESSON.replace("steps = 60", "learner_seed = true\nsteps = 60").replace('"hill"', '"own"'))
    for scenario, name in ((lesson, "hill"), (str(own), "own")):
        assert main(["worksheet", scenario, "--as", "ana", "--out", str(tmp_path)]) == 0
        sheet = (tmp_path / f"gradstep-{name}-wide-worksheet-ana-step1.md").read_text("utf-8")
        assert f"seed {learner_seed('ana')}." in sheet


def test_a_template_is_filled(lesson, tmp_path):
    template = tmp_path / "page.html"
    template.write_text("<title>{{title}}</title><p>Our school</p>{{body}}<footer/>")
    assert main(["worksheet", lesson, "--template", str(template), "--out", str(tmp_path)]) == 0
    page = (tmp_path / "gradstep-hill-wide-worksheet-seed0-step1.html").read_text("utf-8")
    assert page.startswith("<title>Exercise: step 1 of wide, seed 0</title><p>Our school</p><h1>")
    assert page.endswith("<footer/>")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--lane", "depe"], 'found lane "depe"; allowed: wide, deep; did you mean "deep"?'),
        (["--seeds", "2", "--as", "ana"], "found --seeds and --as; allowed: one of them"),
        (["--step", "0"], "found 0; allowed: at least 1"),
        (["--as", "a b", "a-b"], "two files would have the same name"),
        (["--as", "answers"], "two files would have the same name"),
        (["--template", "nosuch.html"], "cannot read nosuch.html"),
        (["--as", "a\nb"], "allowed: 1 to 60 printable characters"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is(lesson, tmp_path, capsys, options, says):
    out = tmp_path / "out"
    assert main(["worksheet", lesson, *options, "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert (told.out, written(out)) == ("", [])


def test_a_template_without_a_place_for_the_sheet_is_refused(lesson, tmp_path, capsys):
    template = tmp_path / "page.html"
    template.write_text("<title>{{title}}</title>")
    assert main(["worksheet", lesson, "--template", str(template), "--out", str(tmp_path / "out")]) == 2
    assert "has no {{body}}" in capsys.readouterr().err


def test_nothing_is_overwritten_and_then_nothing_is_written(lesson, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    there = out / "gradstep-hill-wide-worksheet-seed1-step1.html"
    there.write_text("mine")
    call = ["worksheet", lesson, "--seeds", "2", "--out", str(out)]
    assert main(call) == 2
    assert f"{there} exists already" in capsys.readouterr().err
    assert written(out) == [there.name]
    assert main([*call, "--force"]) == 0
    assert there.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_lane_that_has_stopped_has_no_sheet(tmp_path, capsys):
    wild = tmp_path / "wild.toml"
    wild.write_text(LESSON.replace("learning_rate = 0.1 }\n[[lanes]]", "learning_rate = 1e200 }\n[[lanes]]"))
    assert main(["worksheet", str(wild), "--step", "50", "--out", str(tmp_path / "out")]) == 2
    assert "stops at step" in capsys.readouterr().err


def test_sheets_with_the_same_numbers_are_refused(tmp_path, capsys):
    assert main(["worksheet", "by-hand", "--seeds", "2", "--out", str(tmp_path / "out")]) == 2
    assert "all sheets would have the same numbers" in capsys.readouterr().err
    assert written(tmp_path / "out") == []
