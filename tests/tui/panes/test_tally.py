"""The pane tally: a row a place, a column a lane, at any size."""

import pytest

from tests.tui.conftest import LANES
from tui.session.actions import CountStart, do

VALUES = '[tally]\nat = 30\nvalues = [0, 0.0625, 0.0833, 0.125]\nnames = ["0", "1/16", "1/12", "1/8"]\n'
THREE = LANES + '[[lanes]]\nid = "linear"\n'
ENDS = [(0, 0, 0.0625), (0.0833, 0, 0.0625), (0.125, 0, 0)]


@pytest.fixture
def counted(bench):
    """Three starts of three lanes."""
    one = bench(THREE + VALUES)
    for seed, ends in enumerate(ENDS):
        do(one.session, CountStart(seed, ends))
    return one


def test_nothing_counted_says_how_to(bench):
    _, lines = bench(THREE + VALUES).draw("tally", width=60, height=5)
    assert "Nothing is counted yet: T trains to step 30 and counts." in "\n".join(lines)


def test_counts_stand_beside_bars_that_are_full_where_all_starts_end(counted):
    drawing, lines = counted.draw("tally", width=46, height=7)
    assert [line.rstrip() for line in lines] == [
        "          wide        deep        linear",
        "0         1 ###       3 ######### 1 ###",
        "1/16      0           0           2 ######",
        "1/12      1 ###       0           0",
        "1/8       1 ###       0           0",
        "",
        "",
    ]
    assert drawing.titles[0] == "tally · train_loss at step 30 · 3 starts"
    assert drawing.subtitles[0] == "seed 2: wide 1/8, deep 0, linear 0"


def test_in_little_room_there_are_counts_alone(counted):
    _, lines = counted.draw("tally", width=24, height=5)
    assert [line.rstrip() for line in lines] == [
        "          wid dee lin",
        "0         1   3   1",
        "1/16      0   0   2",
        "1/12      1   0   0",
        "1/8       1   0   0",
    ]


def test_rows_without_a_line_are_one(counted):
    do(counted.session, CountStart(9, (0.5, None, 0)))
    _, lines = counted.draw("tally", width=24, height=5)
    assert [line.rstrip() for line in lines[1:]] == [
        "0         1   3   2",
        "1/16      0   0   2",
        "1/12      1   0   0",
        "others    2   1   0",
    ]
    _, lines = counted.draw("tally", width=24, height=6)
    assert lines[-1].rstrip() == "elsewhere 1   1   0"


def test_without_values_the_lowest_lanes_are_counted(bench):
    one = bench()
    for seed, ends in enumerate([(1, 2), (1, 3), (2, 1)]):
        do(one.session, CountStart(seed, ends))
    drawing, lines = one.draw("tally", width=30, height=4)
    assert [line.rstrip() for line in lines] == [
        "        lowest",
        "wide    2 #############",
        "deep    1 ######",
        "",
    ]
    assert drawing.subtitles[0] == "seed 2: lowest train_loss: deep"


@pytest.mark.parametrize("ascii", [True, False])
@pytest.mark.parametrize("color", [True, False])
def test_it_fills_any_room(counted, ascii, color):
    for width in range(1, 90):
        for height in range(12):
            _, lines = counted.draw("tally", width=width, height=height, ascii=ascii, color=color)
            assert [len(line) for line in lines] == [width] * height
            assert not ascii or "".join(lines).isascii()
