"""What would take long to read is counted before it is parsed, and refused in words; large files that mean
something are read."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.errors import ScenarioError
from scenarios.file import csv_text, toml_reader
from scenarios.file.csv_samples import read_samples
from scenarios.file.loader import load, parse
from scenarios.file.schema import MAX_CLAIMS, MAX_EDITS
from scenarios.file.toml_reader import MAX_DEPTH, MAX_KEY_PARTS, TomlError, read_toml_text

HEAD = 'format = 1\nname = "a"\n[[lanes]]\nid = "a"\n'
DATA = '[data]\nkind = "xor"\n'
CLAIM = '[[claims]]\ntext = ""\ncheck = "a.train_loss < 1"\n'
QUESTION = '[[predict]]\nask = ""\nanswer = "a.train_loss < 1"\n'


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse(text.encode(), "a.toml", Path())
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = [" + "[1]," * 2_000_000 + "]", "arrays of more than 5,000,000 numbers or 1,100,000 rows"),
        ("x = [" + "1," * 6_000_000 + "]", "arrays of more than 5,000,000 numbers or 1,100,000 rows"),
        ("a." * 50_000 + "a = 1", f"line 1: a key of more than {MAX_KEY_PARTS} parts"),
        ("x = 1\n['a' .\"b\"." + "c." * 50_000 + "a]", f"line 2: a key of more than {MAX_KEY_PARTS} parts"),
        ("x = { " + "a." * 50_000 + "a = 1 }", f"line 1: a key of more than {MAX_KEY_PARTS} parts"),
        (HEAD + DATA + CLAIM * 100_000, "more than 1 MiB besides long arrays of numbers"),
        (HEAD + DATA + CLAIM * (MAX_CLAIMS + 1), "claims: found an array of 1001; allowed: an array of at most 1,000"),
        (HEAD + DATA + QUESTION * (MAX_CLAIMS + 1), "predict: found an array of 1001; allowed: an array of at most"),
        (
            HEAD + "[[lanes.edits]]\nat = 1\nset = {}\n" * (MAX_EDITS + 1) + DATA,
            "lanes.a.edits: found an array of 100",
        ),
        (HEAD + f"freeze = {[1] * 100_000}\n" + DATA, "lanes.a.freeze: found an array of 100000; allowed: an array of"),
        ('x = "' + '\\"' * 600_000, "more than 1 MiB besides long arrays of numbers"),
        ('x = """' + '""x' * 600_000, "more than 1 MiB besides long arrays of numbers"),
        ("x = " + "[" * 100_000, f"nested more than {MAX_DEPTH} deep"),
        ("x = " + "[" * 100 + "]" * 100, f"nested more than {MAX_DEPTH} deep"),
    ],
    ids=lambda value: value[:20],
)
def test_what_takes_long_is_refused(text: str, words: str) -> None:
    assert words in refusal(text)


def test_what_takes_long_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tomllib, "loads", lambda *_: pytest.fail("it was parsed"))
    monkeypatch.setattr(toml_reader, "MAX_TEXT", 100)
    for text in ("x = [" + "1.5," * 6_000_000 + "]", "a." * 140 + "a = 1", "# comment\n" * 11):
        with pytest.raises(TomlError):
            read_toml_text(text)


def test_a_file_larger_than_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    with path.open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    with pytest.raises(ScenarioError, match="larger than 64 MiB"):
        load(str(path))


def test_numbers_of_a_long_array_are_not_parsed_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: parsed.append(len(text)) or loads(text))
    points = [[k / 7, -k] for k in range(20_000)]
    text = HEAD + f"[data]\npoints = {points}\n"
    scenario = parse(text.encode(), "a.toml", Path())
    assert scenario.table["data"]["points"] == points
    assert parsed[0] < 200
    assert scenario.data is not None
    assert np.array_equal(scenario.data.sample().x[:, 0], [k / 7 for k in range(20_000)])


def test_a_setting_is_read_by_the_same_rules() -> None:
    text = HEAD + DATA
    for change in ("steps={ " + "a." * 50_000 + "a = 1 }", "a." * 50_000 + "a=1"):
        with pytest.raises(ScenarioError, match=r"steps|allowed: KEY=VALUE"):
            parse(text.encode(), "a.toml", Path(), [change])


numbers = st.sampled_from(["1", "-2", "+3", "1_000", "0.5", "1e3", "-0.0", "inf", "0x1f", "01", "", "1.", "99" * 20])
blanks = st.sampled_from(["", " ", "\n", "\r\n", " # a ]\n", "\t"])
rows = st.lists(st.tuples(numbers, blanks), max_size=90).map(lambda row: "[" + ",".join(a + b for a, b in row) + "]")
matrices = st.tuples(st.lists(rows, max_size=4), blanks, st.sampled_from(["", ","])).map(
    lambda parts: "[" + f",{parts[1]}".join(parts[0]) + parts[2] + "]"
)
text_around = st.sampled_from(
    ['a = "x = {}"', "a = '''\nb = {}\n'''", '"""x = {}"""', "# b = {}", "a = {}", "[a]\nb = {{ c = {}, d = [{}] }}"]
)


@given(st.lists(st.tuples(text_around, st.one_of(rows, matrices)), max_size=4))
def test_a_text_is_read_as_the_parser_alone_reads_it(parts: list[tuple[str, str]]) -> None:
    lines = [f"[t{place}]\n{around.format(array, array)}" for place, (around, array) in enumerate(parts)]
    text = "\n".join(lines)
    try:
        expected = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError) as error:
        with pytest.raises(TomlError) as caught:
            read_toml_text(text)
        line = str(error).partition("(at line ")[2].partition(",")[0]
        assert f"(at line {line}," in str(caught.value) or not line
        return
    assert repr(read_toml_text(text)) == repr(expected)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x1,y1\n" + "\n" * 2_000_001, "more than 2,000,000 lines"),
        ("x1,y1\n" + "," * 2**20, "line 2: longer than 1,048,576 characters"),
        (
            ",".join(f"x{n}" for n in range(1, 1001)) + ",y1\n" + ("1," * 1000 + "1\n") * 10_001,
            "more than 10,000,000 numbers in 1001",
        ),
        ("x1,y1\n" + '"\n' + '","\n' * 1000 + '"', "line 2: a row of more than 100 lines"),
        ("x1,y1\n" + "1,2\n" * 1_000_001, "line 1000002: more than 1,000,000 samples"),
    ],
)
def test_a_csv_that_takes_long_is_refused(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(ValueError, match=words):
        read_samples(tmp_path / "a.csv", "a.csv")


def test_a_csv_larger_than_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("x1,y1\n1,2\n")
    monkeypatch.setattr(csv_text, "MAX_CSV_BYTES", 4)
    with pytest.raises(ValueError, match="larger than"):
        read_samples(tmp_path / "a.csv", "a.csv")


def test_a_csv_of_as_many_samples_as_a_scenario_may_have_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x1,y1\n" + "1.5,-2\n" * 999_999 + '"3", 4 \n')
    samples = read_samples(tmp_path / "a.csv", "a.csv")
    x, y = samples.x, samples.y
    assert (x.shape, y.shape) == ((1_000_000, 1), (1_000_000, 1))
    assert (x[-1, 0], y[-1, 0]) == (3, 4)
