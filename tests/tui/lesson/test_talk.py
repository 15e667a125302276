"""A scenario as it is told: by its guide, its stops, or its two ends; and how stops are read."""

import re
from pathlib import Path

import pytest

from scenarios.errors import ScenarioError
from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.file.document import Document
from scenarios.file.loader import load
from scenarios.file.overrides import parse_override
from scenarios.file.resolve import resolve
from scenarios.guide import GuidePlace, NamedOperation
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


INSIDE = '[[stops]]\nat = 3\nname = "inside"\noperation = "one.delta 1"\nnote = "and\twhy"\n'


def test_a_stop_inside_a_step_is_told_with_its_note_at_its_operation():
    one = talk(scenario(PLAIN + INSIDE))
    assert one.guide[1].say.parts == ("inside: and why",)
    assert one.guide[1].go == GuidePlace(3, NamedOperation("delta", 1, "one"))
    assert scenario(toml_text(self_contained(one))).guide == one.guide


def test_a_stage_goes_to_a_stop_by_its_name():
    stage = '[[guide]]\ntitle = "There"\nsay = "Look."\ngo = "inside"\n'
    assert scenario(PLAIN + stage + INSIDE).guide[0].go == GuidePlace(3, NamedOperation("delta", 1, "one"))
    said = 'guide[0].go: found "inside"; allowed: a step, or the name of a stop, and the file has none'
    with pytest.raises(ScenarioError, match=re.escape(said)):
        scenario(PLAIN + stage)
    said = 'found "insid"; allowed: a step, or "inside"; did you mean "inside"?'
    with pytest.raises(ScenarioError, match=re.escape(said)):
        scenario(PLAIN + stage.replace("inside", "insid") + INSIDE)


def test_a_stop_at_an_operation_that_a_changed_scenario_lacks_is_left_out():
    one = scenario(PLAIN.replace('id = "one"', 'id = "one"\nhidden = [2]') + INSIDE.replace("delta 1", "delta 2"))
    again = resolve(Document("", Path(), one.table), [parse_override("lanes.one.hidden=[]")])
    assert (len(one.stops), again.stops) == (1, ())


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
        (
            '[[stops]]\nat = 1\nname = "a"\noperation = "delta 9"',
            'stops[0].operation: found "delta 9"; allowed: layers',
        ),
        ('[[stops]]\nat = 1\nname = "a"\noperation = "value"', "as one is a network"),
        (f'[[stops]]\nat = 1\nname = "a"\nnote = "{"x" * 201}"', "stops[0].note: found text of 201 characters"),
        ("[[stops]]\nat = 1", "stops[0].name"),
        ('[[stops]]\nat = -1\nname = "a"', "stops[0].at"),
        ('[[stops]]\nstep = 1\nname = "a"', "stops[0].step"),
        ("".join(f'[[stops]]\nat = {one}\nname = "{one}"\n' for one in range(12)), "at most 11"),
    ],
)
def test_bad_stops_are_refused_in_words(stops, said):
    with pytest.raises(ScenarioError, match=re.escape(said)):
        scenario(PLAIN + stops)
