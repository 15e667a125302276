"""A saved run opens as it was, bit for bit, and goes on as if it had never been left."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nncore.model import NetworkModel
from nncore.slices import finished
from nncore.timeline import Timeline
from nncore.training import Edit
from scenarios.file.loader import library_files, load, parse
from scenarios.file.settings import changed
from scenarios.runs.build import build
from tui.archive.container import unwrap, wrap
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run
from tui.archive.errors import SharingError
from tui.archive.saved_run_file import open_run, save_run
from tui.session.breakpoints import Breakpoint
from tui.session.cursor import Cursor
from tui.session.lane_run import LaneRun
from tui.session.snapshot import SavedRun


def slower(settings, layers):
    return changed(settings, {"optimizer": {"name": "sgd", "learning_rate": 1e-3}}, layers, 100)


def run_of(scenario, steps, seed=None):
    """A run in which every lane is edited at step 5 and the first is branched off at step 10."""
    seed = scenario.seed if seed is None else seed
    lane_runs = []
    for lane in build(scenario, seed):
        settings = slower(lane.settings, len(lane.model.blocks))
        lane_runs.append(LaneRun.begin(lane.with_edits((Edit(5, settings, ((0, 0.125),)),))))
        lane_runs[-1].timeline.state_at(steps)
    branch = finished(lane_runs[0].branched("another", "another one", min(10, lane_runs[0].timeline.reached)))
    branch.timeline.state_at(steps // 2)
    points = (Breakpoint("any.train_loss < 1e-3"), Breakpoint("step == 7", on=False))
    reached = max(lane_run.timeline.reached for lane_run in lane_runs)
    return SavedRun(scenario, seed, (branch, *lane_runs)[:4], Cursor(reached // 2, 3), points, hits=(3, 7))


def bits(state):
    return (
        state.theta.tobytes(),
        state.optimizer_state.tobytes(),
        state.step,
        state.count,
        state.place,
        state.samples_seen,
    )


def same_track(one, other):
    assert (one.lane.id, one.lane.label, one.lane.seeds) == (other.lane.id, other.lane.label, other.lane.seeds)
    assert one.origin == other.origin
    assert one.operations == other.operations
    assert one.lane.start.tobytes() == other.lane.start.tobytes()
    reached = one.timeline.reached
    assert (reached, one.timeline.diverged_at) == (other.timeline.reached, other.timeline.diverged_at)
    for step in (reached, reached // 3, 0, reached + 20):
        assert bits(one.timeline.state_at(step)) == bits(other.timeline.state_at(step))
        assert one.lane.settings_at(step) == other.lane.settings_at(step)
    assert one.timeline.log.extremes.tobytes() == other.timeline.log.extremes.tobytes()
    assert list(one.timeline.evaluations) == list(other.timeline.evaluations)
    for step, value in one.timeline.evaluations.items():
        again = other.timeline.evaluations[step]
        assert value.samples_seen == again.samples_seen
        assert np.array_equal([value.train_loss, value.test_loss], [again.train_loss, again.test_loss], equal_nan=True)


@pytest.mark.parametrize("name", [file.stem for file in library_files()])
def test_every_lesson_opens_as_it_was_saved(name):
    run = run_of(load(name), 60)
    again = decode_run(encode_run(run))
    assert (again.seed, again.cursor, again.breakpoints, again.hits) == (run.seed, run.cursor, run.breakpoints, (3, 7))
    assert again.notes == ()
    for one, other in zip(run.lane_runs, again.lane_runs, strict=True):
        same_track(one, other)
    before, after = run.scenario, again.scenario
    assert (before.name, before.text, before.claims) == (after.name, after.text, after.claims)
    for one, other in zip(build(before, 9), build(after, 9), strict=True):
        assert one.start.tobytes() == other.start.tobytes()


def test_a_run_of_another_seed_that_was_opened_can_be_saved_and_opened_again():
    first = encode_run(run_of(load("disc-depth"), 300, seed=12))
    again = encode_run(decode_run(first))
    assert unwrap(again)[0] == unwrap(first)[0]
    (_, one), (_, other) = unwrap(first), unwrap(again)
    assert {name: array.tobytes() for name, array in one.items()} == {
        name: array.tobytes() for name, array in other.items()
    }


def test_a_run_at_its_start_opens():
    scenario = load("disc-depth")
    run = SavedRun(scenario, scenario.seed, tuple(map(LaneRun.begin, build(scenario))), Cursor())
    again = decode_run(encode_run(run))
    assert again.cursor == Cursor()
    for one, other in zip(run.lane_runs, again.lane_runs, strict=True):
        same_track(one, other)


def test_a_lane_that_diverged_opens_as_it_stopped():
    scenario = load("disc-depth", ["lanes.deep.optimizer.name=sgd", "lanes.deep.optimizer.learning_rate=1e80"])
    run = SavedRun(scenario, scenario.seed, tuple(map(LaneRun.begin, build(scenario))), Cursor(9))
    for lane_run in run.lane_runs:
        lane_run.timeline.state_at(9)
    again = decode_run(encode_run(run))
    assert again.lane_runs[1].timeline.diverged_at == run.lane_runs[1].timeline.diverged_at > 0
    assert again.notes == ()
    same_track(run.lane_runs[1], again.lane_runs[1])


def test_samples_from_files_are_in_the_file(tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "a.csv").write_text("x1,y1\n" + "".join(f"{k / 7},{k % 3}\n" for k in range(20)))
    text = 'format = 1\nname = "own"\n[data]\ncsv = "a.csv"\ntest_fraction = 0.3\nstandardize = "all"\n'
    text += '[[lanes]]\nid = "a"\nhidden = [2]\nbatch_size = 4\n'
    run = run_of(parse(text.encode(), "own", folder), 30)
    (folder / "a.csv").unlink()
    again = decode_run(encode_run(run))
    same_track(run.lane_runs[1], again.lane_runs[1])
    data = [one.lane_runs[1].lane.model.data for one in (run, again)]
    assert data[0].y_mean == data[1].y_mean != 0


def test_data_and_starting_values_are_those_of_the_file_even_where_draws_would_differ():
    scenario = load("disc-depth")
    lanes = []
    for lane in build(scenario):
        data = replace(lane.model.data, x=np.nextafter(lane.model.data.x, 9.0))
        lanes.append(replace(lane, start=lane.start * 1.5, model=replace(lane.model, data=data)))
    lane_runs = tuple(map(LaneRun.begin, lanes))
    for lane_run in lane_runs:
        lane_run.timeline.state_at(40)
    again = decode_run(encode_run(SavedRun(scenario, scenario.seed, lane_runs, Cursor(40))))
    for one, other in zip(lane_runs, again.lane_runs, strict=True):
        assert isinstance(other.lane.model, NetworkModel)
        assert one.lane.model.data.x.tobytes() == other.lane.model.data.x.tobytes()
        same_track(one, other)
    assert again.notes == ()


def test_where_replay_comes_to_other_bits_the_states_of_the_file_stand_and_it_is_said():
    run = run_of(load("disc-depth"), 60)
    header, arrays = unwrap(encode_run(run))
    arrays["1/theta"] = arrays["1/theta"].copy()
    arrays["1/theta"][-1, 7] = np.nextafter(arrays["1/theta"][-1, 7], 9.0)
    again = decode_run(wrap(header.replace(b'"machine":"', b'"machine":"Other '), arrays))
    label = run.lane_runs[1].lane.label
    assert again.notes[0].startswith(f"replay of {label} differs from the saved run in the last bits (machine Other ")
    assert again.lane_runs[1].timeline.state_at(60).theta.tobytes() == arrays["1/theta"][-1].tobytes()


def test_with_little_room_only_checkpoints_are_left_out():
    run = run_of(load("disc-depth"), 2000)
    whole, small = encode_run(run), encode_run(run, room=2**16)
    assert len(small) < len(whole) / 2
    for one, other in zip(run.lane_runs, decode_run(small).lane_runs, strict=True):
        same_track(one, other)


def test_saving_leaves_a_run_as_it_is():
    run = run_of(load("disc-depth"), 100)
    encode_run(run)
    assert bits(run.lane_runs[1].timeline.state_at(130)) == bits(Timeline(run.lane_runs[1].lane).state_at(130))


def test_a_file_is_written_and_opened(tmp_path):
    run = run_of(load("by-hand"), 20)
    save_run(tmp_path / "a.gradstep", run)
    same_track(run.lane_runs[0], open_run(tmp_path / "a.gradstep").lane_runs[0])


@pytest.mark.parametrize("name", ["no-such-file", ".", "\0"])
def test_what_cannot_be_read_is_said_in_words(tmp_path, name):
    with pytest.raises(SharingError, match="cannot read"):
        open_run(tmp_path / name)


def test_a_foreign_file_is_named_and_refused():
    with pytest.raises(SharingError, match=r"test_saved_run_file\.py: not a saved run of gradstep"):
        open_run(Path(__file__))
