"""What can be compared with what: scenarios, their lanes, records of runs, recorded loops."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nncore.slices import finished
from nncore.timeline import Timeline
from nncore.training import Lane, State
from scenarios.own_code.findings import Difference
from scenarios.own_code.recorded import recordings
from scenarios.own_code.recorder import Recorder
from scenarios.own_code.sides import compare, lanes_compared, pairs, sides
from tests.scenarios.own_code.loops import Loop, data_of, scenario, written
from tui.cli import main

TWO = """
format = 1
name = "two"
steps = 6
[data]
kind = "disc"
samples = 24
[defaults]
batch_size = 8
[[lanes]]
id = "wide"
hidden = [6]
[[lanes]]
id = "deep"
hidden = [4, 4]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    Path("two.toml").write_text(TWO)


def all_compared(a: str, b: str) -> list[Difference]:
    return [compare(one, other, None, lambda _: None)[0] for one, other in pairs(a, b)]


def record(name: str, *options: str) -> str:
    assert main(["run", "two.toml", "--record", name, *options]) == 0
    return name


def test_a_record_is_its_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    record("r.npz")
    for a, b in (("two.toml", "r.npz"), ("r.npz", "two.toml"), ("r.npz", "r.npz"), ("two.toml", "two.toml")):
        made = all_compared(a, b)
        assert [(one.same, one.steps, one.largest) for one in made] == [(True, 6, 0.0)] * 2


def test_a_record_trains_along_as_it_was_run() -> None:
    """With another seed and changes; the scenario takes the record's start and batches."""
    record("r.npz", "--seed", "5", "--set", "lanes.deep.optimizer.learning_rate=0.02", "--steps", "9")
    assert [one.same for one in all_compared("r.npz", "r.npz")] == [True, True]
    for one in all_compared("two.toml", "r.npz"):
        assert one.first is not None
        assert (one.first.step, one.first.operation) == (1, "batch")  # other samples, as they are drawn from the seed
    assert pairs("r.npz:deep", "two.toml:deep")[0][0].called == "r.npz:deep"


def test_records_that_differ_in_a_setting_differ_in_an_update() -> None:
    record("a.npz")
    record("b.npz", "--set", "lanes.deep.optimizer.learning_rate=0.5")
    wide, deep = all_compared("a.npz", "b.npz")
    assert wide.same
    assert deep.first is not None
    assert (deep.first.step, deep.first.operation, deep.first.layer) == (1, "update", 1)


def test_two_lanes_differ_at_the_start() -> None:
    (made,) = all_compared("two.toml:wide", "two.toml:deep")
    assert made.first is not None
    assert (made.first.step, made.first.says) == (0, "the networks have 2 and 3 layers")


def test_other_activations_and_losses_are_told_where_they_act() -> None:
    for key, where in (("activation='tanh'", ("z", 1)), ("loss='absolute'", ("loss", None))):
        Path("other.toml").write_text(TWO.replace("batch_size", f"{key.replace('=', ' = ')}\nbatch_size"))
        (made,) = all_compared("two.toml:wide", "other.toml:wide")
        assert made.first is not None
        assert (made.first.operation, made.first.layer) == where


def test_a_loop_may_stand_on_either_side() -> None:
    scenario_file, file = written(Path(), "no-mean")
    ((a, b),) = pairs(file, scenario_file)
    made, swapped = compare(a, b, None, lambda _: None)
    assert swapped
    assert made.first is not None
    assert made.first.mistake == "no-mean"


def test_a_loop_is_compared_with_a_record_from_the_record_s_start() -> None:
    scenario_file, file = written(Path())
    assert main(["run", scenario_file, "--record", "run.npz"]) == 0
    (made,) = all_compared("run.npz", file)
    assert made.first is not None
    assert (made.first.step, made.first.operation) == (0, "start")


def test_batches_that_are_not_recorded_are_the_scenario_s_own() -> None:
    Path("mine.toml").write_text(scenario(batch=24))
    file = Loop(*data_of(scenario(batch=24)), batch=24, records=("loss", "dW"), steps=5).record(Path("mine.npz"))
    (made,) = all_compared("mine.toml", str(file))  # the full batch, whose order is another one in each step
    assert made.same


def test_other_samples_are_told_before_any_step() -> None:
    scenario_file, _ = written(Path())
    x, y = data_of(scenario())
    moved = x.copy()
    moved[17, 1] += 1e-3
    made = all_compared(scenario_file, str(Loop(moved, y).record(Path("moved.npz"))))[0]
    assert made.first is not None
    assert (made.first.step, made.first.operation, made.first.array, made.first.entry) == (1, "batch", "x", (17, 1))
    made = all_compared(scenario_file, str(Loop(x[:20], y[:20]).record(Path("fewer.npz"))))[0]
    assert made.first is not None
    assert made.first.says == "x is 24×2 and 20×2: the samples differ"


def two_loops(mistake: str = "", **settings: Any) -> Difference:
    x, y = data_of(scenario())
    Loop(x, y, **settings).record(Path("a.npz"))
    Loop(x, y, mistake, **settings).record(Path("b.npz"))
    return all_compared("a.npz", "b.npz")[0]


def test_two_loops_without_a_scenario_are_compared_by_what_both_hold() -> None:
    assert two_loops().same
    first = two_loops("no-derivative", since=5).first
    assert first is not None
    assert (first.step, first.operation, first.layer, first.mistake) == (5, "delta", 2, None)
    assert first.says == "∂b₃ agrees, δ₂ does not"
    first = two_loops("uphill", since=5).first
    assert first is not None
    assert (first.step, first.operation, first.says) == (5, "update", "the gradients agree, the update does not")
    first = two_loops("no-derivative", records=("loss", "batch")).first
    assert first is not None
    assert (first.array, first.says) == ("W1", "loss agrees, W₁ does not")


def test_two_loops_with_other_batches_differ_there() -> None:
    x, y = data_of(scenario())
    Loop(x, y, seed=1).record(Path("a.npz"))
    Loop(x, y, seed=1).record(Path("b.npz"))
    with np.load("b.npz") as arrays:
        changed = dict(arrays)
    changed["batches"][3] = changed["batches"][3][::-1]
    np.savez("b.npz", **changed)
    first = all_compared("a.npz", "b.npz")[0].first
    assert first is not None
    assert (first.step, first.operation) == (4, "batch")


def test_rounding_that_grows_by_and_by_is_no_difference_of_two_loops() -> None:
    for name, off in (("a.npz", 0.0), ("b.npz", 1e-15)):
        with Recorder(name) as record:
            record.start([np.ones((1, 1))], [np.zeros(1)])
            for step in range(1, 61):
                record.step(W=[np.ones((1, 1)) + off * 2.0**step], b=[np.zeros(1)])
    made = all_compared("a.npz", "b.npz")[0]
    assert made.same
    assert made.parting is not None
    assert made.parting.step == 20


def side_files(size: float, off: float = 0.0) -> tuple[str, str]:
    """Two loops, of which one has a unit at +size and the other at −size, and δ as ReLU makes it."""
    for name, sign in (("a.npz", 1.0), ("b.npz", -1.0)):
        with Recorder(name) as record:
            record.start([np.ones((1, 1))], [np.zeros(1)])
            for step in range(1, 4):
                a = np.array([[1.0], [sign * size if step == 2 else 0.5]])
                z = np.maximum(a, 0.0)
                slope = (a > 0) + off * (sign > 0) * (step == 2)
                record.step(W=[np.ones((1, 1))], b=[np.zeros(1)], A=[a], Z=[z], dW=[slope.sum(0, keepdims=True)])
    return "a.npz", "b.npz"


def test_a_unit_on_either_side_of_a_kink_is_rounding_in_two_loops_too() -> None:
    made = all_compared(*side_files(1e-14))[0]
    assert made.same
    assert made.parting is not None
    assert (made.parting.step, made.parting.why) == (2, "side")
    assert made.parting.says == "a₁[1,0] is 1.0e-14 in one and -1.0e-14 in the other, from step 2 on ∂W₁ is apart"
    assert not all_compared(*side_files(1e-3))[0].same


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ("nothing.npz", "two.toml:wide", "nothing.npz: cannot read it: No such file"),
        ("two.toml", "loop.npz", "two.toml: there are 2 lanes; allowed: two.toml:wide, two.toml:deep"),
        ("two.toml:dep", "loop.npz", 'two.toml: there is no lane "dep"; allowed: wide, deep; did you mean "deep"?'),
        ("loop.npz:net", "two.toml:deep", 'loop.npz: there is no lane "net"'),
        ("far.npz", "mine.toml", "far.npz: batches: found sample 99; allowed: 0 to 23"),
        ("empty.npz", "mine.toml", "empty.npz: batches: step 3 has no samples; allowed: at least one"),
        ("function.toml", "loop.npz", "function.toml: f is a function; allowed: lanes that are networks"),
        ("two.toml:wide", "two.toml", "two.toml: there are 2 lanes; allowed: two.toml:wide, two.toml:deep"),
        ("bad.npz", "two.toml:wide", "bad.npz: scenario: "),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(
    a: str, b: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written(Path())
    Path("mine.npz").rename("loop.npz")
    with np.load("loop.npz") as arrays:
        far = dict(arrays)
    far["batches"][2, 1] = 99
    np.savez("far.npz", **far)
    np.savez("empty.npz", **{**far, "batches": np.where(np.arange(30)[:, None] == 2, -1, 0)})
    np.savez("bad.npz", **{"a/start/W1": np.zeros((1, 1)), "scenario": np.array("format = 2")})  # type: ignore[arg-type]
    Path("function.toml").write_text(
        'format = 1\nname = "f"\n[[lanes]]\nid = "f"\nfunction = { expression = "u**2", start = { u = 1 } }\n'
    )
    assert main(["diff", a, b]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"gradstep: {words}")
    assert len(err.splitlines()) == 1


def test_large_files_are_read_a_few_steps_at_a_time() -> None:
    np.savez("large.npz", **{"start/W1": np.zeros((10, 100)), "steps/W1": np.zeros((4000, 10, 100))})  # type: ignore[arg-type]
    made, _ = recordings("large.npz")
    tracemalloc.start()
    try:
        assert sum(1 for _ in made[""].steps()) == 4000
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()


def test_names_with_colons_are_names_first() -> None:
    Path("two.toml").rename("a:b.toml")
    assert [side.lane_id for side in SimpleNamespace(found=pairs("a:b.toml", "a:b.toml")).found[0]] == ["wide", "wide"]


def test_lanes_are_compared_as_the_command_does_and_told_apart_step_by_step() -> None:
    text = TWO.replace("hidden = [4, 4]", "hidden = [6]\nOTHER")
    cases = {
        "optimizer = { name = 'sgd', learning_rate = 0.5 }": (1, "update"),
        "seed = 4": (0, "start"),
        "batch_size = 6": (1, "batch"),
        "edits = [{ at = 3, set = { l2 = 0.5 } }]": (4, "loss"),
        "": None,
    }
    for other, first in cases.items():
        Path("two.toml").write_text(text.replace("OTHER", other))
        a, b = (sides(f"two.toml:{lane}")[0] for lane in ("wide", "deep"))
        assert a.lane is not None
        assert b.lane is not None
        told, _ = compare(a, b, None, lambda _: None)
        found = finished(lanes_compared(a.lane, b.lane, 6, lambda _: None))
        assert (found.first is None) == (told.first is None) == (first is None)
        if told.first is not None and found.first is not None:
            assert (found.first.step, found.first.operation) == first
            assert (found.first.array, found.first.entry) == (told.first.array, told.first.entry)
        states = [[state.theta for state in walked(side.lane)] for side in (a, b)]
        assert list(found.apart) == [1, 2, 3, 4, 5, 6]
        for step, apart in found.apart.items():
            one, two = (thetas[step] for thetas in states)
            largest = max(np.abs(one).max(), np.abs(two).max())
            assert apart == pytest.approx(np.abs(one - two).max() / largest, rel=1e-6, abs=1e-13)


def walked(lane: Lane | None) -> list[State]:
    assert lane is not None
    timeline = Timeline(lane)
    return [timeline.state_at(step) for step in range(7)]
