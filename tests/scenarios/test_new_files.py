"""No file takes the place of another one, whoever else writes into the same folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scenarios.atomic_write import WriteError, atomic_write, new_file, new_files

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from scenarios.atomic_write import new_files
print("ready", flush=True)
sys.stdin.readline()
for number in range(40):
    new_files(Path(sys.argv[1]), "a", lambda name: {".x": f"{sys.argv[2]} {number}", "-b.y": name})
"""


def test_two_programs_that_write_into_one_folder_lose_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    programs = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for name in ("one", "other")
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    for program in programs:
        program.communicate(timeout=60)
        assert program.returncode == 0
    written = sorted(path.read_text() for path in tmp_path.glob("*.x"))
    assert written == sorted(f"{name} {number}" for name in ("one", "other") for number in range(40))
    names = [path.name.removesuffix(".x") for path in tmp_path.glob("*.x")]
    assert set(os.listdir(tmp_path)) == {f"{name}{suffix}" for name in names for suffix in (".x", "-b.y")}
    assert all((tmp_path / f"{name}-b.y").read_text() == name for name in names)


def test_files_that_belong_together_have_one_name_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a-b.y").symlink_to("nowhere")
    one = {".x": "1", "-b.y": "2"}
    assert new_files(tmp_path, "a", lambda name: one) == (tmp_path / "a-2.x", tmp_path / "a-2-b.y")
    monkeypatch.setattr(os.path, "lexists", lambda path: False)  # it appears after somebody has looked
    assert new_files(tmp_path, "a", lambda name: one) == (tmp_path / "a-3.x", tmp_path / "a-3-b.y")
    assert not (tmp_path / "a.x").exists()


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_never_replaces_what_appears_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    path = tmp_path / "a.csv"
    if not links:  # as on file systems that have none
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(PermissionError(1, "not permitted")))
    with new_file(path) as file:
        file.write(b"mine")
    assert path.read_bytes() == b"mine"
    path.unlink()
    with pytest.raises(WriteError, match="File exists"), new_file(path):
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("target", ["there", "nowhere", "link"])
def test_a_link_is_a_file_of_that_name(tmp_path: Path, target: str) -> None:
    (tmp_path / "there").write_text("old")
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(WriteError, match="File exists"), new_file(tmp_path / "link"):
        pytest.fail("it was opened")
    assert (tmp_path / "there").read_text() == "old"
    assert not (tmp_path / "nowhere").exists()


def test_what_a_dead_program_left_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / f".a.csv.{os.getpid()}.part").touch()
    with atomic_write(tmp_path / "a.csv") as file:
        file.write(b"new")
    assert (tmp_path / "a.csv").read_bytes() == b"new"


def test_the_longest_name_that_a_folder_takes_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("字" * 85)
    with atomic_write(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


def test_a_file_may_be_read_by_whom_the_user_lets_read(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with new_file(tmp_path / "new"):
        pass
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode
