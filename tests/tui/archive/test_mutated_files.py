"""Files that somebody or something damaged: a scenario all the same, or refused in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from scenarios.errors import ScenarioError
from scenarios.file.csv_samples import read_samples
from scenarios.file.loader import library_files, load, parse
from tests.undo import undo
from tui.lesson import recording
from tui.session.actions import Branch, Close, Rename, SetParameter, do
from tui.session.session import Session

PIECES = [
    b"nan",
    b"-1",
    b"1e999",
    b"9" * 20,
    b"9" * 5000,
    b"[",
    b"]",
    b"{",
    b"}",
    b'"',
    b"'''",
    b"\\",
    b"=",
    b".",
    b"\0",
]
PIECES += [
    b"\xff",
    b"\r",
    b"\n",
    b"#",
    b"true",
    b"[[",
    b"x" * 300,
    b"a." * 150,
    b"[" * 300,
    b'"""',
    b"null",
    b",",
    b"  ",
]


def mutated(content: bytes, draw: Random) -> bytes:
    """The bytes with one to three changes."""
    for _ in range(draw.randint(1, 3)):
        start = draw.randint(0, len(content))
        end = min(len(content), start + draw.choice([0, 1, 1, 4, 40]))
        put = draw.choice([b"", draw.choice(PIECES), bytes([draw.randrange(256)]), content[start:end] * 2])
        content = content[:start] + put + content[end:]
    return content


def loaded_or_refused(load: Callable[[], object]) -> None:
    try:
        load()
    except ScenarioError as error:
        message = str(error)
    else:
        return
    assert len(message.splitlines()) == 1
    assert message.isprintable()


@pytest.mark.parametrize("path", library_files(), ids=lambda path: path.stem)
def test_a_scenario(path: Path) -> None:
    draw, content = Random(path.stem), path.read_bytes()
    for _ in range(12):
        loaded_or_refused(lambda: parse(mutated(content, draw), path.name, path.parent))


@pytest.mark.parametrize("seed", range(200))
def test_a_table_of_samples(seed: int, tmp_path: Path) -> None:
    draw = Random(seed)
    content = b"x1,x2,y1\n" + b"".join(b"%f,%f,%d\n" % (draw.random(), draw.random(), k % 2) for k in range(9))
    (tmp_path / "a.csv").write_bytes(mutated(content, draw))
    try:
        x, y = read_samples(tmp_path, "a.csv")
    except ValueError as error:
        message = str(error)
    else:
        assert len(x) == len(y) > 0
        return
    assert len(message.splitlines()) == 1


@pytest.fixture(scope="module")
def homework() -> bytes:
    session = Session.begin(load("by-hand"))
    session.next_step()
    do(session, Branch(0, set={"optimizer": {"learning_rate": 0.3}}))
    do(session, SetParameter(0, 1, 0.25, "set"))
    session.into()
    do(session, Rename(1, "mine"))
    do(session, Close(0))
    undo(session)
    session.go_to(5)
    return recording.recorded(session).encode()


@pytest.mark.parametrize("seed", range(150))
def test_a_lesson_run(seed: int, homework: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_WORK", 10**9)
    content = mutated(homework, Random(seed))
    loaded_or_refused(lambda: recording.repeat(recording.read(content, "run.json"), "run.json"))
