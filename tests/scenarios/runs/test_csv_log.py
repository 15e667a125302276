"""Rows and cells of the table that a run writes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from nncore.timeline import Timeline
from scenarios.expressions.tree import Quantity
from scenarios.file.loader import parse
from scenarios.runs.build import build, replicas
from scenarios.runs.csv_log import CsvLog
from scenarios.runs.lane_training import run_lane

TEXT = """
format = 1
name = "logged"
[data]
kind = "xor"
samples = 10
[defaults]
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "mini"
hidden = [3]
batch_size = 4
[[lanes]]
id = "full"
[[claims]]
text = "The curvature is positive."
check = "full.hessian_max > 0"
at = 203
"""


def rows(text: str, steps: int, seeds: range | None = None) -> list[dict[str, str]]:
    scenario = parse(text.encode(), "test.toml", Path())
    lanes = replicas(scenario, seeds) if seeds else build(scenario)
    stream = io.StringIO()
    log = CsvLog(stream, scenario, lanes, steps, seeds is not None)
    for lane in lanes:
        run_lane(lane, steps, [log.watch])
    return list(csv.DictReader(io.StringIO(stream.getvalue())))


def cells(table: list[dict[str, str]], lane: str, name: str) -> dict[int, str]:
    return {int(row["step"]): row[name] for row in table if row["lane"] == lane}


def test_a_row_for_each_lane_and_step() -> None:
    table = rows(TEXT, 5)
    assert [(row["lane"], row["step"]) for row in table] == [
        (lane, str(step)) for lane in ("mini", "full") for step in range(6)
    ]
    assert list(table[0])[:3] == ["lane", "step", "train_loss"]
    assert cells(table, "mini", "batch_loss")[0] == ""
    assert all(cells(table, "mini", "batch_loss")[step] for step in range(1, 6))
    assert cells(table, "mini", "samples_seen")[3] == "10"
    assert cells(table, "full", "samples_seen")[3] == "30"
    assert cells(table, "full", "grad_norm[2]")[3] == ""
    assert cells(table, "mini", "grad_norm[2]")[3] != ""


def test_whole_parts_are_measured_at_a_thinning_cadence_at_claims_and_at_the_end() -> None:
    table = rows(TEXT, 301)
    measured = {step for step, cell in cells(table, "mini", "train_loss").items() if cell}
    assert measured == {*range(128), *range(128, 256, 2), *range(256, 301, 4), 203, 301}
    assert all(cells(table, "full", "train_loss").values())
    assert {step for step, cell in cells(table, "full", "hessian_max").items() if cell} == {203, 301}
    assert not any(cells(table, "mini", "hessian_max").values())


def test_the_train_loss_of_a_full_batch_is_the_next_batch_loss() -> None:
    table = rows(TEXT, 30)
    loss, batch_loss = (cells(table, "full", name) for name in ("train_loss", "batch_loss"))
    assert all(loss[step] == batch_loss[step + 1] for step in range(30))


def test_seeds_have_a_column_and_the_cells_of_single_runs() -> None:
    table = rows(TEXT, 6, range(4, 7))
    single = rows(TEXT.replace('name = "logged"', 'name = "logged"\nseed = 5'), 6)
    own = [{key: cell for key, cell in row.items() if key != "seed"} for row in table if row["seed"] == "5"]
    assert own == single
    assert len(table) == 2 * 7 * 3


@pytest.mark.parametrize("seeds", [None, range(3)])
def test_the_last_row_of_a_lane_that_diverges_says_so(seeds: range | None) -> None:
    table = rows(TEXT.replace("learning_rate = 0.1", "learning_rate = 1e200"), 20, seeds)
    full = [row for row in table if row["lane"] == "full"]
    assert {row["step"] for row in full} == {"0", "1", "2"}
    last = full[-1]
    assert last["diverged_at"] == "2"
    assert last["train_loss"] == last["batch_loss"] == ""
    assert last["parameters"] == "3"


def test_what_is_asked_for_besides_stands_in_every_row() -> None:
    scenario = parse(TEXT.encode(), "test.toml", Path())
    lanes, stream = build(scenario), io.StringIO()
    also = [Quantity("mini", "W1", (2, 1)), Quantity("mini", "delta1", (7, 0)), Quantity("full", "hessian_min")]
    log = CsvLog(stream, scenario, lanes, 5, False, also)
    for lane in lanes:
        run_lane(lane, 5, [log.watch])
    table = list(csv.DictReader(io.StringIO(stream.getvalue())))
    timeline = Timeline(lanes[0])
    weights = [timeline.state_at(step).theta[lanes[0].model.layers[0].index(2, 1)] for step in range(6)]
    assert [float(cell) for cell in cells(table, "mini", "W1[2,1]").values()] == weights
    seen = {step: 7 in timeline.trace(step - 1).indices for step in range(1, 6)}
    assert {step: bool(cell) for step, cell in cells(table, "mini", "delta1[7,0]").items()} == {0: False, **seen}
    assert all(cells(table, "full", "hessian_min").values())
    assert set(cells(table, "full", "W1[2,1]").values()) == set(cells(table, "mini", "hessian_min").values()) == {""}
