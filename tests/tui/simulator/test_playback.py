"""Playing and errands by a clock that is set by hand."""

import pytest

from scenarios.file.loader import load
from tui.session.breakpoints import Breakpoint
from tui.session.player import SPEEDS
from tui.session.session import Session
from tui.simulator.playback import PAINT_SECONDS, Playback
from tui.simulator.task import Errand


class Clock:
    """Time goes on by `each` at every look, and to the next tick where that is called for."""

    def __init__(self):
        self.now, self.each, self.due = 0.0, 0.0, []

    def __call__(self):
        self.now += self.each
        return self.now

    def after(self, seconds, callback):
        self.due.append((self.now + seconds, callback))

    def tick(self):
        when, callback = self.due.pop(0)
        self.now = max(self.now, when)
        callback()


@pytest.fixture
def played():
    clock, told = Clock(), []
    session = Session.begin(load("by-hand"))
    return playback_of(session, clock, clock, told), clock, told


def playback_of(session, clock, spent, told):
    return Playback(
        session, clock, spent, clock.after, lambda: told.append(session.cursor.step), lambda: told.append("hit")
    )


def test_on_a_busy_machine_an_errand_does_as_much_at_once_as_on_a_free_one():
    busy, processor, made = Clock(), Clock(), []
    busy.each, processor.each = 0.015, 0.001
    playback = playback_of(Session.begin(load("by-hand")), busy, processor, [])
    playback.run(Errand(iter(map(made.append, range(10)))))
    assert len(made) == 10
    assert not playback.under_way


def test_an_errand_that_waits_for_others_gives_way_too():
    clock, idle, made = Clock(), Clock(), []
    clock.each = 0.05
    playback = playback_of(Session.begin(load("by-hand")), clock, idle, [])
    playback.run(Errand(iter(map(made.append, range(10)))))
    assert 0 < len(made) < 10
    assert playback.under_way


def test_it_plays_as_many_steps_as_time_has_earned_and_pauses_at_the_last(played):
    playback, clock, told = played
    playback.toggle(1)
    assert told == [0]
    for _ in range(6):  # 60 ticks a second, 30 steps a second
        clock.tick()
    assert playback.session.cursor.step == 3
    while clock.due:
        clock.tick()
    assert playback.session.cursor.step == playback.session.scenario.steps
    assert not playback.under_way


def test_backwards_it_pauses_at_step_0(played):
    playback, clock, _ = played
    playback.session.go_to(3)
    playback.toggle(-1)
    while clock.due:
        clock.tick()
    assert playback.session.cursor.step == 0
    assert not playback.under_way


def test_the_same_key_pauses_and_the_other_direction_turns(played):
    playback, _, _ = played
    playback.toggle(1)
    playback.toggle(-1)
    assert playback.player.playing
    assert playback.player.direction == -1
    playback.toggle(-1)
    assert not playback.under_way


def test_a_breakpoint_stops_it_and_is_told(played):
    playback, clock, told = played
    playback.session.set_breakpoints((Breakpoint("step == 2"),))
    playback.toggle(1)
    while clock.due:
        clock.tick()
    assert playback.session.cursor.step == 2
    assert "hit" in told


def test_an_errand_gives_way_after_its_slice_and_shows_seldom(played):
    playback, clock, told = played
    clock.each = 0.01
    done = []
    playback.run(Errand(iter(range(50))), lambda: done.append(True))
    assert playback.under_way
    assert done == []
    ticks = 0
    while clock.due:
        clock.tick()
        ticks += 1
    assert done == [True]
    assert ticks > 10
    assert len(told) <= 2 + clock.now / PAINT_SECONDS


def test_a_stopped_errand_is_closed_and_nothing_follows(played):
    playback, clock, _ = played
    clock.each = 0.01
    closed, followed = [], []

    def endless():
        try:
            while True:
                yield
        finally:
            closed.append(True)

    playback.run(Errand(endless(), "looking"), lambda: followed.append(True))
    assert playback.errand == "looking"
    playback.stop_errand()
    assert closed == [True]
    while clock.due:
        clock.tick()
    assert followed == []


def test_speeds_end_at_flat_out(played):
    playback, _, _ = played
    for _ in SPEEDS:
        playback.faster(1)
    assert playback.player.flat_out
