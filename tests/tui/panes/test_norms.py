import re

import numpy as np
import pytest

from tui.panes import norms
from tui.panes.pane import Options
from tui.render.charts import line_chart
from tui.render.palette import look

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
