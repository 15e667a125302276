"""Many seeds: where they end stands beside their fan."""

import numpy as np

from scenarios.file.loader import load
from scenarios.runs.seed_fan import SeedFan, is_about_test
from tui.dialogs.seeds import ends_of, fan_series
from tui.render.charts import line_chart
from tui.render.palette import look

LOOK = look("dark", ascii=True, color=False)


def drawn(losses, width):
    found = SeedFan(np.array([0.0, 10.0]), losses)
    chart = line_chart(fan_series(found), 60, 12, LOOK, x_label="steps")
    lines = ends_of(found, chart, width, LOOK)
    return chart, ["".join(segment.text for segment in line) for line in lines]


def test_every_run_has_a_mark_at_its_end():
    one, two = np.array([[1.0, 0.5]] * 5 + [[1.0, 0.1]]), np.array([[1.0, 0.1], [1.0, np.nan]])
    chart, lines = drawn({"one": one, "two": two}, 20)
    assert lines[chart.row(0.5)].strip() == "ooooo"
    assert lines[chart.row(0.1)].strip() == "ox"
    assert "where they end" in lines[0]
    assert {len(line) for line in lines} == {20}


def test_marks_stand_for_several_runs_where_there_is_no_room_for_all():
    chart, lines = drawn({"one": np.full((32, 2), 0.5)}, 12)
    assert lines[chart.row(0.5)].strip() == "o" * 8
    _, lines = drawn({"one": np.full((32, 2), 0.5)}, 28)
    assert "a mark for 2 runs" in lines[0]


def test_the_fan_is_of_the_losses_that_the_lesson_speaks_of():
    assert is_about_test(load("overfitting"))
    assert not is_about_test(load("learning-rate"))
