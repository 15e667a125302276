import re
from collections import defaultdict

import pytest

from tests.pilot import drive
from tui.panes.registry import PANES
from tui.render.cells import longest
from tui.widgets.pane_widget import after_name, common_form, lane_names, lane_sizes


def test_the_first_wording_that_fits_is_taken_whole():
    ways = ("test 0.01271 97.9%", "test 0.01271", "0.01271")
    assert [longest(width, *ways) for width in (18, 17, 12, 11)] == [*ways[:2], ways[1], ways[2]]
    assert longest(3, *ways) == "0.01271"
    assert longest(3, "θ½✓", "θ") == "θ½✓"


def test_a_lane_is_called_by_number_and_label_and_its_size_can_be_left_out(bench):
    lane = bench().frame().lanes[1]
    assert lane_names(lane) == (f"2: {lane.lane.label}", f"2: {lane.lane.id}")
    full, sizes, nothing = lane_sizes(lane)
    network = lane.lane.model.network
    assert sizes == f" {'-'.join(map(str, network.sizes))}"
    assert full == f"{sizes}, {network.parameter_count:,} parameters"
    assert nothing == ""


def test_the_names_of_classes_stand_before_a_lanes_size_and_are_cut_last(bench):
    text = """
format = 1
name = "own"
[data]
points = [[0, 1, 0], [1, 0, 2], [1, 1, 1]]
inputs = ["a", "b"]
outputs = ["kind"]
classes = ["setosa", "versicolor", "virginica"]
[[lanes]]
id = "net"
loss = "softmax_cross_entropy"
"""
    view = bench(text).view(width=40, height=12)
    drawing = PANES["function"].draw(view)
    ways = after_name(view.lane, "function", drawing.titles, drawing.key)

    def fitting(room):
        return next(way for way in ways if len(way) <= room)

    assert fitting(46) == " 2-3 · 0 setosa, 1 versicolor, 2 virginica"
    assert fitting(38) == " · 0 setosa, 1 versicolor, 2 virginica"
    assert fitting(35) == " · 0 setosa, 1 versico…, 2 virgini…"
    assert fitting(30) == " · 0 seto…, 1 vers…, 2 virg…"
    assert fitting(23) == " 2-3 · function"


def test_panes_of_a_row_have_the_first_form_that_fits_in_all_of_them():
    long, short = ("network: weights ±1.200", "network ±1.200", ""), ("network: weights ±0.1", "network ±0.1", "")
    assert common_form([(long, 23), (short, 23)]) == 0
    assert common_form([(short, 23), (long, 22)]) == 1
    assert common_form([(short, 12), (long, 12)]) == 2
    assert common_form([(("wider",), 1), (long, 3)]) == 2, "what has no other form does not keep the others"


@pytest.mark.parametrize("name", ["not-a-brain", "by-hand-xor", "rings", "learning-rate"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_borders_of_panes_side_by_side_tell_the_same(name, size):
    async def walk(driver):
        for keys in ("n", "ssssss", "N"):
            await driver.press(*keys)
            rows = defaultdict(list)
            for pane in driver.simulator.panes.regions:
                rows[pane.kind].append(driver.simulator.panes.widgets[pane])
            for kind, row in rows.items():
                titles = [str(one.border_title).removeprefix(one.words.mark) for one in row]
                assert len({re.sub(r"[^·:,±]|all 0", "", title) for title in titles}) == 1, (kind, titles)

    drive(name, walk, size=size)


def test_names_are_cut_nowhere_where_all_lanes_have_short_ones():
    async def walk(driver):
        assert all(f"{number}: {name} " in driver.text for number, name in enumerate(["mean", "sum", "quarter"], 1))
        await driver.resize(160, 40)
        await driver.until(lambda: "2: sum α = 0.4 " in driver.text)

    drive("sum-or-mean", walk, size=(80, 24))
