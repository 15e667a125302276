"""Things that are selected by their number, as many as there are."""

import numpy as np
import pytest

from tui.render.selection import Numbered, Sample, Step


@pytest.mark.parametrize("numbers", [range(4), np.array([5, 2, 9])])
def test_they_are_like_a_tuple_of_them(numbers):
    things = Numbered(Sample, numbers)
    whole = tuple(Sample(int(number)) for number in numbers)
    assert tuple(things) == whole
    assert len(things) == len(whole)
    assert [things.index(thing) for thing in whole] == list(range(len(whole)))
    assert [thing in things for thing in (*whole, Sample(77), Step(2), None)] == [True] * len(whole) + [False] * 3
    assert tuple(things[1:]) == whole[1:]
    assert things[-1] == whole[-1]
    with pytest.raises(ValueError, match="not among them"):
        things.index(Step(2))


def test_of_millions_none_is_made_before_it_is_asked_for():
    made = []

    class Counted(Sample):
        def __init__(self, number):
            made.append(number)
            super().__init__(number)

    things = Numbered(Counted, range(10**9))
    assert Sample(3) not in things
    assert things[10**8].number == 10**8
    assert things.index(things[7]) == 7
    assert made == [10**8, 7]
