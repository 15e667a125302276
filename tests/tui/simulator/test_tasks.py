"""What keys do that ask for something: decisions, without an app."""

import pytest

from scenarios.file.loader import load
from tests.tui.simulator.fakes import FakeScreen, carry_out
from tui.session.actions import Branch, Close, do
from tui.session.cursor import Cursor
from tui.session.session import Session
from tui.simulator.tasks import change, inspect, lesson, scenario, seek


@pytest.fixture
def screen():
    return FakeScreen(Session.begin(load("gd-vs-sgd")))


def labels(screen):
    return [lane_run.lane.label for lane_run in screen.session.lane_runs]


def test_an_edit_of_what_was_not_trained_beyond_here_asks_nothing_more(screen):
    screen.session.go_to(20)
    carry_out(change.edit(screen), {"learning rate": "0.5"})
    assert screen.session.lane_runs[0].lane.settings_at(20).optimizer.learning_rate == 0.5
    assert screen.said == ["learning_rate 0.1 → 0.5 after step 20   (u undoes it)"]


@pytest.mark.parametrize(("answer", "lanes", "reached"), [("c", 3, 20), ("b", 4, 60), (None, 3, 60)])
def test_an_edit_in_the_past_asks_what_becomes_of_the_future(screen, answer, lanes, reached):
    screen.session.go_to(60)
    screen.session.go_to(20)
    _, menu = carry_out(change.edit(screen), {"learning rate": "0.5"}, answer)
    assert list(menu.answers) == ["b", "c"]
    assert len(screen.session.lane_runs) == lanes
    assert screen.session.lane_runs[0].timeline.reached == reached


def test_an_edit_of_all_lanes_offers_no_branch(screen):
    screen.session.go_to(60)
    screen.session.go_to(20)
    _, menu = carry_out(change.edit(screen), {"learning rate": "0.5", "lanes": "all"}, "c")
    assert list(menu.answers) == ["c"]
    assert [t.lane.settings_at(20).optimizer.learning_rate for t in screen.session.lane_runs] == [0.5] * 3


def test_a_form_left_changes_nothing(screen):
    for key in (change.edit, change.branch, scenario.rework):
        carry_out(key(screen), None)
    assert screen.session.journal == []
    assert screen.said == []


def test_an_edit_that_says_what_was_so_already_is_told(screen):
    carry_out(change.edit(screen), {})
    assert screen.said == ["nothing was changed"]
    assert screen.session.journal == []


def test_a_parameter_that_is_selected_is_set(screen):
    screen.panes.selected_parameter = 3
    carry_out(change.edit(screen), {"value": "0.25"})
    assert screen.session.lane_runs[0].timeline.state_at(0).theta[3] == 0.25


def test_a_fifth_lane_asks_which_one_makes_room(screen):
    carry_out(change.branch(screen), {})
    assert screen.panes.front == 3
    menu, _ = carry_out(change.branch(screen), "1", {})
    assert len(menu.answers) == 4
    assert len(screen.session.lane_runs) == 4
    assert screen.panes.front == 3
    assert [type(action) for action in screen.session.journal] == [Branch, Close, Branch]


def test_no_room_is_made_where_the_question_is_left(screen):
    do(screen.session, Branch(0))
    carry_out(change.branch(screen), None)
    assert len(screen.session.lane_runs) == 4


def test_lanes_are_renamed_closed_compared_and_brought_back(screen):
    carry_out(change.lanes(screen), "r", {"label": "mine"})
    assert labels(screen)[0] == "mine"
    _, table = carry_out(change.lanes(screen), "2", None)
    assert type(table).__name__ == "Table"
    carry_out(change.lanes(screen), "c")
    assert "mine" not in labels(screen)
    (menu,) = carry_out(change.lanes(screen), "b")
    assert menu.answers["b"] == "bring mine back"
    assert labels(screen)[screen.panes.front] == "mine"


def test_the_last_lane_stays(screen):
    for _ in range(2):
        carry_out(change.lanes(screen), "c")
    carry_out(change.lanes(screen), "c")
    assert screen.said[-1] == "the last lane stays"


def test_undo_goes_back_through_changes_and_to_the_scenario_as_it_was(screen):
    before = screen.session
    carry_out(scenario.rework(screen), {"steps": "70"})
    assert screen.session.scenario.steps == 70
    carry_out(change.lanes(screen), "r", {"label": "mine"})
    for _ in range(3):
        carry_out(change.take_back(screen))
    assert screen.said[-3:] == [
        "undone: renaming to mine",
        "undone: the scenario is as it was before",
        "nothing to undo",
    ]
    assert screen.session is before


@pytest.mark.parametrize(
    ("answer", "cursor"), [("30", Cursor(30)), ("+5", Cursor(5)), ("phase", Cursor(0, 0)), ("step > 7", Cursor(8))]
)
def test_going_to_a_step_a_phase_and_a_condition(screen, answer, cursor):
    carry_out(seek.go_to(screen), {"to": answer})
    assert screen.session.cursor == cursor


def test_a_condition_that_holds_here_is_told(screen):
    carry_out(seek.go_to(screen), {"to": "step == 0"})
    assert screen.said == ["true here already, at step 0: step == 0"]


def test_without_a_breakpoint_running_says_how_to_set_one(screen):
    carry_out(seek.run_on(screen))
    carry_out(seek.run_back(screen))
    assert screen.said == ["no breakpoint is on: b sets one"] * 2


def test_a_lane_that_lives_has_no_autopsy(screen):
    assert carry_out(inspect.autopsy(screen)) == []
    assert "is alive" in screen.said[0]


def test_the_lessons_question_is_asked_at_rest_and_the_next_number_inside_a_step(screen):
    (question,) = carry_out(lesson.predict(screen), 0)
    assert question._ask == screen.session.scenario.predictions[0].ask
    assert screen.verdicts.guesses == {0: True}
    screen.session.into()
    (form,) = carry_out(lesson.predict(screen), {"the number": "0"})
    assert form.fields[0].name == "the number"
    assert "Score" in screen.said[-1]
