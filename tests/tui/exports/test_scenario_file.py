"""The scenario written from a run trains as the run did, and as far."""

from nncore.slices import finished
from nncore.training import Edit
from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.file.loader import load, parse
from scenarios.file.settings import changed
from scenarios.runs.build import build
from scenarios.runs.lane_training import run_lane
from tui.exports.scenario_file import scenario_table
from tui.session.actions import Close, do
from tui.session.cursor import Cursor
from tui.session.lane_run import LaneRun
from tui.session.places import named_here
from tui.session.session import Session
from tui.session.snapshot import SavedRun


def test_it_ends_where_the_run_stands(tmp_path):
    scenario = load("disc-depth", ["steps=50"])
    lane_runs = [LaneRun.begin(lane) for lane in build(scenario, 3)]
    lane_runs[0].timeline.state_at(80)
    settings = changed(lane_runs[1].lane.settings, {"batch_size": 7}, 4, 50)
    lane_runs[1] = finished(lane_runs[1].with_lane(lane_runs[1].lane.with_edits((Edit(20, settings),)), 20))
    lane_runs[1].timeline.state_at(80)
    again = parse(
        toml_text(scenario_table(SavedRun(scenario, 3, tuple(lane_runs), Cursor(80)))).encode(), "x", tmp_path
    )
    assert (again.seed, again.steps) == (3, 80)
    for lane_run, lane in zip(lane_runs, build(again), strict=True):
        assert run_lane(lane, again.steps).state.theta.tobytes() == lane_run.timeline.state_at(80).theta.tobytes()


def test_places_stand_among_its_stops(tmp_path):
    stops = {"at": 5, "name": "one", "operation": "deep.delta 3", "note": "why"}, {"at": 7, "name": "two"}
    text = toml_text(self_contained(load("disc-depth")) | {"stops": list(stops)})
    session = Session.begin(parse(text.encode(), "x", tmp_path))
    for position in (None, 3):
        list(session.go_to_place(Cursor(2, position)))
        session.name_places((*session.places, named_here(session, 0, f"at {position}", "")))

    def exported():
        return parse(toml_text(scenario_table(session.saved())).encode(), "x", tmp_path).stops

    assert set(exported()) == {*session.scenario.stops, *session.places}
    do(session, Close(1))
    assert [(stop.name, stop.operation is None) for stop in exported()] == [
        ("at None", True),
        ("at 3", False),
        ("one", True),
        ("two", True),
    ]


def test_a_short_run_leaves_the_steps_of_the_lesson():
    scenario = load("disc-depth")
    run = SavedRun(scenario, scenario.seed, tuple(map(LaneRun.begin, build(scenario))), Cursor())
    assert "steps = 1000" in toml_text(scenario_table(run))


def test_what_the_run_watches_stands_in_it_where_its_lanes_are_there(tmp_path):
    scenario = load("disc-depth")
    watched = ("wide.W1[3,1]", "gone.b1[0]", "deep.test_loss - wide.test_loss")
    run = SavedRun(scenario, 0, tuple(map(LaneRun.begin, build(scenario)))[:1], Cursor(), watched=watched)
    assert parse(toml_text(scenario_table(run)).encode(), "x", tmp_path).watch == watched[:1]
