"""Which lane `L` subtracts next: those of the same layers, any other where there is none, and at last none."""

from scenarios.file.loader import load
from tui.session.actions import Branch, do
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.session.session import Session
from tui.simulator.tasks.difference import next_lane


def order(session, front):
    """How far on the lanes are that are subtracted one after the other."""
    lanes, found = FrameBuilder(session).frame(Player()).lanes, [0]
    while len(found) == 1 or found[-1]:
        found.append(next_lane(lanes, front, found[-1]))
    return found[1:]


def test_lanes_of_other_layers_are_passed_over_where_there_are_others():
    session = Session.begin(load("disc-depth"))
    assert order(session, 0) == [1, 0]
    do(session, Branch(1))
    assert order(session, 0) == [1, 2, 0]
    assert order(session, 1) == [1, 0]
    assert order(session, 2) == [2, 0]
