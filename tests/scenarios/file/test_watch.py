"""`watch`: what a scenario begins to watch, and what is refused."""

import re
from pathlib import Path

import pytest

from scenarios.errors import ScenarioError
from scenarios.export.continuation import continued
from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.file.loader import load, parse
from scenarios.runs.build import build

BASE = """
format = 1
name = "watched"
steps = 40
watch = [WATCH]
[data]
kind = "disc"
samples = 9
[[lanes]]
id = "one"
hidden = [2]
[[lanes]]
id = "two"
hidden = [2, 3]
[[quiz]]
set = { lanes.two.hidden = [1] }
at = 3
ask = "How much is it?"
answer = "two.train_loss"
"""
GIVEN = ("one.W1[1,0]", "two.b2[2] - one.b1[0]", "step**2")
QUOTED = ", ".join(f'"{text}"' for text in GIVEN)


def read(watch=QUOTED):
    return parse(BASE.replace("WATCH", watch).encode(), "my.toml", Path())


def test_what_is_given_is_watched_each_once_and_nothing_by_default():
    assert read().watch == GIVEN
    assert read(f'{QUOTED}, " one.W1[1,0] "').watch == GIVEN
    assert parse(BASE.replace("watch = [WATCH]\n", "").encode(), "my.toml", Path()).watch == ()


@pytest.mark.parametrize(
    ("watch", "says"),
    [
        ('"one.W1[2,0]"', 'my.toml: watch[0]: "one.W1[2,0]": a unit of layer 1 is one of 0 to 1, not 2'),
        (f'{QUOTED}, "on.W1[0,0]"', 'watch[3]: unknown lane "on" in "on.W1[0,0]"; known: one, two, any, all'),
        ('"one.test_los"', 'did you mean "test_loss"?'),
        ('"one.W1[0,0] > 1"', 'watch[0]: "one.W1[0,0] > 1" is a condition; allowed: a number at every step'),
        ('"first_step(step > 1)"', 'watch[0]: found "first_step", which looks at a whole run'),
        (", ".join(['"step"'] * 17), "watch: found an array of 17; allowed: an array of at most 16, each text"),
        ("3", "watch[0]: found 3"),
    ],
)
def test_what_is_no_number_of_the_lanes_is_refused(watch, says):
    with pytest.raises(ScenarioError, match=re.escape(says)):
        read(watch)


def test_what_a_changed_lane_does_not_have_is_left_out(tmp_path):
    file = tmp_path / "my.toml"
    file.write_text(BASE.replace("WATCH", QUOTED), encoding="utf-8")
    assert load(str(file), ["lanes.two.hidden=[2]"]).watch == ("one.W1[1,0]", "step**2")
    assert load(str(file), ["lanes.two.hidden=[2,4]"]).watch == GIVEN
    with pytest.raises(ScenarioError, match="watch"):
        load(str(file), ['watch=["one.W9[0,0]"]'])


def test_it_stands_in_what_is_written_out_as_far_as_the_lanes_are_there():
    scenario = read()
    assert parse(toml_text(self_contained(scenario)).encode(), "again.toml", Path()).watch == GIVEN
    first = continued(scenario, 0, build(scenario)[:1], 40)
    assert parse(toml_text(first).encode(), "again.toml", Path()).watch == ("one.W1[1,0]", "step**2")
