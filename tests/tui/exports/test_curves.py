"""The table of curves says what the run measured, under the quantities' names."""

import csv
import io

import numpy as np

from nncore.timeline import Timeline
from nncore.training import Trainer
from scenarios.expressions.expression import parse
from scenarios.file.loader import load
from scenarios.quantities.lane_shape import LaneShape
from scenarios.quantities.lookup import check
from scenarios.runs.build import build
from tui.exports.curves import curves_csv


def run(name, steps, *overrides):
    timelines = [Timeline(lane) for lane in build(load(name, overrides))]
    for timeline in timelines:
        timeline.state_at(steps)
    return timelines


def table(timelines):
    return list(csv.DictReader(io.StringIO(curves_csv(timelines))))


def test_every_step_of_a_short_run_has_a_row_with_its_exact_numbers():
    timelines = run("disc-depth", 150)
    rows = table(timelines)
    for timeline in timelines:
        own = [row for row in rows if row["lane"] == timeline.lane.id]
        assert [int(row["step"]) for row in own] == list(range(151))
        made = Trainer(timeline.lane).run(150)
        assert [float(row["batch_loss"]) for row in own[1:]] == made.batch_loss.tolist()
        layers = len(timeline.lane.model.blocks)
        assert [float(row[f"grad_norm[{layers}]"]) for row in own[1:]] == made.norms[:, -1].tolist()
        assert {row["steps"] for row in own[1:]} == {"1"}
        assert float(own[128]["test_loss"]) == timeline.evaluations[128].test_loss
        assert own[129]["test_loss"] == ""  # every second step from there on
        assert own[0]["batch_loss"] == ""
        assert int(own[150]["samples_seen"]) == 150 * 128


def test_its_columns_are_quantities_as_checks_write_them():
    columns = list(table(run("disc-depth", 3))[0])
    assert columns[:3] == ["lane", "step", "steps"]
    for column in columns[3:]:
        check(parse(f"wide.{column} < 1"), {"wide": LaneShape((2, 3, 3, 3, 1))})


def test_a_shallow_lane_leaves_the_columns_of_deeper_ones_empty():
    rows = table(run("disc-depth", 3))
    assert {row["grad_norm[4]"] for row in rows if row["lane"] == "wide"} == {""}


def test_a_thinned_run_has_the_least_and_the_greatest_of_each_stretch():
    (timeline,) = run("saddle-noise", 3000)[:1]
    made = Trainer(timeline.lane).run(3000)
    rows = [row for row in table([timeline]) if row["steps"]]
    assert {row["steps"] for row in rows} == {"2"}
    pairs = made.batch_loss.reshape(-1, 2)
    assert np.array_equal([float(row["batch_loss"]) for row in rows[0::2]], pairs.min(axis=1))
    assert np.array_equal([float(row["batch_loss"]) for row in rows[1::2]], pairs.max(axis=1))
    assert [int(row["step"]) for row in rows[0::2]] == list(range(2, 3001, 2))


def test_what_has_no_value_is_an_empty_cell():
    rows = table(run("saddle-noise", 5))
    assert {row["test_loss"] for row in rows} == {""}
    assert "nan" not in str(rows)
