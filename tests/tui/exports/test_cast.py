"""Films: played in a terminal they show every picture, and rows that stay are not written again."""

import json

import pyte
from hypothesis import given
from hypothesis import strategies as st

from tui.exports.cast import HOLD, Film

WIDTH, HEIGHT = 12, 3
ROWS = st.lists(st.text("ab█₁ ", min_size=WIDTH, max_size=WIDTH), min_size=HEIGHT, max_size=HEIGHT)


def events(film):
    return [json.loads(line) for line in film.cast.splitlines()[1:]]


@given(st.lists(ROWS, min_size=1, max_size=5))
def test_a_terminal_shows_each_picture_at_its_time(pictures):
    film = Film(WIDTH, HEIGHT, "a film", tuple(pictures), 4)
    assert json.loads(film.cast.splitlines()[0]) == {"version": 2, "width": WIDTH, "height": HEIGHT, "title": "a film"}
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    *shown, last = events(film)
    for number, (picture, (at, kind, codes)) in enumerate(zip(pictures, shown, strict=True)):
        stream.feed(codes)
        assert screen.display == picture
        assert (at, kind) == (number / 4, "o")
    assert last == [(len(pictures) - 1) / 4 + HOLD, "o", ""]


def test_of_a_picture_only_the_rows_that_changed_are_written():
    film = Film(WIDTH, HEIGHT, "", (["one", "two", "three"], ["one", "2", "three"], ["one", "2", "three"]), 1)
    assert [codes for _, _, codes in events(film)[1:3]] == ["\x1b[2;1H\x1b[0m2", ""]
