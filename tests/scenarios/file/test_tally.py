"""`[tally]`: what is counted of one start after the other, and what is refused."""

import re
from pathlib import Path

import pytest

from scenarios.errors import ScenarioError
from scenarios.file.loader import load, parse

BASE = """
format = 1
name = "starts"
steps = 40
[data]
kind = "disc"
samples = 9
[[lanes]]
id = "one"
hidden = [2]
[[lanes]]
id = "two"
"""


def read(tally=""):
    return parse((BASE + tally).encode(), "my.toml", Path()).tally


def test_what_is_left_out_is_the_train_loss_at_the_end_without_values():
    plan = read()
    assert (plan.at, plan.of, plan.values, plan.names) == (40, "train_loss", (), ())
    assert [str(end) for end in plan.ends] == ["one.train_loss", "two.train_loss"]


def test_what_is_given_is_read():
    plan = read('[tally]\nat = 7\nof = "grad_norm[1]"\nvalues = [0, 0.5]\nwithin = 0.1\n')
    assert (plan.at, plan.values, plan.names, plan.within) == (7, (0, 0.5), ("0", "0.5"), 0.1)
    assert [str(end) for end in plan.ends] == ["one.grad_norm[1]", "two.grad_norm[1]"]


def test_xor_starts_names_the_four_places_where_it_ends():
    assert load("xor-starts").tally.names == ("0", "1/16", "1/12", "1/8")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("at = -1", "tally.at: found -1; allowed: an integer, at least 0"),
        ('of = "los"', 'tally.of: unknown quantity "los"; known: train_loss, '),
        ('of = "grad_norm[2]"', 'tally.of: lane "two" has layers 1 to 1, not "2"'),
        ('of = "train_loss + 1"', 'tally.of: found "train_loss + 1"; allowed: a quantity, without a lane'),
        ('of = "train_loss < 1"', 'tally.of: found "one.train_loss < 1", a comparison; allowed: a number'),
        ("values = [0, 0.0]", "tally.values: found a value twice; allowed: each once"),
        (
            "values = [1, 2, 3, 4, 5, 6, 7, 8, 9]",
            "tally.values: found an array of 9; allowed: an array of at most 8, each a number",
        ),
        ('values = [0, 1]\nnames = ["a"]', "tally.names: found 1 for 2 values; allowed: one for each, or none at all"),
        ('names = ["a"]', "tally.names: found 1 for 0 values; allowed: one for each, or none at all"),
        ('values = [0]\nnames = ["a long name for it"]', "tally.names[0]: found "),
        ('values = [0]\nnames = ["  "]', "tally.names[0]: found blanks; allowed: words"),
        ("within = 0", "tally.within: found 0; allowed: "),
        ("witin = 1", 'tally.witin: unknown key; allowed: at, of, values, names, within; did you mean "within"?'),
    ],
)
def test_what_is_wrong_is_told(body, message):
    with pytest.raises(ScenarioError) as error:
        read(f"[tally]\n{body}\n")
    assert re.match(re.escape(f"my.toml: {message}"), str(error.value)), str(error.value)
