"""docs/classes.md shows what `gradstep grade` prints of a small class, four files of which are odd."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import msgspec

from tests.tui.lesson.classroom import LESSON, begun, hand_in, late, worked
from tui.cli import main
from tui.commands import grade
from tui.lesson.recording import LessonRun

FILE = Path(__file__).parents[3] / "docs" / "classes.md"
CALL = re.compile(r"^```sh\n\$ (gradstep grade .*)\n((?:.*\n)*?)```$", re.MULTILINE)


def a_class(folder: Path) -> None:
    """What comes back of a lesson: two runs as they were meant, and four that are not."""
    runs, lesson = folder / "runs", folder / "hill.toml"
    runs.mkdir()
    lesson.write_text(LESSON)
    hand_in(runs, "ana", worked(begun(lesson, "ana"), reason="It starts near 1."))
    hand_in(runs, "ben", worked(begun(lesson, "ben"), first=1))
    hand_in(runs, "cleo", late(begun(lesson, "cleo")))
    copy = json.loads((runs / "ben.json").read_text())
    (runs / "dan.json").write_text(json.dumps(copy | {"learner": "dan"}))
    edited = json.loads(hand_in(runs, "eve", worked(begun(lesson, "eve"), predicted=False)).read_text())
    edited["actions"][0]["answer"] = True
    (runs / "eve.json").write_text(json.dumps(edited))
    (runs / "finn.json").write_text("{")


def test_the_document_shows_what_is_printed(tmp_path, monkeypatch, capsys):
    a_class(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(grade, "_processors", lambda: 1)
    text = FILE.read_text(encoding="utf-8")
    ((call, shown),) = CALL.findall(text)
    assert main(shlex.split(call)[1:]) == 0
    printed = capsys.readouterr().out
    assert shown == "".join(f"{line.rstrip()}\n" for line in printed.splitlines())


def test_every_key_of_a_lesson_run_is_documented():
    keys = {field.name for field in msgspec.structs.fields(LessonRun)}
    part = FILE.read_text(encoding="utf-8").partition("## What a lesson run holds")[2]
    assert keys <= set(re.findall(r"`(\w+)`", part))
