"""Only regular files are opened, and nothing is waited for."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from scenarios.errors import ScenarioError
from scenarios.file.csv_samples import read_samples
from scenarios.file.loader import load
from scenarios.regular_file import open_regular, read_regular


def test_a_regular_file_is_read_also_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert read_regular(tmp_path / "link") == b"content"


def test_a_file_as_large_as_the_limit_is_read_and_a_larger_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    assert read_regular(path, 7) == b"content"
    with pytest.raises(OSError, match="larger than 6 bytes") as caught:
        read_regular(path, 6)
    assert (caught.value.errno, caught.value.filename) == (errno.EFBIG, str(path))


def special(folder: Path, kind: str) -> Path:
    """A path in a folder, or elsewhere, to something of that kind."""
    path = folder / kind
    match kind:
        case "a named pipe":
            os.mkfifo(path)
        case "a device":
            path = Path("/dev/zero")
        case "a socket":
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(str(path))
    return path


@pytest.mark.parametrize("kind", ["a named pipe", "a device", "a socket"])
def test_what_is_no_regular_file_is_refused_in_words(tmp_path: Path, kind: str) -> None:
    path = special(tmp_path, kind)
    with pytest.raises(OSError, match=f"it is {kind}; allowed: a regular file") as caught:
        open_regular(path)
    assert caught.value.filename == str(path)


def test_a_pipe_that_takes_the_place_of_a_file_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    regular = tmp_path / "file"
    regular.touch()
    seen = os.stat(regular)
    monkeypatch.setattr(os, "stat", lambda path: seen)
    with pytest.raises(OSError, match="a named pipe"):
        open_regular(special(tmp_path, "a named pipe"))


@pytest.mark.parametrize("name", ["nosuch", "a\0b", "."])
def test_what_cannot_be_opened_says_why(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match=r".+") as caught:
        open_regular(tmp_path / name)
    assert caught.value.strerror
    assert caught.value.filename


def test_a_scenario_is_not_read_from_a_pipe(tmp_path: Path) -> None:
    path = special(tmp_path, "a named pipe")
    with pytest.raises(ScenarioError, match="cannot read it: it is a named pipe"):
        load(str(path))


def test_samples_are_not_read_from_a_pipe(tmp_path: Path) -> None:
    path = special(tmp_path, "a named pipe")
    with pytest.raises(ValueError, match="named pipe"):
        read_samples(tmp_path, path.name)


def test_a_name_that_is_no_text_is_refused_in_words(tmp_path):
    path = tmp_path / os.fsdecode(b"a\xff.toml")
    path.write_text("format = 1")
    with pytest.raises(OSError, match="no text in UTF-8"):
        open_regular(path)
    with pytest.raises(ScenarioError, match="no text in UTF-8") as refused:
        load(str(path))
    assert str(refused.value).isprintable()
