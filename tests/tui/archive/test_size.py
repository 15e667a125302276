"""How large a saved run may be: larger files are refused unread, and what is written keeps to it."""

import pytest

from nncore.timeline import Timeline
from scenarios.file.loader import load
from tui.archive import container, encode, saved_run_file
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run
from tui.archive.errors import SharingError
from tui.archive.saved_run_file import open_run, save_run, told
from tui.session.session import Session


@pytest.fixture
def run():
    session = Session.begin(load("disc-depth"))
    session.go_to(200)
    return session.saved()


def limit(monkeypatch, most):
    for module in (container, encode, saved_run_file):
        monkeypatch.setattr(module, "MOST_BYTES", most)
    monkeypatch.setattr(encode, "_REST", 2**14)


@pytest.mark.parametrize("look", [open_run, told])
def test_a_larger_file_is_refused_unread_in_words(tmp_path, monkeypatch, look):
    path = tmp_path / "large.gradstep"
    with path.open("wb") as file:
        file.write(b"gradstep run 1\n")
        file.truncate(container.MOST_BYTES + 1)
    monkeypatch.setattr(saved_run_file, "read", None)
    with pytest.raises(SharingError, match=r"large\.gradstep: found 193 MiB; allowed: a saved run of at most 192 MiB"):
        look(path)


def test_checkpoints_are_left_out_where_the_file_would_be_too_large(run, monkeypatch):
    whole = encode_run(run)
    least = len(encode_run(run, 0))
    assert least < len(whole) - 2**16
    limit(monkeypatch, (least + len(whole)) // 2)
    thin = encode_run(run)
    assert least < len(thin) <= container.MOST_BYTES
    again = decode_run(thin)
    for one, other in zip(run.lane_runs, again.lane_runs, strict=True):
        for step in (200, 120, 7):
            assert one.timeline.state_at(step).theta.tobytes() == other.timeline.state_at(step).theta.tobytes()


def test_what_fits_without_any_checkpoint_only_is_refused_when_it_is_saved(run, tmp_path, monkeypatch):
    limit(monkeypatch, len(encode_run(run, 0)) - 1)
    with pytest.raises(SharingError, match="found 1 MiB; allowed"):
        save_run(tmp_path / "a.gradstep", run)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("states", range(5))
def test_a_snapshot_has_no_more_checkpoints_than_there_is_room_for(run, states):
    timeline = run.lane_runs[0].timeline
    kept = timeline.snapshot(states * timeline.state_at(200).nbytes).states
    assert len(kept) <= states + 1
    assert kept[-1].step == 200
    assert Timeline(timeline.lane, timeline.snapshot(0)).reached == 200


def test_the_limit_has_room_for_the_largest_lanes():
    adam = 3 * 10**6
    samples = 2 * 10**6 * 3
    logs = 4 * 2 * 2048 * 66
    assert 8 * (4 * (10**6 + adam) + samples + logs) + encode._REST <= container.MOST_BYTES
