"""What must hold whatever happened: each check raises AssertionError with what is wrong."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import numpy as np

from scenarios.export.provenance import META
from scenarios.file.loader import load
from tui.archive.saved_run_file import open_run
from tui.lesson.recording import read

ESCAPE = re.compile(rb"\x1b\[[0-9;:<=>?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[^\[\]]|[\r\n]")
MODES = {1049: b"l", 25: b"h", 1000: b"l", 1003: b"l", 1006: b"l", 2004: b"l"}
"""Private modes of the terminal, as they are to be left: its own screen, a cursor, no mouse, plain pastes."""

Files = dict[str, str]
"""The hash of each file by its name."""


def plain(written: bytes) -> str:
    """The text in what was written to a terminal, in the order in which it was written."""
    return ESCAPE.sub(b"", written).decode(errors="replace")


def no_traceback(written: bytes) -> None:
    """Nothing that was written to the terminal is of a traceback."""
    at = written.find(b"Traceback")
    assert at < 0, plain(written[at:])


def terminal_is_clean(written: bytes) -> None:
    """A program left the terminal as a shell wants it, and said nothing afterwards."""
    for mode, left in MODES.items():
        switched = re.findall(rb"\x1b\[\?%d([hl])" % mode, written)
        assert switched, f"mode {mode} was not touched in the end"
        assert switched[-1] == left, f"mode {mode} is left {switched[-1].decode()}"
    after = plain(written.rsplit(b"\x1b[?1049l", 1)[1]).strip()
    assert not after, f"after the end it says {after}"


def files_of(folder: Path) -> Files:
    """What is in a folder."""
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.is_file()}


def files_are_kept(before: Files, now: Files) -> None:
    """Every file that was there is there, byte for byte."""
    lost = [name for name, content in before.items() if now.get(name) != content]
    assert not lost, f"lost or written over: {lost}"


def exports_are_whole(folder: Path, killed: bool = False) -> None:
    """What was exported into a folder can be read again; half a file is left there by programs that were killed only,
    and not under the name of a whole one."""
    for file in folder.iterdir():
        assert killed or not file.name.endswith(".part"), f"left behind: {file.name}"
        match file.suffix:
            case ".gradstep":
                open_run(file)
            case ".json" if file.name.endswith(META):
                json.loads(file.read_bytes())
            case ".json":
                read(file.read_bytes(), file.name)
            case ".toml":
                load(str(file))
            case ".npz":
                with np.load(file, allow_pickle=False) as record:
                    assert all(record[name] is not None for name in record)
            case ".py":
                compile(file.read_bytes(), file.name, "exec")


def done_or_refused(status: int, out: str, error: str, name: str) -> None:
    """A command ended well, or refused a file with one line that names it."""
    assert "Traceback" not in out + error, error
    if status == 0:
        assert error == "", error
        return
    assert status == 2, f"status {status}: {error}"
    assert error.count("\n") == 1, f"no single line: {error!r}"
    assert error.startswith("gradstep: "), error
    assert error[:-1].isprintable(), f"not printable: {error!r}"
    assert name in error or "terminal" in error, f"does not name {name}: {error}"


def is_json(out: str) -> None:
    """One JSON object, without NaN."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} in JSON")

    json.loads(out, parse_constant=refuse)
