"""The exercise file of the lane in front: what `gradstep exercise` writes, and refusals in words."""

import pytest

from scenarios.file.loader import load
from tui.archive.errors import SharingError
from tui.commands.parser import parse
from tui.exports.exports import EXPORTS
from tui.session.actions import Branch, do
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.session.session import Session

WRITE = next(export.make for export in EXPORTS if export.key == "e")


def written(session, folder, front=0):
    return WRITE(session, FrameBuilder(session).frame(Player(), front), folder)


def test_it_is_the_file_that_the_command_writes(tmp_path):
    session = Session.begin(load("disc-depth"))
    session.go_to(3)
    (made,) = written(session, tmp_path, front=1)
    options = parse(["exercise", "disc-depth", str(tmp_path / "mine.py"), "--lane", "deep"])
    options.run(options)
    own = (tmp_path / "mine.py").read_text(encoding="utf-8")
    assert made.name == "disc-depth-deep-exercise.py"
    assert made.read_text(encoding="utf-8") == own.replace("check mine.py", f"check {made.name}")


def test_nothing_is_overwritten(tmp_path):
    session = Session.begin(load("by-hand"))
    names = [written(session, tmp_path)[0].name for _ in range(2)]
    assert names == ["by-hand-hand-exercise.py", "by-hand-hand-exercise-2.py"]


def test_lanes_that_stand_in_no_file_are_refused(tmp_path):
    session = Session.begin(load("by-hand"))
    do(session, Branch(0))
    with pytest.raises(SharingError, match="a lane of a file"):
        written(session, tmp_path, front=1)
    with pytest.raises(SharingError, match="a lane of a file"):
        written(Session.begin(load("by-hand", ["steps=20"])), tmp_path)
    with pytest.raises(SharingError, match="about a network"):
        written(Session.begin(load("saddle-noise")), tmp_path)
    assert list(tmp_path.iterdir()) == []
