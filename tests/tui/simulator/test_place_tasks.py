"""What the keys of places and of lanes' differences do, without an app."""

import pytest

from scenarios.file.loader import load
from scenarios.scenario import NamedPlace
from tests.tui.simulator.fakes import FakeScreen, carry_out
from tui.dialogs.places import Places
from tui.panes.pane import Options
from tui.session.cursor import Bounds, Cursor
from tui.session.places import named_here
from tui.session.session import Session
from tui.simulator.tasks import difference, places, seek


@pytest.fixture
def screen():
    made = FakeScreen(Session.begin(load("gd-vs-sgd")))
    made.options = Options()
    return made


def named(screen, cursor, name):
    list(screen.session.go_to_place(cursor))
    place = named_here(screen.session, screen.panes.front, name, "")
    screen.session.name_places((*screen.session.places, place))
    return place


def test_what_was_named_is_kept_and_gone_to(screen):
    place = named(screen, Cursor(4, 6), "there")
    screen.session.go_to(9)
    other = NamedPlace(2, "earlier")
    carry_out(places.places(screen), Places((place, other), place))
    assert (screen.session.cursor, screen.session.places) == (Cursor(4, 6), (place, other))
    carry_out(places.places(screen), Places((other,)))
    assert (screen.session.cursor, screen.session.places) == (Cursor(4, 6), (other,))


def test_a_place_is_gone_to_by_its_name(screen):
    named(screen, Cursor(4, 6), "there")
    screen.session.go_to(9)
    carry_out(seek.go_to(screen), {"to": "there"})
    assert screen.session.cursor == Cursor(4, 6)


def test_what_holds_moves_up_holds_these_too(screen):
    place = named(screen, Cursor(4, 6), "there")
    screen.session.go_to(1)
    screen.session.bound(Bounds(limit=Cursor(3)))
    carry_out(places.places(screen), Places((place,), place))
    assert screen.session.cursor == Cursor(3)
    screen.session.bound(Bounds(limit=Cursor(4, 2)))
    carry_out(places.places(screen), Places((place,), place))
    assert screen.session.cursor == Cursor(4)


def test_where_lanes_first_differ_is_listed_and_gone_to(screen):
    screen.session.go_to(5)
    (table,) = carry_out(difference.difference(screen), "g")
    assert ("The first difference is in step 1: the batch",) in table._rows
    assert (screen.session.cursor, screen.options.less, screen.panes.kinds) == (Cursor(0, 0), 1, ("loss", "weights"))
    carry_out(difference.difference(screen), None)
    carry_out(difference.difference(screen))
    assert screen.options.less == 0
    assert screen.said == ["weights and gradients as they are, nothing subtracted"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("by-hand", "there is one lane only: f makes another"),
        ("disc-depth", "wide is 2-128-1, deep is 2-12-12-12-1: other shapes"),
        ("learning-rate", "the first difference is looked for in networks only"),
    ],
)
def test_what_cannot_be_compared_is_said(name, said):
    screen = FakeScreen(Session.begin(load(name)))
    screen.options = Options()
    carry_out(difference.difference(screen))
    assert said in screen.said[0]


def test_the_words_of_a_place_name_its_lane_where_there_are_several():
    session = Session.begin(load("by-hand"))
    list(session.go_to_place(Cursor(0, 1)))
    assert places.where(session, 0, named_here(session, 0, "x", "")) == "step 1, pre-activation a₁"
    assert places.where(session, 0, NamedPlace(1200, "x")) == "after step 1,200"
