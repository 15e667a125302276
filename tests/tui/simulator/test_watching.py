"""The watch fills between keys: at once what takes little, the rest in slices while nobody waits."""

from collections import deque

import pytest

from tui.session.session import Session
from tui.simulator.watching import Watching

FEW = ("deep.W2[1,2]", "wide.batch_loss")


class Desk:
    """A watch whose ticks come when they are asked for."""

    def __init__(self, session: Session, texts=FEW) -> None:
        self.session, self.ticks = session, deque()
        self.looked_at, self.waits, self.changes = True, False, 0
        self.now = 0.0
        self.slice_seconds = 0.003
        session.keep_watch(texts)
        asked = lambda: self.looked_at, lambda: self.waits
        self.watching = Watching(self.clock, lambda _, tick: self.ticks.append(tick), *asked, self.changed)

    def clock(self):
        """As if each look at it took as long as a slice."""
        self.now += self.slice_seconds
        return self.now

    def changed(self):
        self.changes += 1

    @property
    def rows(self):
        return self.watching.rows(self.session)

    def tick(self, most=100_000):
        while self.ticks and most:
            self.ticks.popleft()()
            most -= 1


@pytest.fixture
def desk(bench):
    return Desk(bench().session)


def test_nobody_looks_nothing_is_done(desk):
    desk.looked_at = False
    assert desk.rows is None
    assert not desk.ticks


def test_a_step_more_is_there_with_its_frame(desk):
    desk.session.go_to(30)
    assert desk.rows
    desk.tick()
    desk.slice_seconds = 0.0  # what takes little takes no time here
    for _ in range(10):
        desk.session.next_step()
        rows = desk.rows
        assert [row.curve.known for row in rows] == [desk.session.reached] * 2
        assert None not in [value for row in rows for value in (row.now, row.before)]
        assert not desk.ticks


def test_a_long_run_comes_in_slices_and_what_has_come_is_shown(desk):
    desk.session.go_to(2000)
    desk.slice_seconds = 0.0002
    known = [row.curve.known for row in desk.rows]
    assert max(known) < 2000
    assert [row.now is None for row in desk.rows] == [False, False]
    desk.tick()
    assert desk.changes
    assert [row.curve.known for row in desk.rows] == [2000, 2000]
    assert not desk.ticks


def test_while_a_key_waits_nothing_is_done(desk):
    desk.session.go_to(2000)
    desk.waits = True
    before = [row.curve.known for row in desk.rows]
    desk.tick(50)
    assert [row.curve.known for row in desk.rows] == before
    desk.waits = False
    desk.tick()
    assert [row.curve.known for row in desk.rows] == [2000, 2000]


def test_what_is_costly_waits_until_a_frame_is_shown(bench):
    desk = Desk(bench().session, (*FEW, "deep.hessian_max"))
    desk.session.go_to(3)
    desk.slice_seconds = 0.0
    *quick, costly = desk.rows
    assert [row.curve.known for row in quick] == [3, 3]
    assert costly.now is None
    desk.slice_seconds = 0.003
    desk.tick()
    assert desk.rows[2].now is not None
    assert desk.rows[2].curve.known == 3


def test_a_pane_that_is_hidden_stops_the_work_and_one_that_is_back_goes_on(desk):
    desk.session.go_to(2000)
    assert desk.rows
    desk.looked_at = False
    desk.tick(5)
    assert not desk.ticks
    desk.looked_at = True
    assert desk.rows
    desk.tick()
    assert [row.curve.known for row in desk.rows] == [2000, 2000]


def test_another_session_has_a_watch_of_its_own(desk, bench):
    desk.session.go_to(5)
    desk.slice_seconds = 0.0
    assert desk.rows[0].curve.known == 5
    desk.session = bench().session
    desk.session.keep_watch(("wide.W1[0,0]",))
    assert [(row.text, row.curve.known) for row in desk.rows] == [("wide.W1[0,0]", 0)]
