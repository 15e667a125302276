"""The file of a sweep: written row by row, gone on with, and never taken for another one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scenarios.atomic_write import WriteError
from scenarios.export.sweep_csv import OtherFileError, SweepFile, meta_path
from scenarios.runs.parallel import Workers
from scenarios.runs.sweep import Row, Sweep, jobs_of, plan_sweep, rows_of

TEXT = """
format = 1
name = "my"
seed = 3
steps = 5
[data]
kind = "line"
samples = 9
[[lanes]]
id = "a"
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "b"
hidden = [2]
optimizer = { name = "sgd", learning_rate = 1e200 }
"""
ABOUT = {"scenario": "my", "seeds": 3}
Rows = dict[tuple[int, int], Row]


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    (tmp_path / "my.toml").write_text(TEXT)
    return plan_sweep(str(tmp_path / "my.toml"), ["defaults.l2=0,1e-1", "defaults.init=he,{ name = 'he' }"], seeds=3)


@pytest.fixture
def rows(sweep: Sweep) -> Rows:
    with Workers(1).ready() as crew:
        return {(row.setting, row.seed): row for part in rows_of(jobs_of(sweep, (), 1), crew) for row in part}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.csv"


def file(path: Path, sweep: Sweep, **about: Any) -> SweepFile:
    return SweepFile(path, sweep, ABOUT | about)


def whole(path: Path, sweep: Sweep, rows: Rows) -> bytes:
    one = file(path, sweep)
    one.begin(force=False)
    one.append(rows.values())
    one.finish(rows)
    return path.read_bytes()


def test_a_line_is_a_rows_lane_with_every_setting_as_a_column(path: Path, sweep: Sweep, rows: Rows) -> None:
    lines = whole(path, sweep, rows).decode().splitlines()
    assert lines[0].startswith("defaults.l2,defaults.init,seed,lane,train_loss,test_loss,")
    assert len(lines) == 1 + 4 * 3 * 2
    assert lines[1].startswith("0,he,3,a,")
    assert lines[-1].startswith("1e-1,{ name = 'he' },5,b,")
    assert json.loads(meta_path(path).read_text()) == ABOUT
    assert meta_path(path).name == "out.csv.meta.json"


def test_what_is_read_is_what_was_written_to_the_last_bit(path: Path, sweep: Sweep, rows: Rows) -> None:
    whole(path, sweep, rows)
    assert file(path, sweep).begin(force=False) == rows
    assert any(row.lanes["b"]["train_loss"] is None for row in rows.values())


def test_the_file_is_the_same_whatever_the_order_in_which_rows_get_done(
    path: Path, sweep: Sweep, rows: Rows, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    turned = dict(reversed(rows.items()))
    assert whole(other, sweep, turned) == whole(path, sweep, rows)


@pytest.mark.parametrize("cut", [1, 5, 30, 500, 1000, 1500])
def test_a_file_that_was_cut_anywhere_is_gone_on_with(path: Path, sweep: Sweep, rows: Rows, cut: int) -> None:
    content = whole(path, sweep, rows)
    path.write_bytes(content[:-cut])
    one = file(path, sweep)
    there = one.begin(force=False)
    assert there.items() <= rows.items()
    assert len(there) >= len(rows) - 1 - cut // 100
    left = {key: row for key, row in rows.items() if key not in there}
    one.append(left.values())
    one.finish({**there, **left})
    assert path.read_bytes() == content


def test_a_file_that_was_only_begun_is_gone_on_with(path: Path, sweep: Sweep, rows: Rows) -> None:
    file(path, sweep).begin(force=False)
    for content in (path.read_bytes(), b"", b"defaults.l2,def"):
        path.write_bytes(content)
        assert file(path, sweep).begin(force=False) == {}
        assert path.read_bytes().endswith(b",diverged_at\n")
    path.unlink()
    assert file(path, sweep).begin(force=False) == {}


def test_a_file_of_another_call_is_refused_in_words_and_stays(path: Path, sweep: Sweep, rows: Rows) -> None:
    content = whole(path, sweep, rows)
    with pytest.raises(OtherFileError) as error:
        file(path, sweep, seeds=4).begin(force=False)
    assert str(error.value) == (
        f"{path} is of another call: seeds is 3 there, and 4 here; it is overwritten with --force only"
    )
    assert path.read_bytes() == content
    assert file(path, sweep, seeds=4).begin(force=True) == {}
    assert json.loads(meta_path(path).read_text())["seeds"] == 4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b,c\n", "line 1: its columns are other ones"),
        (b"\xff\xfe\n", "line 1: its columns are other ones"),
        (b"HEADx\n", 'line 2: no row of this sweep: "x"'),
        (b"HEAD0,he,3,c,1\n", "line 2: no row of this sweep"),
        (b"HEADFIRSTFIRST", "line 3: the row is there twice"),
        (b"HEADFIRST" + b"0,he,9,a\n", "line 3: no row of this sweep"),
    ],
)
def test_a_file_of_something_else_is_refused_and_stays(
    path: Path, sweep: Sweep, rows: Rows, content: bytes, says: str
) -> None:
    lines = whole(path, sweep, rows).splitlines(keepends=True)
    content = content.replace(b"HEAD", lines[0]).replace(b"FIRST", lines[1])
    path.write_bytes(content)
    with pytest.raises(OtherFileError) as error:
        file(path, sweep).begin(force=False)
    assert says in str(error.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("meta", [None, b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_without_a_word_of_what_it_is_a_file_is_refused(path: Path, sweep: Sweep, meta: bytes | None) -> None:
    path.write_text("mine")
    if meta is not None:
        meta_path(path).write_bytes(meta)
    with pytest.raises(OtherFileError, match=r"out\.csv"):
        file(path, sweep).begin(force=False)
    assert path.read_text() == "mine"


def test_a_folder_that_is_not_there_is_said(sweep: Sweep, tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="cannot write"):
        file(tmp_path / "no" / "out.csv", sweep).begin(force=False)
