"""What keys do that ask for something: decisions, without an app."""

import pytest

from scenarios.file.loader import load
from tests.tui.simulator.fakes import FakeStage, carry_out
from tui.session.actions import Branch, Close, do
from tui.session.cursor import Cursor
from tui.session.session import Session
from tui.simulator.actions import change, inspect, lesson, scenario, seek


@pytest.fixture
def stage():
    return FakeStage(Session.begin(load("gd-vs-sgd")))


def labels(stage):
    return [lane_run.lane.label for lane_run in stage.session.lane_runs]


def test_an_edit_of_what_was_not_trained_beyond_here_asks_nothing_more(stage):
    stage.session.go_to(20)
    carry_out(change.edit(stage), {"learning rate": "0.5"})
    assert stage.session.lane_runs[0].lane.settings_at(20).optimizer.learning_rate == 0.5
    assert stage.said == ["learning_rate 0.1 → 0.5 after step 20   (u undoes it)"]


@pytest.mark.parametrize(("answer", "lanes", "reached"), [("c", 3, 20), ("b", 4, 60), (None, 3, 60)])
def test_an_edit_in_the_past_asks_what_becomes_of_the_future(stage, answer, lanes, reached):
    stage.session.go_to(60)
    stage.session.go_to(20)
    _, menu = carry_out(change.edit(stage), {"learning rate": "0.5"}, answer)
    assert list(menu.answers) == ["b", "c"]
    assert len(stage.session.lane_runs) == lanes
    assert stage.session.lane_runs[0].timeline.reached == reached


def test_an_edit_of_all_lanes_offers_no_branch(stage):
    stage.session.go_to(60)
    stage.session.go_to(20)
    _, menu = carry_out(change.edit(stage), {"learning rate": "0.5", "lanes": "all"}, "c")
    assert list(menu.answers) == ["c"]
    assert [t.lane.settings_at(20).optimizer.learning_rate for t in stage.session.lane_runs] == [0.5] * 3


def test_a_form_left_changes_nothing(stage):
    for doing in (change.edit, change.branch, scenario.rework):
        carry_out(doing(stage), None)
    assert stage.session.journal == []
    assert stage.said == []


def test_an_edit_that_says_what_was_so_already_is_told(stage):
    carry_out(change.edit(stage), {})
    assert stage.said == ["nothing was changed"]
    assert stage.session.journal == []


def test_a_parameter_that_is_selected_is_set(stage):
    stage.panes.selected_parameter = 3
    carry_out(change.edit(stage), {"value": "0.25"})
    assert stage.session.lane_runs[0].timeline.state_at(0).theta[3] == 0.25


def test_a_fifth_lane_asks_which_one_makes_room(stage):
    carry_out(change.branch(stage), {})
    assert stage.panes.front == 3
    menu, _ = carry_out(change.branch(stage), "1", {})
    assert len(menu.answers) == 4
    assert len(stage.session.lane_runs) == 4
    assert stage.panes.front == 3
    assert [type(action) for action in stage.session.journal] == [Branch, Close, Branch]


def test_no_room_is_made_where_the_question_is_left(stage):
    do(stage.session, Branch(0))
    carry_out(change.branch(stage), None)
    assert len(stage.session.lane_runs) == 4


def test_lanes_are_renamed_closed_compared_and_brought_back(stage):
    carry_out(change.lanes(stage), "r", {"label": "mine"})
    assert labels(stage)[0] == "mine"
    _, table = carry_out(change.lanes(stage), "2", None)
    assert type(table).__name__ == "Table"
    carry_out(change.lanes(stage), "c")
    assert "mine" not in labels(stage)
    (menu,) = carry_out(change.lanes(stage), "b")
    assert menu.answers["b"] == "bring mine back"
    assert labels(stage)[stage.panes.front] == "mine"


def test_the_last_lane_stays(stage):
    for _ in range(2):
        carry_out(change.lanes(stage), "c")
    carry_out(change.lanes(stage), "c")
    assert stage.said[-1] == "the last lane stays"


def test_undo_goes_back_through_changes_and_to_the_scenario_as_it_was(stage):
    before = stage.session
    carry_out(scenario.rework(stage), {"steps": "70"})
    assert stage.session.scenario.steps == 70
    carry_out(change.lanes(stage), "r", {"label": "mine"})
    for _ in range(3):
        carry_out(change.take_back(stage))
    assert stage.said[-3:] == [
        "undone: renaming to mine",
        "undone: the scenario is as it was before",
        "nothing to undo",
    ]
    assert stage.session is before


@pytest.mark.parametrize(
    ("answer", "cursor"), [("30", Cursor(30)), ("+5", Cursor(5)), ("phase", Cursor(0, 0)), ("step > 7", Cursor(8))]
)
def test_going_to_a_step_a_phase_and_a_condition(stage, answer, cursor):
    carry_out(seek.go_to(stage), {"to": answer})
    assert stage.session.cursor == cursor


def test_a_condition_that_holds_here_is_told(stage):
    carry_out(seek.go_to(stage), {"to": "step == 0"})
    assert stage.said == ["true here already, at step 0: step == 0"]


def test_without_a_breakpoint_running_says_how_to_set_one(stage):
    carry_out(seek.run_on(stage))
    carry_out(seek.run_back(stage))
    assert stage.said == ["no breakpoint is on: b sets one"] * 2


def test_a_lane_that_lives_has_no_autopsy(stage):
    assert carry_out(inspect.autopsy(stage)) == []
    assert "is alive" in stage.said[0]


def test_the_lessons_question_is_asked_at_rest_and_the_next_number_inside_a_step(stage):
    (form,) = carry_out(lesson.predict(stage), None)
    assert form.fields[0].name == stage.session.scenario.predictions[0].answer.text
    stage.session.into()
    (form,) = carry_out(lesson.predict(stage), {"the number": "0"})
    assert form.fields[0].name == "the number"
    assert "Score" in stage.said[-1]
