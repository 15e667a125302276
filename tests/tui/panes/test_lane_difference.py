"""Two lanes subtracted in the panes of weights and gradients, recomputed from what both lanes show."""

import re
from dataclasses import replace

import numpy as np
import pytest

from tui.panes.matrices import GradientsPane, WeightsPane, entry_of_theta
from tui.panes.pane import Options
from tui.render.heatmap import Entry
from tui.render.numbers import num

TEXT = """
format = 1
name = "three"
[data]
kind = "moons"
samples = 12
[defaults]
hidden = [3]
[[lanes]]
id = "one"
optimizer = { name = "sgd", learning_rate = 0.5 }
[[lanes]]
id = "two"
batch_size = 4
[[lanes]]
id = "other"
hidden = [2, 2]
"""
FUNCTIONS = """
format = 1
name = "two"
[[lanes]]
id = "here"
[lanes.function]
expression = "x**2 + y**2"
start = { x = 1, y = 2 }
[[lanes]]
id = "there"
[lanes.function]
expression = "x**2 + y**2"
start = { x = 3, y = 2 }
"""
SUBTRACTED = Options(less=1)


def values(kind, lane):
    return lane.theta if kind is WeightsPane else lane.trace.gradient


@pytest.mark.parametrize("kind", [WeightsPane, GradientsPane])
@pytest.mark.parametrize("step", [1, 7])
def test_each_cell_is_the_difference_of_both_lanes(bench, kind, step):
    made, pane = bench(TEXT), kind()
    made.session.go_to(step)
    view = made.view(options=SUBTRACTED)
    one, two = view.frame.lanes[:2]
    apart = values(kind, one) - values(kind, two)
    assert pane.draw(view).titles[0] == f"{pane.title} − two ±{num(np.abs(apart).max())}"
    for entry in (Entry(0, 1, 1), Entry(0, 2, 2), Entry(1, 0, 3)):
        at = entry_of_theta(one, entry)
        said = pane.explain(made.view(options=SUBTRACTED, selection=entry))
        found = re.fullmatch(r"(\S+) of one − that of two = (\S+) - (\S+) = (\S+)", said)
        name, first, second, difference = found.groups()
        assert float(first) == pytest.approx(values(kind, one)[at], rel=1e-3)
        assert float(second.strip("()")) == pytest.approx(values(kind, two)[at], rel=1e-3)
        assert difference == num(apart[at])
        assert name.startswith("∂L/∂") == (kind is GradientsPane)


def test_a_gradient_is_subtracted_once_both_lanes_have_it(bench):
    made, pane = bench(TEXT), GradientsPane()
    made.session.go_to(2)
    made.session.into()
    said = pane.explain(made.view(options=SUBTRACTED, selection=Entry(0, 1, 1)))
    assert said == "∂L/∂W₁[1,1]: the backward pass of step 3 has not reached it yet"


def test_the_other_lanes_and_other_keys_show_what_they_showed(bench):
    made, pane = bench(TEXT), WeightsPane()
    made.session.go_to(3)
    plain, front = made.view(), made.view(options=SUBTRACTED)
    behind = replace(front, lane=front.frame.lanes[1])
    assert pane.draw(plain).titles[0] == f"weights ±{num(np.abs(plain.lane.theta).max())}"
    assert pane.draw(behind).titles[0] == f"weights ±{num(np.abs(behind.lane.theta).max())}"


def test_lanes_that_are_alike_are_all_0_and_other_shapes_say_why(bench):
    made, pane = bench(TEXT), WeightsPane()
    assert pane.draw(made.view(options=SUBTRACTED)).titles[0] == "weights − two all 0"
    drawing = pane.draw(made.view(options=Options(less=2), width=80))
    text = " ".join("".join(segment.text for segment in line) for line in drawing.lines)
    assert "one is 2-3-1, other is 2-2-2-1: other shapes, which cannot be subtracted" in " ".join(text.split())
    assert pane.explain(made.view(options=Options(less=2), selection=Entry(0, 0, 0))).startswith("W₁[0,0] = ")


def test_a_function_has_its_variables_subtracted(bench):
    made, pane = bench(FUNCTIONS), WeightsPane()
    view = made.view(options=SUBTRACTED, selection=Entry(0, 0, 0))
    assert pane.draw(view).titles[0] == "weights − there ±2.000"
    assert pane.explain(view) == "x of here − that of there = 1 - 3 = -2.000"


def test_nearly_equal_numbers_have_the_digits_that_tell_them_apart(bench):
    made, pane = bench(FUNCTIONS.replace("x = 3", "x = 1.000000001")), WeightsPane()
    said = pane.explain(made.view(options=SUBTRACTED, selection=Entry(0, 0, 0)))
    assert said == "x of here − that of there = 1 - 1.0000000010000001 = -1.000e-09"
