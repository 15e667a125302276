import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.session.player import SPEEDS, Player


def at(level: float | None) -> Player:
    return Player(level=SPEEDS.index(level))


def test_starting_makes_a_step_at_once():
    steps, player = at(1).start(100.0).due(100.0)
    assert steps == 1
    assert player.due(100.5)[0] == 0


@pytest.mark.parametrize("speed", [speed for speed in SPEEDS if speed])
def test_so_many_steps_a_second_whatever_the_ticks(speed):
    for ticks in (40, 61, 173):
        player = at(speed).start(0.0)
        made = 0
        for tick in range(ticks + 1):
            steps, player = player.due(2.0 * tick / ticks)
            made += steps
        assert made in (2 * speed, 2 * speed + 1)


@given(st.floats(1, 1e6))
def test_a_long_pause_is_not_made_up_for(seconds):
    steps, _ = at(100).start(0.0).due(seconds)
    assert steps <= 100 * 0.25 + 1


def test_flat_out_has_one_more_slice_at_any_moment():
    player = at(None).start(0.0)
    assert player.flat_out
    assert [player.due(0.0)[0], player.due(9.0)[0]] == [1, 1]


def test_the_ladder_has_two_ends():
    assert Player().faster(100).flat_out
    assert Player().faster(-100).speed == 1
    assert Player(level=3).faster(1).speed == SPEEDS[4]


def test_playing_back_is_a_direction_and_pausing_keeps_it():
    player = Player().start(1.0, -1)
    assert (player.playing, player.direction) == (True, -1)
    assert (player.pause().playing, player.pause().direction) == (False, -1)
