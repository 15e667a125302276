"""Time at the screen, by a clock that the test moves."""

from tui.simulator.attention import PAUSE_SECONDS, Attention


def test_time_between_what_is_done_adds_up_and_long_pauses_count_as_short_ones():
    now = 100.0
    attention = Attention(lambda: now)
    now += 10
    attention.note()
    now += 8 * 3600
    attention.note()
    now += 5
    assert attention.taken() == 10 + PAUSE_SECONDS + 5
    now += 2
    assert attention.taken() == 2
