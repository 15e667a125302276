"""Places with names: any place of a run is found again by its name, also beside other lanes."""

from random import Random

import pytest

from scenarios.file.loader import load
from scenarios.file.schema import MAX_STOPS
from scenarios.scenario import NamedPlace
from tests.pilot import scenario
from tui.session.actions import Branch, Close, do
from tui.session.cursor import Cursor
from tui.session.places import all_places, checked, cursor_of, named_here, still_own
from tui.session.session import Session


def stands(session, cursor):
    list(session.go_to_place(cursor))
    return session.cursor == cursor


@pytest.mark.parametrize("front", [0, 1])
def test_every_place_of_a_step_is_found_by_its_name(front):
    session = Session.begin(load("disc-depth"))
    for position in (None, *range(len(session.lockstep) - 1)):
        here = Cursor(2, position)
        assert stands(session, here)
        place = named_here(session, front, "here", "")
        session.go_to(0)
        assert cursor_of(place, session, front) == here


def test_a_place_stays_at_its_operation_where_a_deeper_lane_has_gone():
    session = Session.begin(load("disc-depth"))
    assert stands(session, Cursor(2, 9))
    wide = next(op for op in session.lane_runs[0].operations if str(op.kind) == "loss")
    place = NamedPlace(2, "the loss", named_here(session, 0, "x", "").operation)
    do(session, Close(1))
    cursor = cursor_of(place, session, 0)
    assert session.lane_runs[0].operations[session.lockstep.lane_position(0, cursor).index] == wide


def test_a_place_of_a_function_is_found():
    session = Session.begin(load("saddle-noise"))
    for position in range(len(session.lockstep) - 1):
        assert stands(session, Cursor(1, position))
        assert cursor_of(named_here(session, 0, "x", ""), session, 0) == Cursor(1, position)


def test_places_and_stops_stand_in_the_order_of_the_run():
    session = Session.begin(load("disc-depth"))
    draw, named = Random(3), []
    for number in range(8):
        cursor = Cursor(draw.randrange(4), draw.choice([None, draw.randrange(len(session.lockstep) - 1)]))
        assert stands(session, cursor)
        named.append(named_here(session, 0, f"place {number}", ""))
    session.name_places(tuple(named))
    done = [session.lockstep.operations_done(cursor_of(place, session, 0)) for place in all_places(session)]
    assert done == sorted(done)
    assert len(done) == 8


OTHERS = (NamedPlace(3, "taken"),)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (NamedPlace(1, ""), 'found ""; allowed: a name of 1 to 60 printable characters'),
        (NamedPlace(1, "x" * 61), "allowed: a name of 1 to 60"),
        (NamedPlace(1, "a\x1b[2J"), "allowed: a name of 1 to 60 printable"),
        (NamedPlace(1, "taken"), 'found "taken" a second time; allowed: a name of its own'),
        (NamedPlace(1, "epoch"), 'found "epoch" which goes somewhere else; allowed: a name of its own'),
        (NamedPlace(1, "+10"), "which goes somewhere else"),
        (NamedPlace(1, "b", None, "x" * 201), "found a note of 201 characters; allowed: at most 200"),
    ],
)
def test_other_names_are_refused_in_words(place, said):
    with pytest.raises(ValueError, match="allowed") as refused:
        checked(place, OTHERS)
    assert said in str(refused.value)


def test_there_are_as_many_places_as_a_scenario_may_have():
    others = [NamedPlace(number, f"place {number}") for number in range(MAX_STOPS)]
    with pytest.raises(ValueError, match="11 places are named; allowed: at most 11"):
        checked(NamedPlace(1, "more"), others)
    assert still_own([NamedPlace(1, "a"), NamedPlace(2, "place 3")], others[:10]) == (NamedPlace(1, "a"),)
    assert still_own([NamedPlace(1, "a")], others) == ()


def test_a_place_beyond_the_end_of_the_run_is_gone_to_as_far_as_it_goes():
    session = Session.begin(scenario(LANES))
    list(session.go_to_place(Cursor(40, 3)))
    assert session.cursor.step == session.reached < 40


def test_a_branch_has_places_of_its_own():
    session = Session.begin(load("disc-depth"))
    session.go_to(3)
    do(session, Branch(1))
    assert stands(session, Cursor(3, 4))
    place = named_here(session, 2, "in the branch", "")
    assert place.operation.lane == session.lane_runs[2].lane.id
    assert cursor_of(place, session, 0) == Cursor(3, 4)


LANES = """
format = 1
name = "wild"
steps = 9
[data]
kind = "disc"
samples = 20
[[lanes]]
id = "wild"
hidden = [3]
optimizer = { name = "sgd", learning_rate = 1e200 }
"""
