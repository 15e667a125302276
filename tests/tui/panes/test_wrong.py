"""The samples that a network of two inputs puts in the wrong class: marked, counted, gone to, listed."""

import re

import numpy as np
import pytest

from tests.pilot import drive, scenario
from tui.panes import wrong
from tui.panes.registry import PANES
from tui.panes.wrong import LISTED, wrong_answers
from tui.render.palette import look

# z = x₁ + ½: above ½, and so class 1, where x₁ > 0. Samples 1 and 4 lie on the wrong side.
FIVE = """
format = 1
name = "five"
[data]
points = [[-1, -1, 0], [-1, 1, 1], [1, -1, 1], [1, 0.5, 1], [0.5, 1, 0]]
labels = [0, 1]
[[lanes]]
id = "one"
[lanes.parameters]
W1 = [[1, 0]]
b1 = [0.5]
"""
MEASURED = FIVE.replace("labels = [0, 1]\n", "").replace("1, 1]]", "1, 3]]").replace("0]]", "0.2]]")
CLASSES = """
format = 1
name = "classes"
[data]
points = [[-1, 0, 0], [0, 1, 1], [1, 0, 2], [0.5, -1, 0]]
[[lanes]]
id = "one"
loss = "softmax_cross_entropy"
[lanes.parameters]
W1 = [[-1, 0], [0, 2], [1, 0]]
b1 = [0, 0, 0]
"""
DISC = """
format = 1
name = "disc"
[data]
kind = "disc"
samples = 300
[[lanes]]
id = "one"
hidden = [4]
"""


def counted(lines, marks):
    return sum(line.count(mark) for line in lines[:-1] for mark in marks)


def test_the_wrong_ones_are_those_that_accuracy_counts(bench):
    one = bench(DISC)
    for step in (0, 5, 40):
        one.session.go_to(step)
        lane = one.frame().lane
        found = wrong_answers(lane)
        assert len(found.numbers) == round((1 - float(lane.evaluation.train_accuracy)) * len(found.among))


def test_wrong_samples_have_marks_of_their_own_without_colour_too(bench):
    lines = bench(FIVE).draw("function", width=40, height=11)[1]
    glyphs = look("dark", ascii=True).glyphs
    assert counted(lines, glyphs.high_wrong) == counted(lines, glyphs.low_wrong) == 1
    assert counted(lines, glyphs.high_class) == 2
    assert counted(lines, glyphs.low_class) == 1


def test_of_many_classes_too(bench):
    """Sample 3, of class 0, lies where class 2 is answered."""
    lines = bench(CLASSES).draw("function", width=40, height=11)[1]
    assert counted(lines, "A") == 1
    assert counted(lines, "BC") == 0


def test_the_border_counts_them_until_it_has_no_room(bench):
    ways = bench(FIVE).draw("function")[0].subtitles
    assert ways[0] == f"{ways[2]}, 2 of 5 wrong"
    assert not any("wrong" in way for way in ways[1:])


def test_measured_values_are_not_wrong(bench):
    one = bench(MEASURED)
    assert wrong_answers(one.frame().lane) is None
    drawing, lines = one.draw("function", width=40, height=11)
    assert not any("wrong" in way for way in drawing.subtitles)
    assert not counted(lines, "OX")


@pytest.mark.parametrize("width", [44, 60])
def test_where_some_samples_are_drawn_all_wrong_ones_are(bench, width):
    one = bench(DISC)
    one.session.go_to(40)
    view = one.view(width=width, height=14)
    lines = one.draw("function", width=width, height=14)[1]
    points = view.lane.network.data.x[wrong_answers(view.lane).numbers]
    places = np.floor(PANES["function"].scene(view).plot.cells(points)).astype(int)
    found = {(column, row) for row, line in enumerate(lines[:-1]) for column, mark in enumerate(line) if mark in "OX"}
    assert found == set(map(tuple, places.tolist()))
    assert re.search(r"\d+ of 300 drawn( .*wrong)?( .*right)?|wrong", lines[-1])


def test_the_list_begins_with_the_largest_loss(bench):
    """Samples 1 and 4 answer −½ and 1 in place of 1 and 0; half the squares of the differences are the losses."""
    rows = PANES["function"].overview(bench(FIVE).view())
    assert rows[0] == ("2 of 5 wrong, at θ now",)
    assert [(row[0], *row[2:]) for row in rows[3:]] == [
        ("1", "y = 1.000", "-0.5000", "1.125"),
        ("4", "y = 0", "1.000", "0.5000"),
    ]


def test_a_list_of_none_says_so(bench):
    right = FIVE.replace("[-1, 1, 1], ", "").replace(", [0.5, 1, 0]", "")
    assert PANES["function"].overview(bench(right).view()) == [
        ("No training sample is answered wrongly at θ now: 0 of 3 wrong.",)
    ]
    assert PANES["function"].overview(bench(MEASURED).view()) == []


def test_a_long_list_ends_with_how_many_more_there_are(bench):
    text = DISC.replace("hidden = [4]", "[lanes.parameters]\nW1 = [[0, 0]]\nb1 = [1]")
    one = bench(text.replace("samples = 300", "samples = 900"))
    count = len(wrong_answers(one.frame().lane).numbers)
    rows = PANES["function"].overview(one.view())
    assert len(rows) == 3 + LISTED + 1
    assert rows[-1] == (f"… and {count - LISTED} of smaller loss",)


def test_of_large_data_evenly_many_are_looked_at(bench, monkeypatch):
    one = bench(DISC)
    monkeypatch.setattr(wrong, "WORK", 100 * one.frame().lane.network.work)
    found = wrong_answers(one.frame().lane)
    assert found.among == range(0, 300, 3)
    assert set(found.numbers.tolist()) <= set(found.among)
    assert found.words.endswith(" of 100 wrong, 1 of 3 looked at")
    assert "looked at" in one.draw("function")[0].subtitles[0]


def test_from_the_last_one_on_with_the_first(bench):
    found = wrong_answers(bench(FIVE).frame().lane)
    assert [found.after(number) for number in (None, 0, 1, 2, 4)] == [1, 1, 4, 4, 1]
    assert [found.place(number) for number in (1, 2, 4)] == [" (wrong, 1 of 2)", "", " (wrong, 2 of 2)"]


def test_without_a_wrong_sample_or_a_map_the_key_says_so():
    async def none_wrong(driver):
        await driver.press("W")
        assert "one: 0 of 3 wrong" in driver.notes
        assert not driver.simulator.panes.inside

    async def no_map(driver):
        await driver.press("W")
        assert "one has no map of classes" in driver.notes

    right = FIVE.replace("[-1, 1, 1], ", "").replace(", [0.5, 1, 0]", "")
    drive(scenario(right), none_wrong)
    drive(scenario(MEASURED), no_map)
