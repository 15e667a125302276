"""What the panes and the inspector say of their numbers is what these are."""

import re

import numpy as np
import pytest

from nncore.operations import OperationKind
from tui.explain.equation import equation
from tui.explain.notation import operation_name, the_others
from tui.explain.parameter import inspect_parameter
from tui.explain.sample import explain_sample
from tui.explain.sums import dot
from tui.explain.unit import inspect_unit
from tui.panes.matrices import GradientsPane
from tui.panes.network import NetworkPane
from tui.render.numbers import num
from tui.render.selection import Unit

CLASSES = """
format = 1
name = "classes"
[data]
points = [[0.5, -1.25, 2], [1.5, 0.75, 0], [-0.5, 2.0, 1], [0.25, 0.5, 3]]
[[lanes]]
id = "one"
hidden = [3]
loss = "softmax_cross_entropy"
batch_size = 2
"""
BOWL = """
format = 1
name = "bowl"
[[lanes]]
id = "one"
optimizer = { name = "sgd", learning_rate = 0.1 }
function = { expression = "x**2 + 3*y", start = { x = 2, y = -1 } }
"""
DEAD = """
format = 1
name = "dead"
[data]
points = [[1.0, 0.5], [2.0, 1.0]]
[[lanes]]
id = "one"
hidden = [2]
[lanes.parameters]
W1 = [[0.25], [-0.5]]
b1 = [0.25, -5.0]
W2 = [[2.0, 0.125]]
b2 = [5.0]
"""


def test_a_class_is_called_a_class(bench):
    one = bench(CLASSES)
    one.into(1)
    lane = one.frame().lane
    sample = int(lane.trace.indices[0])
    label = int(lane.lane.model.data.y[sample, 0])
    assert equation(lane).example.endswith(f", class {label}")
    assert f", class {label} → " in explain_sample(lane, sample)


def test_one_of_two_left_out_is_not_counted():
    assert the_others(1, "term") == "the other term"
    assert the_others(2, "term") == "the other 2 terms"
    assert dot(np.array([1.0, 2.0, 3.0, 0.5]), np.ones(4)).endswith(" + 0.5000 (the other term)")


def test_a_negative_term_of_a_sum_stands_in_brackets():
    assert dot(np.array([-1.0, -2.0]), np.array([-3.0, 4.0])) == "-1.000·(-3.000) + (-2.000)·4.000"


def test_a_function_has_no_layer_to_update(bench):
    one = bench(BOWL)
    one.into(5)
    lane = one.frame().lane
    assert lane.operation.kind is OperationKind.UPDATE
    assert operation_name(lane.operation) == "update of θ"
    assert equation(lane).example == "x: 2.000 - 0.1000·4.000 = 1.600"
    assert np.array_equal(lane.theta, lane.trace.after)


def test_what_is_seen_of_a_run_that_is_longer_than_its_line_is_said(bench):
    one = bench()
    for step, said in ((20, "over steps 0 … 20: "), (400, "of the steps 0 … 400: ")):
        one.session.go_to(step)
        lane = one.frame().lane
        row = inspect_parameter(lane, 3)[1][0]
        assert said in row
        assert row.endswith(f"{num(lane.path.thetas[:, 3].min())} … {num(lane.path.thetas[:, 3].max())}")
    assert row.startswith(f"at {len(lane.path.steps)} of the steps")


def test_the_inspector_says_which_weights_it_sums_with(bench):
    one = bench()
    one.session.go_to(3)
    lane = one.frame().lane
    for rows in (inspect_parameter(lane, 3), inspect_unit(lane, Unit(1, 2))):
        (sum_,) = [row[0] for row in rows if row[0].startswith("a₁")]
        assert ", before the update of step 3, = Σ" in sum_
    assert inspect_parameter(lane, 3)[0][0].startswith(f"W₁[1,1] = {num(lane.theta[3])} now ")


def test_blocks_of_the_curvature_are_called_after_all_that_is_in_them(bench):
    view = bench().studied("curvature")
    from tui.panes.registry import PANES

    subtitle = PANES["curvature"].draw(view).subtitles[0]
    assert re.findall(r"(W.( b.)?) \S+…", subtitle) == [("W₁ b₁", " b₁"), ("W₂ b₂", " b₂")]


def test_before_the_first_operation_nothing_is_drawn_as_computed(bench):
    one = bench(DEAD)
    drawing, lines = one.draw("gradients", color=True, ascii=False)
    assert "".join(lines).split() == ["Nothing", "is", "computed", "yet:", "s", "goes", "into", "the", "step."]
    assert drawing.titles == ("gradients",)
    assert GradientsPane().pick(one.view(), 3, 3) is None
    glyph = one.view(ascii=False).look.glyphs.dead
    assert glyph not in "".join(one.draw("network", ascii=False)[1])
    for come_to in (False, False, True):
        one.session.into()
        assert (glyph in "".join(one.draw("network", ascii=False)[1])) == come_to


def test_the_gradients_know_no_more_than_the_pass(bench):
    """The scale is of the entries reached; a bias is not reached with its weights."""
    one = bench(DEAD)
    one.session.into()
    assert one.draw("gradients")[0].titles[0] == "gradients"
    counts = []
    while one.frame().lane.operation.kind is not OperationKind.UPDATE:
        lane = one.frame().lane
        reached = lane.gradient_reached
        if reached.any():
            largest = np.abs(lane.trace.gradient[reached]).max()
            assert one.draw("gradients")[0].titles[0] == f"gradients ±{num(largest)}"
        counts.append(reached.sum())
        one.session.into()
    assert counts == [0] * 7 + [2, 3, 3, 5, 7]


@pytest.mark.parametrize("color", [False, True])
def test_a_bias_whose_gradient_is_not_computed_is_drawn_empty(bench, color):
    one = bench(DEAD)
    for operation in (8, 9):
        one.into(operation)
        view = one.view(color=color, ascii=not color)
        block = GradientsPane()._blocks(view)[1]
        assert block.bias.tolist() == ([0.0] if operation == 8 else [view.lane.trace.gradient[-1]])
        text = "".join(one.draw("gradients", color=color, ascii=not color)[1])
        assert (num(view.lane.trace.gradient[-1]) in text) == (operation == 9)


def test_the_scale_of_the_edges_is_of_the_edges(bench):
    one = bench(DEAD)
    assert one.draw("network")[0].titles[0] == "network: weights ±2.000"
    one.into(8)
    lane = one.frame().lane
    assert lane.operation.kind is OperationKind.WEIGHT_GRADIENT
    weights = lane.lane.model.network.layers[1].weights
    largest = np.abs(lane.trace.gradient[weights]).max()
    assert NetworkPane().draw(one.view()).titles[0] == f"network: gradients ±{num(largest)}"
