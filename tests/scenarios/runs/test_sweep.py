"""A sweep's rows are those of single runs to the last bit, whoever does them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenarios.errors import ScenarioError
from scenarios.file.loader import load
from scenarios.quantities.definitions import numbers
from scenarios.runs import lane_training, parallel
from scenarios.runs.build import build
from scenarios.runs.lane_training import parts_for
from scenarios.runs.parallel import Workers
from scenarios.runs.report import run_lanes
from scenarios.runs.sweep import Row, Sweep, jobs_of, plan_sweep, rows_of

DRAWN = """
format = 1
name = "drawn"
seed = 5
steps = 40
[data]
kind = "moons"
noise = 0.1
samples = 40
test_samples = 20
[defaults]
hidden = [4]
batch_size = 7
optimizer = { name = "adam", learning_rate = 0.01 }
[[lanes]]
id = "a"
[[lanes]]
id = "b"
activation = "relu"
seed = 9
[[claims]]
text = "It is not convex."
check = "a.hessian_min < 0"
"""
FUNCTIONS = """
format = 1
name = "functions"
steps = 30
[defaults]
function = { expression = "x**2 - y**2 + y**4", start = { x = 1, y = 0.1 }, gradient_noise = 0.1 }
[[lanes]]
id = "a"
optimizer = { name = "sgd", learning_rate = 0.1 }
"""
CASES = [
    (DRAWN, ["lanes.a.optimizer.learning_rate=0.01,0.1", "data.noise=0,0.2"]),
    (DRAWN, ["defaults.hidden=[4],[3, 3]"]),
    (DRAWN, ["steps=3,8"]),
    (DRAWN, ["lanes.b.optimizer.learning_rate=0.01,1e300"]),
    (FUNCTIONS, ["lanes.a.optimizer.learning_rate=0.01..10:4:log"]),
]


def rows(sweep: Sweep, workers: Workers, done: Any = ()) -> dict[tuple[int, int], Row]:
    with workers.ready() as crew:
        parts = list(rows_of(jobs_of(sweep, done, crew.count), crew))
    return {(row.setting, row.seed): row for part in parts for row in part}


def alone(sweep: Sweep, name: str) -> dict[tuple[int, int], Row]:
    """The rows, each from a run of its own, as `gradstep run --set … --seed S` makes it."""
    found = {}
    for place, seed in sweep.keys:
        setting = sweep.settings[place]
        chosen = [f"{one.key}={text}" for one, text in zip(sweep.varied, setting.texts, strict=True)]
        scenario = load(name, chosen)
        reports = run_lanes(scenario, [build(scenario, seed)], scenario.steps)
        lanes = {
            report.id: {name: numbers(name, values)[0] for name, values in report.values.items()} for report in reports
        }
        found[place, seed] = Row(place, seed, lanes)
    return found


@pytest.mark.parametrize(("text", "vary"), CASES)
def test_rows_are_single_runs_to_the_last_bit_whoever_does_them(
    text: str, vary: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "SMALL", 0)
    file = tmp_path / "my.toml"
    file.write_text(text)
    sweep = plan_sweep(str(file), vary, seeds=3)
    expected = alone(sweep, str(file))
    assert len(expected) == 3 * len(sweep.settings)
    assert rows(sweep, Workers(1)) == expected
    assert rows(sweep, Workers(2, "threading")) == expected
    assert rows(sweep, Workers(2, "loky")) == expected
    monkeypatch.setattr(lane_training, "STACK_BYTES", 1)
    assert rows(sweep, Workers(1)) == expected


def test_large_data_are_the_same_in_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # arrays beyond 1 MB come there as read-only maps of a file
    monkeypatch.setattr(parallel, "SMALL", 0)
    x = np.random.default_rng(0).normal(size=(70_000, 2))
    np.savetxt(tmp_path / "points.csv", np.column_stack([x, x[:, :1]]), "%.4f", ",", header="x1,x2,y1", comments="")
    file = tmp_path / "my.toml"
    file.write_text(
        'format = 1\nname = "my"\nsteps = 3\n[data]\ncsv = "points.csv"\ntest_fraction = 0.5\nstandardize = true\n'
        '[defaults]\nhidden = [2]\nbatch_size = 100\n[[lanes]]\nid = "a"\n'
        'optimizer = { name = "adam", learning_rate = 0.01 }\n'
    )
    sweep = plan_sweep(str(file), ["defaults.l2=0,0.1"], seeds=2)
    assert rows(sweep, Workers(2)) == rows(sweep, Workers(1)) == alone(sweep, str(file))


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text(DRAWN)
    sweep = plan_sweep(str(file), ["defaults.l2=0,0.1"], seeds=4)
    whole = rows(sweep, Workers(1))
    done = [(0, 5), (0, 7), (1, 5), (1, 6), (1, 7), (1, 8)]
    assert rows(sweep, Workers(1), done) == {key: whole[key] for key in [(0, 6), (0, 8)]}
    assert jobs_of(sweep, sweep.keys, 2) == []


def test_steps_given_are_those_of_every_setting_and_the_schedule_keeps_its_horizon(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text(DRAWN.replace("batch_size = 7", 'batch_size = 7\nschedule = { name = "linear_to_zero" }'))
    sweep = plan_sweep(str(file), ["defaults.l2=0,0.1"], steps=20)
    found = rows(sweep, Workers(1))
    assert found[0, 5].lanes["a"]["samples_seen"] == 20 // 6 * 40 + 2 * 7
    assert found[0, 5].lanes["a"]["learning_rate"] == pytest.approx(0.01 * 21 / 40)


@pytest.mark.parametrize(
    ("vary", "more", "says"),
    [
        (["l2=0,1"], {}, "--vary l2=0: l2: unknown key"),
        (["defaults.l2=0,-1"], {}, "--vary defaults.l2=-1:"),
        (["defaults.l2=0,1", "lanes.c.l2=0,1"], {}, '--vary lanes.c.l2=0: lanes: there is no lane "c"'),
        (["defaults.l2=0,1", "defaults.l2=2,3"], {}, "--vary defaults.l2: the key is given twice"),
        (["defaults.l2=0,1"], {"overrides": ["defaults.l2=2"]}, "--vary defaults.l2: the key is given twice"),
        (["defaults.l2=0,1"], {"overrides": ["defaults.l1=x"]}, "--set defaults.l1=x:"),
        (["defaults.l2=0..1:1000", "defaults.l1=0..1:1000"], {"seeds": 2}, "allowed: 1,000,000 rows"),
        (["defaults.optimizer.lr=0,1"], {}, 'did you mean "learning_rate"?'),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_trained(
    vary: list[str], more: dict[str, Any], says: str, tmp_path: Path
) -> None:
    file = tmp_path / "my.toml"
    file.write_text(DRAWN)
    with pytest.raises(ScenarioError) as error:
        plan_sweep(str(file), vary, **more)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("workers", "scenarios", "seeds", "parts"),
    [
        (1, 1, 32, 1),
        (2, 1, 32, 2),
        (8, 1, 32, 8),
        (2, 2, 32, 1),
        (2, 9, 32, 1),
        (2, 3, 32, 2),
        (64, 1, 4, 4),
        (4, 100, 32, 1),
    ],
)
def test_seeds_are_cut_where_that_keeps_workers_busy(workers: int, scenarios: int, seeds: int, parts: int) -> None:
    assert parts_for(workers, scenarios, seeds) == parts
