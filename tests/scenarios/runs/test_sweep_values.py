"""What `--vary` means: lists, ranges, and what is refused in words."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.errors import ScenarioError
from scenarios.runs.sweep_values import MAX_VALUES, parse_varied


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("data.noise=0.1,0.2", ("0.1", "0.2")),
        ("data.noise= 0.1 , 0.2 ", ("0.1", "0.2")),
        ("defaults.activation=relu,tanh", ("relu", "tanh")),
        ('defaults.activation="relu",tanh', ('"relu"', "tanh")),
        ("lanes.a.hidden=[8],[8, 8]", ("[8]", "[8, 8]")),
        ('defaults.init=he,{ name = "he", scale = 2 }', ("he", '{ name = "he", scale = 2 }')),
        ("batch_size=1..5:5", ("1", "2", "3", "4", "5")),
        ("batch_size=5..1:3", ("5", "3", "1")),
        ("batch_size=8..64:4:log", ("8", "16", "32", "64")),
        ("l2=0.1..0.5:5", ("0.1", "0.2", "0.3", "0.4", "0.5")),
        ("l2=1e-3..1:4:log", ("1e-3", "0.01", "0.1", "1")),
        ("l2=1..2:3", ("1", "1.5", "2")),
        ("l2=-1..1:3", ("-1", "0", "1")),
        ("l2=.5..1:2", ("0.5", "1")),
        ("l2=0,0.1..0.2:2", ("0", "0.1", "0.2")),
    ],
)
def test_values_are_texts_that_set_takes(text: str, texts: tuple[str, ...]) -> None:
    assert parse_varied(text).texts == texts


def test_values_are_toml_else_text() -> None:
    assert parse_varied('k=1,2.5,relu,"tanh",[1]').values == (1, 2.5, "relu", "tanh", [1])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "allowed: KEY=V1,V2,…"),
        ("l2", "allowed: KEY=V1,V2,…"),
        ("=1,2", "allowed: KEY=V1,V2,…"),
        ("a..b=1,2", "allowed: KEY=V1,V2,…"),
        ("l2=", "allowed: KEY=V1,V2,…"),
        ("l2=1,,2", "found an empty value"),
        ("l2=1,2,", "found an empty value"),
        ("l2=1,1.0", '"1.0" stands there twice'),
        ("l2=0..1:3,0.5", '"0.5" stands there twice'),
        ("hidden=[8", "[ is not closed"),
        ('k="a,b', '" is not closed'),
        ("l2=1..2", 'found "1..2"'),
        ("l2=1..2:", 'found "1..2:"'),
        ("l2=1..2:3:cosine", 'found "1..2:3:cosine"'),
        ("l2=1..x:3", 'found "1..x:3"'),
        ("l2=1..2:1", "found 1 values"),
        ("l2=1..2:99999999999", f"allowed: 2 to {MAX_VALUES:,}"),
        ("l2=1..1:3", "two different numbers"),
        ("l2=1e999..1:3", "two different numbers"),
        ("l2=0..1:3:log", "numbers greater than 0"),
        ("seed=1,2", "--seeds K"),
    ],
)
def test_what_is_wrong_is_said_on_one_line(text: str, says: str) -> None:
    with pytest.raises(ScenarioError) as error:
        parse_varied(text)
    assert str(error.value).startswith(f"--vary {text}".strip())
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_more_values_than_allowed_are_refused() -> None:
    with pytest.raises(ScenarioError, match="more than 1,000 values"):
        parse_varied("k=" + ",".join(map(str, range(MAX_VALUES + 1))))


finite = st.floats(1e-6, 1e6)


@given(finite, finite, st.integers(2, 30), st.booleans())
def test_a_range_goes_from_end_to_end_in_one_direction(low: float, high: float, count: int, log: bool) -> None:
    if max(low, high) / min(low, high) < 1.001:
        return
    values = parse_varied(f"k={low!r}..{high!r}:{count}{':log' * log}").values
    assert len(values) == count
    assert (values[0], values[-1]) == (low, high)
    assert list(values) == sorted(values, reverse=low > high)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for vary in (text, f"k={text}"):
        with suppress(ScenarioError):
            assert parse_varied(vary).texts
