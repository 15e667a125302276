"""Lessons that were left on the way: kept by what they are remembered by, taken up only if they are what they were."""

from pathlib import Path

import pytest

from scenarios.file.loader import library_files, load, parse
from tui.archive import kept_lessons
from tui.archive.errors import SharingError
from tui.archive.kept_lessons import forget_lesson, keep_lesson, kept_lesson
from tui.session.session import Session


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_lessons, "user_state_path", lambda name: tmp_path / name)
    return tmp_path / "gradstep" / "lessons"


def left(name="saddle-noise", step=4):
    session = Session.begin(load(name))
    session.go_to(step)
    return session.saved()


def test_a_lesson_is_kept_until_it_is_forgotten(folder):
    assert kept_lesson("saddle-noise", load("saddle-noise")) is None
    assert keep_lesson("saddle-noise", left()) == ""
    assert [path.name for path in folder.iterdir()] == ["saddle-noise.gradstep"]
    found = kept_lesson("saddle-noise", load("saddle-noise"))
    assert (found.cursor.step, found.scenario.file) == (4, "saddle-noise")
    assert keep_lesson("saddle-noise", left(step=6)) == ""
    assert kept_lesson("saddle-noise", load("saddle-noise")).cursor.step == 6
    forget_lesson("saddle-noise")
    forget_lesson("saddle-noise")
    assert kept_lesson("saddle-noise", load("saddle-noise")) is None


def test_lessons_of_files_are_kept_apart_by_their_paths(folder):
    for key in ("/a/rings.toml", "/b/rings.toml", "../rings", "/\udcff"):
        assert keep_lesson(key, left("rings", len(key))) == ""
    assert len(list(folder.iterdir())) == 4
    assert kept_lesson("/b/rings.toml", load("rings")).cursor.step == len("/b/rings.toml")
    assert kept_lesson("rings", load("rings")) is None


@pytest.mark.parametrize("name", [file.stem for file in library_files()])
def test_an_unchanged_lesson_is_recognized(name):
    keep_lesson(name, Session.begin(load(name)).saved())
    assert kept_lesson(name, load(name)) is not None


def test_a_lesson_that_has_changed_since_begins_anew_and_says_so():
    keep_lesson("by-hand", left("by-hand"))
    text = Path("scenarios/library/by-hand.toml").read_text(encoding="utf-8")
    changed = parse(text.replace("learning_rate = 0.1", "learning_rate = 0.2").encode(), "by-hand", Path("."))
    with pytest.raises(SharingError, match="this lesson has changed since you left it, it begins anew"):
        kept_lesson("by-hand", changed)


@pytest.mark.parametrize("content", [b"", b"no run", b"gradstep run 1\n but damaged"])
def test_a_damaged_one_is_left_alone_in_words(folder, content):
    keep_lesson("by-hand", left("by-hand"))
    (folder / "by-hand.gradstep").write_bytes(content)
    with pytest.raises(SharingError, match="the place where you left this lesson cannot be read, it begins anew: "):
        kept_lesson("by-hand", load("by-hand"))


def test_a_disk_that_takes_nothing_is_told(folder):
    folder.parent.mkdir(parents=True)
    folder.write_text("no folder")
    assert keep_lesson("by-hand", left("by-hand")).startswith("the place in this lesson cannot be kept: ")
    assert kept_lesson("by-hand", load("by-hand")) is None


def test_another_seed_is_the_same_lesson():
    session = Session.begin(load("rings"), 7)
    keep_lesson("rings", session.saved())
    assert kept_lesson("rings", load("rings")).seed == 7
