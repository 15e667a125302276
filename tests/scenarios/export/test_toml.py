"""Whatever is written reads back through the standard library's parser."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.export.toml import toml_text

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\"'\\nu#=[]"), max_size=20)
keys = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1)
plain = st.booleans() | numbers | texts
rows = st.lists(st.lists(numbers, max_size=4), max_size=4)
inline = st.dictionaries(keys, plain | st.lists(plain, max_size=3), max_size=3)
inner = st.dictionaries(
    keys, plain | rows | st.lists(plain, max_size=4) | inline | st.lists(inline, max_size=3), max_size=4
)
names = st.text("abcxyz_-09", min_size=1, max_size=6)


def exact(value):
    """A value in which 1 and 1.0 and True, 0.0 and -0.0 differ."""
    if isinstance(value, dict):
        return {key: exact(inner) for key, inner in value.items()}
    return [exact(item) for item in value] if isinstance(value, list) else repr(value)


@given(st.dictionaries(names, plain | rows | inner | st.lists(inner, max_size=3), max_size=6))
def test_any_tables_read_back(table):
    assert exact(tomllib.loads(toml_text(table))) == exact(table)


def test_it_looks_as_people_write_it():
    lane = {"id": "a", "hidden": [3, 3], "optimizer": {"name": "sgd", "learning_rate": 1e-08}}
    edit = {"at": 5, "set": {"W1[0,1]": 0.5}}
    table = {"format": 1, "text": 'One "quoted"\ntwo', "data": {"points": [[0.1, 1], [0.2, 2]]}}
    assert (
        toml_text({**table, "lanes": [{**lane, "edits": [edit]}]})
        == '''\
format = 1
text = """
One \\"quoted\\"
two"""

[data]
points = [
    [0.1, 1],
    [0.2, 2],
]

[[lanes]]
id = "a"
hidden = [3, 3]
optimizer = { name = "sgd", learning_rate = 1e-08 }
edits = [
    { at = 5, set = { "W1[0,1]" = 0.5 } },
]
'''
    )


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        toml_text({"a": float("nan")})
