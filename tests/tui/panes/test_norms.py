import re

import numpy as np
import pytest

from tui.panes import norm_bars, norms
from tui.panes.pane import Options
from tui.panes.registry import PANES
from tui.render.charts import line_chart
from tui.render.palette import look
from tui.render.selection import Step

DEEP = """
format = 1
name = "deep"
[data]
kind = "disc"
samples = 20
[[lanes]]
id = "deep"
hidden = [4, 4, 4, 4, 4, 4, 4]
activation = "sigmoid"
init = { name = "normal", scale = 0.1 }
"""
BOWL = """
format = 1
name = "bowl"
[[lanes]]
id = "f"
function = { expression = "x**2", start = { x = 2 } }
optimizer = { name = "sgd", learning_rate = 0.25 }
"""


@pytest.fixture
def charted(monkeypatch):
    """The series of the charts that were drawn."""
    seen = []
    monkeypatch.setattr(
        norms, "line_chart", lambda series, *args, **rest: seen.append(series) or line_chart(series, *args, **rest)
    )
    return seen


def test_every_layers_line_is_the_norm_of_its_gradient_at_every_step(bench, charted):
    one = bench()
    one.session.go_to(6)
    one.draw("norms", lane=1)
    lane = one.frame(1).lane
    *layers, whole = charted[0]
    assert len(layers) == 4
    for step in range(6):
        gradient = one.session.lane_runs[1].timeline.trace(step).gradient
        for series, block in zip(layers, lane.lane.model.blocks, strict=True):
            assert series.x[step] == step
            assert series.y[step] == pytest.approx(np.linalg.norm(gradient[block]))
        assert whole.y[2 * step] == pytest.approx(np.linalg.norm(gradient))


def test_the_lane_in_front_is_drawn_and_named(bench, charted):
    one = bench()
    one.session.go_to(3)
    assert one.draw("norms", lane=0)[0].titles[0] == "gradient norm · wide · log · over steps"
    assert (
        one.draw("norms", lane=1, options=Options(axis="samples"))[0].titles[0]
        == "gradient norm · deep · log · over samples seen"
    )
    assert [len(series) for series in charted] == [3, 5]


def test_the_first_and_the_last_layer_can_be_told_in_a_deep_network(bench, charted):
    one = bench(DEEP)
    one.session.go_to(3)
    _, lines = one.draw("norms", width=80, ascii=False, color=True)
    assert re.sub(r"[^\w ]", "", lines[0]).split() == ["layer", "1", "5", "8", "all"]
    colors = [series.color for series in charted[0][:-1]]
    assert len(set(colors)) == 8
    assert (colors[0], colors[-1]) == (look().palette.positive, look().palette.accent)


def test_vanishing_gradients_show_in_numbers_once_the_backward_pass_is_done(bench):
    one = bench(DEEP)
    one.session.go_to(3)
    drawing, _ = one.draw("norms")
    first, last = map(float, re.fullmatch(r"layer 1 (\S+) · layer 8 (\S+)", drawing.subtitles[0]).groups())
    assert first < last / 1000
    one.session.into()
    assert one.draw("norms")[0].subtitles[0] == ""


def test_a_chart_serves_all_operations_of_a_step(bench, charted):
    one = bench()
    one.session.go_to(3)
    for _ in range(4):
        one.draw("norms")
        one.session.into()
    assert len(charted) == 1


def test_a_functions_gradient_is_one_line(bench, charted):
    """x halves each step from 2, so that f′ = 2x is 4, 2, 1."""
    one = bench(BOWL)
    one.session.go_to(3)
    drawing, _ = one.draw("norms")
    assert drawing.subtitles[0] == "1.000"
    ((series,),) = charted
    assert series.y.tolist() == pytest.approx([4.0, 2.0, 1.0])


STEEP = """
format = 1
name = "steep"
[data]
points = [[1.0, 1.0], [2.0, 0.0]]
[[lanes]]
id = "steep"
hidden = []
optimizer = { name = "sgd", learning_rate = 1e160 }
"""


def test_a_gradient_whose_square_overflows_is_drawn(bench):
    one = bench(STEEP)
    one.session.go_to(1)
    for _ in range(len(one.session.lockstep) - 1):
        one.session.into()
        drawing, _ = one.draw("norms")
    assert drawing.subtitles == ("—",)


def test_bars_of_all_layers_of_all_lanes_stand_side_by_side(bench):
    one = bench()
    one.session.go_to(3)
    drawing, lines = one.draw("norms", width=70, height=8)
    assert drawing.titles[0] == "gradient norm · log · enter: over steps"
    assert [name in lines[0] for name in ("o wide", "x deep")] == [True, True]
    assert lines[-1].split() == ["1", "2", "1", "2", "3", "4"]


def test_bars_are_as_high_as_their_norm_on_one_scale_for_all_lanes(bench):
    """Two decades on eight rows of eight levels: a tenth of the highest is half as high."""
    one = bench(DEEP)
    one.session.go_to(3)
    _, lines = one.draw("norms", width=60, height=10)
    lane = one.frame().lane
    norms = [np.linalg.norm(lane.trace.gradient[block]) for block in lane.lane.model.blocks]
    logs = np.log10(norms)
    low, high = np.floor(logs.min()), np.ceil(logs.max())
    first = lines[-1].index("1")
    slot = lines[-1].index("2") - first
    heights = [sum(line[first + layer * slot] != " " for line in lines[1:-1]) for layer in range(8)]
    assert heights == [max(int(np.ceil(round((log - low) / (high - low) * 64) / 8)), 1) for log in logs]


def test_the_ratio_of_the_first_to_the_last_layer_is_that_of_the_norms_beside_it(bench):
    one = bench(DEEP)
    one.session.go_to(3)
    _, lines = one.draw("norms", width=90, height=8)
    first, last, ratio = map(float, re.search(r"g1:g8 = (\S+):(\S+) = (\S+)", lines[0]).groups())
    assert ratio == pytest.approx(first / last, rel=1e-3)


def test_a_layer_has_no_bar_before_the_backward_pass_has_come_to_it(bench):
    one = bench(DEEP)
    one.session.go_to(3)
    for _ in range(19 + 4):  # batch, forward pass, loss, then four operations of layer 8
        one.session.into()
    assert np.isnan(norm_bars.layer_norms(one.frame().lane)).tolist() == [True] * 7 + [False]
    _, lines = one.draw("norms", width=60, height=8)
    first, slot = lines[-1].index("1"), lines[-1].index("2") - lines[-1].index("1")
    drawn = [any(line[first + layer * slot] != " " for line in lines[1:-1]) for layer in range(8)]
    assert drawn == [False] * 7 + [True]
    assert lines[0].split() == ["o", "deep"]


def test_no_bar_is_drawn_in_the_forward_pass_and_the_curves_stand_in_their_place(bench):
    one = bench()
    one.session.go_to(3)
    one.session.into()
    assert "over steps" in one.draw("norms", height=8)[0].titles[0]
    assert "enter" not in one.draw("norms", height=8)[0].titles[0]


def test_a_selected_step_brings_the_curves_where_there_is_room_for_one_of_both(bench):
    one = bench()
    one.session.go_to(3)
    pane, view = PANES["norms"], one.view(height=8)
    assert pane.pick(view, 30, 4) is None
    selected = pane.move(view, 0, 0)
    assert selected == Step(3)
    drawing, lines = one.draw("norms", height=8, selection=selected)
    assert drawing.titles[0] == "gradient norm · wide · log · over steps"
    assert any("!" in line for line in lines)


def test_which_of_many_layers_are_drawn_is_said(bench):
    one = bench(DEEP.replace("[4, 4, 4, 4, 4, 4, 4]", str([2] * 63)))
    one.session.go_to(1)
    assert one.draw("norms", width=80, height=8)[1][-1].split() == ["1", "~", "64"]
    assert one.draw("norms", width=60, height=8)[1][-1].split() == ["layers", "1,", "3,", "5", "~", "64"]


def test_a_gradient_of_zero_is_a_0_and_one_that_overflows_a_dash(bench):
    one = bench(DEEP.replace("scale = 0.1", "scale = 0"))
    one.session.go_to(1)
    assert "0 0" in " ".join(one.draw("norms", width=60, height=8)[1][-2].split())
    one = bench(STEEP)
    one.session.go_to(1)
    for _ in range(len(one.session.lockstep) - 1):
        one.session.into()
    assert one.draw("norms", width=20, height=8)[1][-2].strip() == "-"
