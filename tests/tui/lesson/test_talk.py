"""A scenario as it is told: by its guide, its stops, or its two ends; and how stops are read."""

import re

import pytest

from scenarios.errors import ScenarioError
from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.file.loader import load
from tests.pilot import scenario
from tui.lesson.talk import talk

PLAIN = """
format = 1
name = "plain"
title = "A line"
steps = 40
[data]
expression = "x"
domain = [-1, 1]
samples = 5
[[lanes]]
id = "one"
"""
STOPS = '[[stops]]\nat = 30\nname = "late"\n[[stops]]\nat = 10\nname = "early {on}"\n'


def told(one):
    return [(stage.say.parts[0], stage.go.step) for stage in talk(one).guide]


def test_a_guide_is_told_as_it_is():
    one = load("disc-depth")
    assert talk(one) is one


def test_stops_are_told_in_their_order_after_the_start():
    assert told(scenario(PLAIN + STOPS)) == [("A line", 0), ("early {on}", 10), ("late", 30)]
    assert told(scenario(PLAIN + STOPS.replace("at = 10", "at = 0"))) == [("early {on}", 0), ("late", 30)]


def test_without_stops_there_are_the_start_and_the_end():
    assert told(scenario(PLAIN)) == [("A line", 0), ("the end", 40)]


@pytest.mark.parametrize("text", [PLAIN, PLAIN + STOPS.replace(" {on}", "")])
def test_what_is_told_can_be_written_out_and_read_again(text):
    one = talk(scenario(text))
    again = scenario(toml_text(self_contained(one)))
    assert [stage.title for stage in again.guide] == [stage.title for stage in one.guide]
    assert again.stops == one.stops


@pytest.mark.parametrize(
    ("stops", "said"),
    [
        ('[[stops]]\nat = 1\nname = " "', "stops[0].name: found blanks; allowed: a name of its own"),
        ('[[stops]]\nat = 1\nname = "a"\n' * 2, 'stops[1].name: found "a" a second time; allowed: a name of its own'),
        ("[[stops]]\nat = 1", "stops[0].name"),
        ('[[stops]]\nat = -1\nname = "a"', "stops[0].at"),
        ('[[stops]]\nstep = 1\nname = "a"', "stops[0].step"),
        ("".join(f'[[stops]]\nat = {one}\nname = "{one}"\n' for one in range(12)), "at most 11"),
    ],
)
def test_bad_stops_are_refused_in_words(stops, said):
    with pytest.raises(ScenarioError, match=re.escape(said)):
        scenario(PLAIN + stops)
