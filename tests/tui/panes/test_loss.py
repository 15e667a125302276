import gc
import re
import weakref
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tui.panes import loss, norms
from tui.panes.costs import cost, reach, smoothed, within
from tui.panes.pane import Options, Window
from tui.panes.registry import PANES
from tui.render.charts import line_chart
from tui.render.selection import Step
from tui.session.cursor import Cursor

LOSS = PANES["loss"]
FULL = """
format = 1
name = "full"
steps = 300
[data]
expression = "x"
domain = [-1, 1]
sampling = "random"
samples = 12
test_samples = 5
[defaults]
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "gd"
label = "all twelve"
[[lanes]]
id = "sgd"
batch_size = 5
"""
SADDLE = """
format = 1
name = "saddle"
[[lanes]]
id = "f"
function = { expression = "x**2 - 1", start = { x = 2 } }
"""


def test_the_legend_tells_lanes_and_kinds_of_loss(bench):
    one = bench(FULL)
    one.session.go_to(20)
    _, wide = one.draw("loss", width=100)
    assert wide[0].split() == ["o", "all", "twelve", "train", "x", "sgd", "train", ".:", "test", ".:", "batch"]
    _, narrow = one.draw("loss", width=46)
    assert narrow[0].split() == ["o", "all", "twelve", "x", "sgd", ".:", "test", ".:", "batch"]
    _, narrower = one.draw("loss", width=30)
    assert narrower[0].split() == ["o", "gd", "x", "sgd", ".:", "test", ".:", "batch"]
    _, least = one.draw("loss", width=16)
    assert least[0].split() == ["o", "gd", "x", "sgd", "~"]


def test_before_the_first_step_each_lane_s_mark_stands_at_its_loss(bench):
    one = bench(
        SADDLE.replace(
            "[[lanes]]", '[[lanes]]\nid = "g"\nfunction = { expression = "x**2 - 1", start = { x = 3 } }\n[[lanes]]'
        )
    )
    _, lines = one.draw("loss", options=Options(log=False))
    column = [line[8] for line in lines[1:-1]]
    assert (column[0], column[-1]) == ("o", "x")
    assert set(column[1:-1]) == {"|"}


def test_the_title_says_the_scales_and_the_border_the_losses_of_the_lane_in_front(bench):
    one = bench(FULL)
    one.session.go_to(20)
    values = one.frame(1).lane.evaluation
    drawing, _ = one.draw("loss", lane=1)
    assert drawing.titles[0] == "loss · log · over steps"
    train, test = map(float, re.fullmatch(r"sgd: train (\S+) · test (\S+)", drawing.subtitles[0]).groups())
    assert (train, test) == pytest.approx((float(values.train_loss), float(values.test_loss)), rel=1e-3)
    assert one.draw("loss", options=Options(False, "samples"))[0].titles[0] == "loss · linear · over samples seen"


def test_the_chart_is_drawn_anew_only_when_what_it_shows_changed(bench, monkeypatch):
    drawn = []
    monkeypatch.setattr(loss, "line_chart", lambda *args, **rest: drawn.append(1) or line_chart(*args, **rest))
    one = bench(FULL)
    one.session.go_to(20)
    for _ in range(5):
        one.draw("loss")
        one.session.into()
    assert len(drawn) == 1
    one.session.go_to(3)
    one.draw("loss")
    assert len(drawn) == 1
    one.session.go_to(21)
    one.draw("loss")
    one.draw("loss", options=Options(log=False))
    one.draw("loss", width=61)
    assert len(drawn) == 4


def cursor_columns(lines):
    """The columns with a mark in every line between legend and axis, the axis aside."""
    return [x for x in range(8, len(lines[0])) if all(line[x] in "|ox" for line in lines[1:-1])]


@pytest.mark.parametrize("step", [0, 10, 40, 80])
def test_the_cursor_stands_at_its_step(bench, step):
    """80 steps on an axis of 80: 52 columns after a gutter of 8."""
    one = bench(FULL)
    one.session.go_to(80)
    one.session.go_to(step)
    _, lines = one.draw("loss", width=60)
    assert cursor_columns(lines) == [8 + min(step * 52 // 80, 51)]


def zoomed(view, closer=0, along=0):
    """The view after keys at its x axis."""
    return replace(view, window=LOSS.looked(view, along, closer))


def test_closer_the_border_says_what_is_in_view_and_the_cursor_stays(bench):
    """A quarter of 80 steps is in view, with the cursor at 40 in the middle of 52 columns."""
    one = bench(FULL)
    one.session.go_to(80)
    one.session.go_to(40)
    near = zoomed(one.view(width=60), closer=2)
    drawing = LOSS.draw(near)
    assert drawing.titles[0] == "loss · log · steps 30…50 of 80"
    lines = ["".join(segment.text for segment in line) for line in drawing.lines]
    assert cursor_columns(lines) == [8 + 26]
    assert "|" not in "".join(segment.text for line in LOSS.draw(zoomed(near, along=4)).lines for segment in line[1:])


def test_a_part_of_the_chart_has_the_heights_of_its_losses(bench):
    one = bench(FULL)
    one.session.go_to(80)
    view = one.view(width=60, options=Options(log=False))
    near = LOSS.scene(zoomed(view, closer=2)).plot
    whole, losses = LOSS.scene(view).plot, [lane.curves.train_loss[60:] for lane in view.frame.lanes]
    assert (near.low, near.high) == (60.0, 80.0)
    assert near.heights[1] < whole.heights[1]
    assert near.heights[0] <= np.min(losses) <= np.max(losses) <= near.heights[1]


def test_a_lane_that_goes_on_has_an_arrow_at_the_right_edge(bench):
    one = bench(FULL)
    one.session.go_to(80)
    one.session.go_to(40)
    rows = LOSS.draw(zoomed(one.view(ascii=False), closer=1)).lines
    edges = [row[-1].text[-1] for row in rows]
    assert edges.count("→") in (1, 2)  # the lanes may be equally high there
    assert "→" not in "".join(segment.text for row in LOSS.draw(one.view(ascii=False)).lines for segment in row)


def test_on_a_cost_axis_no_lane_is_squeezed_into_the_edge(bench):
    """40 steps of 12 samples and of 1: 480 seen, on an axis to 480 of which the second lane has a twelfth."""
    one = bench(FULL.replace("batch_size = 5", "batch_size = 1"))
    one.session.go_to(40)
    view = one.view(width=60, options=Options(axis="samples"))
    drawing = LOSS.draw(view)
    assert drawing.titles[0] == "loss · log · samples seen 0…40 of 500"
    plot = LOSS.scene(view).plot
    assert (plot.low, plot.high) == (0.0, 40.0)
    assert LOSS.draw(zoomed(view, closer=-4)).titles[0] == "loss · log · over samples seen"
    assert LOSS.draw(one.view(width=60)).titles[0] == "loss · log · over steps"


def test_lanes_that_spend_about_as_much_are_shown_whole(bench):
    one = bench(FULL)
    one.session.go_to(40)
    assert LOSS.draw(one.view(options=Options(axis="samples"))).titles[0] == "loss · log · over samples seen"


def test_a_lane_that_stopped_does_not_cut_the_others_off(bench):
    one = bench(FULL + 'optimizer = { name = "sgd", learning_rate = 1e9 }\n')
    one.session.go_to(200)
    assert one.frame().lanes[1].curves.diverged_at
    assert LOSS.draw(one.view(options=Options(axis="samples"))).titles[0] == "loss · log · over samples seen"


def test_where_the_lane_in_front_is_out_of_view_the_others_still_have_their_marks(bench):
    one = bench(FULL.replace("batch_size = 5", "batch_size = 1"))
    one.session.go_to(40)
    _, lines = one.draw("loss", width=60, options=Options(axis="samples"))
    assert [line[-1] for line in lines[1:-1]].count("x") == 1


def test_arrows_take_the_part_in_view_along(bench):
    one = bench(FULL)
    one.session.go_to(80)
    near = zoomed(one.view(selection=Step(80)), closer=3)
    assert near.window == Window("steps", 70.0, 80.0)
    assert zoomed(replace(near, selection=Step(75))).window == near.window
    assert zoomed(replace(near, selection=Step(60))).window == Window("steps", 60.0, 70.0)


def test_a_line_is_cut_where_it_leaves_the_part_in_view():
    x, y = within(np.array([0.0, 10.0, 20.0, 30.0]), np.array([0.0, 10.0, 20.0, 30.0]), 12.0, 25.0)
    assert (x.tolist(), y.tolist()) == ([12.0, 20.0, 25.0],) * 2
    assert within(np.array([0.0, 10.0]), np.array([3.0, 4.0]), 0.0, 20.0)[0].tolist() == [0.0, 10.0]


def test_samples_and_multiply_adds_are_what_training_has_spent(bench):
    """12 samples in batches of 5, 5 and 2; one input and one output: forward and ∂W, a product each."""
    one = bench(FULL)
    one.session.go_to(30)
    gd, sgd = one.frame().lanes
    steps = np.arange(31.0)
    for lane, samples in ((gd, 12 * steps), (sgd, [12 * (t // 3) + 5 * (t % 3) for t in range(31)])):
        assert cost(lane.lane, lane.curves, "steps", steps).tolist() == steps.tolist()
        assert cost(lane.lane, lane.curves, "samples", steps).tolist() == list(samples)
        assert cost(lane.lane, lane.curves, "multiply-adds", steps).tolist() == [2 * count for count in samples]


def test_a_function_falls_back_to_steps_and_says_so(bench):
    one = bench(SADDLE)
    one.session.go_to(3)
    drawing, _ = one.draw("loss", options=Options(False, "multiply-adds"))
    assert drawing.titles[0] == "loss · linear · over steps (f has no multiply-adds)"


def test_a_logarithmic_axis_says_that_it_leaves_out_what_is_not_positive(bench):
    one = bench(SADDLE.replace("x = 2", "x = 0.5"))
    one.session.go_to(3)
    assert one.draw("loss")[0].titles[0].endswith("(if > 0)")
    assert not one.draw("loss", options=Options(log=False))[0].titles[0].endswith("(if > 0)")


def test_without_a_test_part_there_is_no_test_loss(bench):
    one = bench(FULL.replace("test_samples = 5", ""))
    one.session.go_to(3)
    drawing, lines = one.draw("loss", width=100)
    assert "test" not in drawing.subtitles[0] + lines[0]


def test_the_mean_of_a_part_is_geometric_on_a_logarithmic_axis():
    x, y = np.array([0.0, 1.0, 6.0, 7.0]), np.array([1.0, 100.0, 0.25, np.nan])
    places, means = smoothed(x, y, 0.0, 10.0, 2, log=True)
    assert (places.tolist(), means.tolist()) == ([0.5, 6.0], [pytest.approx(10.0), 0.25])
    assert smoothed(x, y, 0.0, 10.0, 2, log=False)[1].tolist() == [50.5, 0.25]


@given(arrays.arrays(np.float64, st.integers(0, 50), elements=st.floats(-1e6, 1e6)), st.integers(1, 30), st.booleans())
def test_a_smoothed_line_stays_within_what_it_smooths(y, columns, log):
    x = np.arange(len(y), dtype=float)
    places, means = smoothed(x, y, 0.0, 50.0, columns, log)
    kept = y[y > 0] if log else y
    assert len(means) <= min(columns, len(kept))
    assert np.all(np.diff(places) > 0)
    if len(kept):
        slack = 1e-9 * np.abs(kept).max() + 1e-300
        assert kept.min() - slack <= means.min()
        assert means.max() <= kept.max() + slack


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_an_axis_ends_soon_after_what_it_shows(spent, goal):
    end = reach(spent, goal)
    assert spent <= end <= max(10, 1.5 * spent)
    if spent <= goal <= end and spent >= 10:
        assert end == goal


@pytest.mark.parametrize("module", [loss, norms])
def test_charts_are_kept_by_the_view_that_shows_them_and_by_nothing_else(bench, monkeypatch, module):
    made = []
    monkeypatch.setattr(module, "line_chart", lambda *of, **more: made.append(of) or line_chart(*of, **more))
    one = bench()
    one.session.go_to(3)
    view, pane = one.view(), PANES[module.__name__.rpartition(".")[2]]
    pane.draw(view)
    pane.draw(replace(view, frame=replace(view.frame, cursor=Cursor(1)), selection=Step(1)))
    assert len(made) == 1
    curves = weakref.ref(view.lane.curves)
    del one, view
    made.clear()
    gc.collect()
    assert curves() is None
