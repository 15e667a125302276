"""Selecting in pictures of points: by arrows, by a second enter, by the mouse."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.losses import LOSSES
from tui.panes.registry import PANES
from tui.panes.selectable_plot import SelectablePlot
from tui.render.numbers import num
from tui.render.palette import look
from tui.render.plot import Plot
from tui.render.selection import Point, Sample, Step

ARROWS = st.sampled_from([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])
NEAR = st.floats(-0.5, 4.5)

FIT = """
format = 1
name = "fit"
[data]
points = [[-1, 2], [-0.5, 0], [0, 1], [0.5, 3], [1, -1]]
[[lanes]]
id = "fit"
hidden = [3]
activation = "tanh"
batch_size = 2
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "line"
"""


def plot(columns=40, rows=20):
    """x and y from 0 to 4 on a blank picture with a gutter of 3 columns and a line on top."""
    blank = [[] for _ in range(rows + 1)]
    return Plot(blank, 3, 1, columns, rows, 0.0, 4.0, (0.0, 4.0))


def scene(points, **more):
    points = np.array(points, float).reshape(-1, 2)
    return SelectablePlot(plot(), points, tuple(Sample(number) for number in range(len(points))), **more)


@given(st.floats(0, 4), st.floats(0, 4))
def test_a_cell_and_the_point_it_shows_belong_together(x, y):
    one = plot()
    column, row = one.column(x), one.row(y)
    assert one.x(column) == pytest.approx(x, abs=0.05 + 1e-9)
    assert one.y(row) == pytest.approx(y, abs=0.1 + 1e-9)
    (across, down), *_ = one.cells(np.array([(x, y)]))
    assert min(int(across), 42) == column
    assert abs(down - row - 0.5) <= 0.5 + 1e-9


def test_an_arrow_goes_to_the_nearest_thing_in_its_direction():
    one = scene([(2, 2), (2.5, 2.1), (3.9, 2), (2.1, 3), (2, 0.5)])
    here = Sample(0)
    assert one.moved(here, 1, 0) == Sample(1)
    assert one.moved(Sample(1), 1, 0) == Sample(2)
    assert one.moved(here, 0, -1) == Sample(3)
    assert one.moved(here, 0, 1) == Sample(4)
    assert one.moved(here, -1, 0) == here


def test_things_at_the_same_point_are_gone_through_by_number():
    one = scene([(2, 2)] * 3)
    assert [one.moved(Sample(n), 1, 0) for n in range(3)] == [Sample(1), Sample(2), Sample(2)]
    assert one.moved(Sample(1), -1, 0) == Sample(0)


def test_along_a_curve_every_press_goes_to_another_column():
    one = scene([(x, 4 - x) for x in np.linspace(0, 4, 400)], curve=True, first=399)
    assert one.moved(None, 0, 0) == Sample(399)
    seen = [Sample(399)]
    while (moved := one.moved(seen[-1], -1, 0)) != seen[-1]:
        seen.append(moved)
    assert len(seen) == 40
    assert one.moved(seen[-1], 0, 1) == seen[-1]


def test_entering_again_frees_the_selection_and_a_third_time_takes_the_nearest_thing():
    one = scene([(1, 1), (3, 3)], free=2)
    place = one.moved(Sample(0), 0, 0)
    assert place == Point((1.0, 1.0))
    for _ in range(12):
        place = one.moved(one.moved(place, 1, 0), 0, -1)
    assert place.at == pytest.approx((1 + 12 * 4 / 40, 1 + 12 * 4 / 20))
    assert one.moved(place, 0, 0) == Sample(1)
    assert scene([(1, 1)]).moved(Sample(0), 0, 0) == Sample(0)


def test_a_place_of_one_coordinate_moves_across_only():
    one = scene([(1, 1)], free=1)
    assert one.moved(Point((1.0,)), 0, 1) == Point((1.0,))
    assert one.moved(Point((1.0,)), 1, 0).at == pytest.approx((1.1,))


@given(st.lists(st.tuples(NEAR, NEAR), max_size=8), st.lists(ARROWS, max_size=12), st.booleans(), st.integers(0, 2))
def test_any_arrows_leave_something_selected_that_is_there(points, arrows, curve, free):
    one, selection = scene(sorted(points), curve=curve, free=0 if curve else free), None
    for arrow in arrows:
        selection = one.moved(selection, *arrow)
        if isinstance(selection, Point):
            assert all(-0.5 <= value <= 4.5 for value in selection.at)
        else:
            assert selection in one.things or not one.things


@given(st.lists(st.tuples(NEAR, NEAR), max_size=8), st.integers(-2, 50), st.integers(-2, 25), st.integers(0, 2))
def test_a_press_selects_what_lies_under_it_or_nothing(points, x, y, free):
    one = scene(points, free=free)
    picked = one.picked(x, y)
    inside = 3 <= x < 43 and 1 <= y < 21
    assert isinstance(picked, Sample | Point) if inside and free else picked is None or isinstance(picked, Sample)
    if isinstance(picked, Sample):
        column, row = one.plot.cells(one.points)[picked.number]
        assert inside
        assert abs(column - x - 0.5) <= 1.5
        assert abs(row - y - 0.5) <= 0.75


@pytest.mark.parametrize("color", [True, False])
def test_the_selection_is_seen(bench, color):
    one = bench(FIT)
    one.session.go_to(3)
    for kind in ("function", "features", "landscape", "batch", "loss", "norms", "curvature"):
        for arrows in ([(0, 0)], [(0, 0), (0, 0)]):
            view = one.studied(kind, color=color)
            before = PANES[kind].draw(view).lines
            selection = None
            for arrow in arrows:
                selection = PANES[kind].move(one.studied(kind, color=color, selection=selection), *arrow)
            after = PANES[kind].draw(one.studied(kind, color=color, selection=selection)).lines
            assert before != after, (kind, selection)


def test_the_first_sample_selected_is_the_one_of_the_batch_with_the_largest_loss(bench):
    one = bench(FIT)
    one.session.go_to(3)
    trace = one.frame().lane.trace
    losses = LOSSES["squared"].value(trace.a[-1], trace.z[-1], trace.targets)
    for kind in ("function", "features"):
        assert PANES[kind].move(one.view(), 0, 0) == Sample(int(trace.indices[losses.argmax()]))


def test_a_sample_says_what_the_network_makes_of_it(bench):
    one = bench(FIT)
    one.session.go_to(3)
    lane = one.frame().lane
    model = lane.lane.model
    outputs = model.network.outputs(lane.theta, model.data.x)[:, 0]
    for number in range(5):
        text = PANES["function"].explain(one.view(selection=Sample(number)))
        x, y, z, loss = re.match(rf"sample {number}: x = (\S+), y = (\S+) → z₂ = (\S+), loss (\S+); ", text).groups()
        assert (x, y, z) == tuple(num(v) for v in (model.data.x[number, 0], model.data.y[number, 0], outputs[number]))
        assert float(loss) == pytest.approx(0.5 * (outputs[number] - model.data.y[number, 0]) ** 2, rel=1e-3)
        assert ("of the batch of step 3" in text) == (number in lane.trace.indices)


def test_any_input_says_the_sum_that_makes_its_output(bench, worked_out):
    one = bench(FIT)
    one.session.go_to(3)
    text = PANES["function"].explain(one.view(selection=Point((0.25,))))
    body, result = re.fullmatch(r"at x = 0.2500: z₂ = (.+) = (\S+)", text).groups()
    assert worked_out(body) == pytest.approx(float(result), abs=1e-3)


def test_the_table_of_a_sample_adds_up_to_the_gradient_of_its_batch(bench):
    one = bench(FIT)
    one.session.go_to(3)
    lane = one.frame().lane
    trace = lane.trace
    own = []
    for row, number in enumerate(trace.indices):
        rows = PANES["function"].inspect(one.view(selection=Sample(int(number))))
        assert any(f"In step 3 it is row {row} of the batch" in cells[0] for cells in rows)
        table = {cells[0]: cells for cells in rows if len(cells) == 3 and cells[0].startswith(("W₂", "b₂"))}
        own.append(table["b₂[0]"][1])
        (layer,) = [cells for cells in rows if len(cells) == 4 and cells[0] == "2 linear"]
        assert float(layer[3]) == pytest.approx(
            (float(layer[2]) - trace.targets[row, 0]) / len(trace.indices), rel=2e-3
        )
    total = sum(float(value) for value in own)
    assert total == pytest.approx(trace.gradient[-1], rel=2e-3)
    outside = next(n for n in range(5) if n not in trace.indices)
    rows = PANES["function"].inspect(one.view(selection=Sample(outside)))
    assert rows[-1] == ("It is not in the batch of step 3, which did not learn from it.",)


def test_a_step_of_a_chart_says_its_numbers(bench):
    one = bench(FIT)
    one.session.go_to(300)
    curves = one.frame().lane.curves
    text = PANES["loss"].explain(one.view(selection=Step(7)))
    assert text == "after step 7, train (test): " + " · ".join(
        f"{lane.lane.id} {num(lane.curves.train_loss[7])}" for lane in one.frame().lanes
    )
    low, high = curves.layer_norms[0, :, 6]
    assert low == high
    assert PANES["norms"].explain(one.view(selection=Step(7))).startswith(f"step 7: layer 1 {num(low)} · layer 2 ")
    one.session.go_to(5000)
    view = one.view()
    selected = PANES["norms"].move(view, 0, 0)
    low, high = view.lane.curves.layer_norms[0, :, -1]
    expected = rf"steps {selected.number} to 5000: layer 1 {num(low)}…{num(high)}"
    assert PANES["norms"].explain(one.view(selection=selected)).startswith(expected)


def test_a_place_of_the_landscape_says_its_loss(bench):
    one = bench(FIT)
    one.session.go_to(40)
    view = one.studied("landscape", height=10)
    known = view.study.result
    here = PANES["landscape"].move(view, 0, 0)
    assert here == Step(40)
    text = PANES["landscape"].explain(one.studied("landscape", height=10, selection=here))
    assert text.endswith(f"L = {num(float(view.lane.evaluation.train_loss))}")
    (left, right), (bottom, top) = known.domain
    rows, columns = known.values.shape
    corner = Point((left + (right - left) / columns / 2, bottom + (top - bottom) / rows / 2))
    text = PANES["landscape"].explain(one.studied("landscape", height=10, selection=corner))
    assert text.endswith(f"L = {num(float(known.values[0, 0]))}")


def test_marks_lie_on_the_cell_of_the_selection(bench):
    view = bench(FIT).view(selection=Sample(0), width=50, height=16)
    one = PANES["function"].scene(view)
    text = ["".join(segment.text for segment in line) for line in one.marked(Sample(0), look("dark", True, False))]
    column, row = one.plot.column(one.points[0, 0]), one.plot.row(one.points[0, 1])
    assert text[row][column] == "@"
