"""Which part of a chart's x axis is in view."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.panes.pane import Window
from tui.panes.window import Extent

AXIS = Extent("steps", 400.0, 400.0, 10.0)


def seen(window):
    return AXIS.seen(window)


def test_all_of_it_is_in_view_at_first():
    assert seen(None) == (0.0, 400.0)
    assert Extent("samples", 400.0, 40.0, 10.0).seen(None) == (0.0, 40.0)


def test_closer_and_farther_keep_what_they_are_about_in_its_place():
    closer = AXIS.zoomed(None, 1, 100.0)
    assert seen(closer) == (50.0, 250.0)
    assert seen(AXIS.zoomed(closer, 1, 100.0)) == (75.0, 175.0)
    assert seen(AXIS.zoomed(closer, -1, 100.0)) == (0.0, 400.0)


def test_what_is_not_in_view_is_not_what_a_key_is_about():
    window = Window("steps", 100.0, 200.0)
    assert seen(AXIS.zoomed(window, 1, 350.0)) == (125.0, 175.0)


def test_no_key_goes_closer_than_a_few_steps():
    window = None
    for _ in range(20):
        window = AXIS.zoomed(window, 1, 400.0)
    assert seen(window) == (390.0, 400.0)


def test_it_moves_by_half_of_what_is_in_view_and_not_beyond_the_ends():
    window = Window("steps", 100.0, 200.0)
    assert seen(AXIS.moved(window, 1)) == (150.0, 250.0)
    assert seen(AXIS.moved(window, -1)) == (50.0, 150.0)
    assert seen(AXIS.moved(window, -9)) == (0.0, 100.0)
    assert seen(AXIS.moved(window, 9)) == (300.0, 400.0)


def test_it_follows_no_farther_than_it_must():
    window = Window("steps", 100.0, 200.0)
    assert AXIS.following(window, 150.0) is window
    assert seen(AXIS.following(window, 230.0)) == (130.0, 230.0)
    assert seen(AXIS.following(window, 20.0)) == (20.0, 120.0)


def test_what_shows_all_goes_on_as_the_axis_grows():
    window = AXIS.zoomed(Window("steps", 100.0, 300.0), -1, 200.0)
    assert window == Window("steps", 0.0, inf)
    assert Extent("steps", 1000.0, 1000.0, 10.0).seen(window) == (0.0, 1000.0)


@pytest.mark.parametrize("window", [Window("samples", 100.0, 200.0), Window("steps", 400.0, 500.0)])
def test_a_window_of_another_axis_or_beyond_the_end_says_nothing(window):
    assert seen(window) == (0.0, 400.0)


@given(st.lists(st.tuples(st.sampled_from(["zoomed", "moved", "following"]), st.integers(-3, 3), st.floats(0, 400))))
def test_whatever_is_pressed_a_part_of_the_axis_is_in_view(keys):
    window = None
    for key, by, x in keys:
        if key == "zoomed":
            window = AXIS.zoomed(window, by, x)
        else:
            window = AXIS.moved(window, by) if key == "moved" else AXIS.following(window, x)
        low, high = seen(window)
        assert 0.0 <= low < high <= 400.0
        assert high - low >= 10.0 - 1e-9
