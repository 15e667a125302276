"""Numbers that a page asks to be filled in do not come before, unless they are passed."""

import pytest

from tests.tui.lesson.test_guide import LESSON, step_by_step, turn
from tui.lesson.guide import Guide
from tui.lesson.truths import Truths
from tui.session.actions import Fill, do

FILLED = (
    LESSON.split("[[guide]]")[0]
    + """
[[guide]]
title = "The batch"
say = "Press s."
until = { operation = "batch" }
[[guide]]
title = "Yours"
say = "Press s twice, then Y."
until = { filled = "wide.a 2" }
[[guide]]
title = "Last"
say = "That was it."
"""
)


@pytest.fixture
def filled_in(bench):
    session = bench(FILLED).session
    guide = Guide(session, Truths(session))
    guide.opened()
    return session, guide


def into_until_held(session, guide):
    """Press s until it no longer moves; the place it came to."""
    for _ in range(30):
        before = session.cursor
        session.into()
        step_by_step(session, guide)
        if session.cursor == before:
            return before
    raise AssertionError(session.cursor)


def test_numbers_that_are_to_be_filled_in_do_not_come_before(filled_in):
    session, guide = filled_in
    assert not guide.held_move
    assert into_until_held(session, guide).position == 2  # z₁, before a₂ of the next page
    assert guide.held_move.startswith("the next page asks")
    assert turn(guide)
    assert into_until_held(session, guide).position == 2
    assert guide.held_move.startswith("first fill it in")
    assert not guide.held  # an edit is free
    session.next_step()
    assert session.cursor.step == 0
    do(session, Fill(0, "a 2", 20, 0, 0))
    assert step_by_step(session, guide)
    session.next_step()
    assert session.cursor.step == 1


def test_numbers_that_are_passed_or_were_seen_hold_nothing_up(filled_in):
    session, guide = filled_in
    session.into()
    step_by_step(session, guide)
    assert turn(guide)
    assert not guide.forward()  # the hint
    assert turn(guide)
    session.next_step()
    assert session.cursor.step == 1


def test_a_page_that_opens_between_two_steps_leaves_moves_free(filled_in):
    session, guide = filled_in
    assert not guide.forward()
    assert turn(guide)
    session.next_step()
    step_by_step(session, guide)
    assert session.cursor.step == 1
    session.into()
    assert not guide.held_move
