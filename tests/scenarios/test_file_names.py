"""Exports have telling names, never take another file's place, and are written whole or not at all."""

import pytest

from scenarios.atomic_write import WriteError, file_stem, joined, new_files, write


def test_names_tell_scenario_lane_and_step():
    assert file_stem("disc-depth", 128) == "gradstep-disc-depth-step128"
    assert file_stem("disc-depth", 0, "deep") == "gradstep-disc-depth-deep-step0"
    assert file_stem("a/b ..", 1, "è c\n") == "gradstep-a-b-è-c-step1"


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ("", "a-b"),
        ("../??", "a-b"),
        ("Ana Müller", "a-Ana-Müller-b"),
        ("Mu\u0308ller", "a-Müller-b"),
        ("学" * 60, f"a-{'学' * 20}-b"),
        ("x" * 59 + " y", f"a-{'x' * 59}-b"),
    ],
)
def test_of_each_part_stands_in_a_name_what_any_system_takes(part, named):
    assert joined("a", part, "b") == named


def test_a_name_that_is_taken_is_counted_on_for_all_suffixes(tmp_path):
    assert new_files(tmp_path, "a", lambda name: {".svg": name}) == (tmp_path / "a.svg",)
    (tmp_path / "a.py").touch()
    (tmp_path / "a-2.st").touch()
    made = new_files(tmp_path, "a", lambda name: {".st": name, ".py": f"# {name}"})
    assert made == (tmp_path / "a-3.st", tmp_path / "a-3.py")
    assert [path.read_text() for path in made] == ["a-3", "# a-3"]


def test_a_file_is_written_with_its_folder(tmp_path):
    write(tmp_path / "new" / "a.txt", "δ")
    assert (tmp_path / "new" / "a.txt").read_bytes() == "δ".encode()
    write(tmp_path / "new" / "a.txt", b"\x00")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["a.txt"]
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"\x00"


def test_what_cannot_be_written_is_said_in_words(tmp_path):
    (tmp_path / "file").touch()
    for path, reason in ((tmp_path / "file" / "a", "Not a directory|File exists"), (tmp_path, "not a regular file")):
        with pytest.raises(WriteError, match=f"cannot write .*: ({reason})"):
            write(path, "a")
