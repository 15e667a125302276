import re

import numpy as np
import pytest

from nncore.operations import OperationKind, Phase
from tui.panes.matrices import GradientsPane, WeightsPane, entry_of_theta
from tui.render.heatmap import Entry
from tui.render.numbers import num

WEIGHTS, GRADIENTS = WeightsPane(), GradientsPane()
TEXT = """
format = 1
name = "small"
[data]
points = [[0.5, -1.25, 1], [1.5, 0.75, 0], [-0.5, 2.0, 1]]
[[lanes]]
id = "one"
hidden = [3]
activation = "tanh"
optimizer = { name = "sgd", learning_rate = 0.25 }
"""


def entries(lane):
    """Every cell of the heat maps of 2-3-1."""
    return [
        Entry(block, row, column)
        for block, (rows, columns) in enumerate([(3, 3), (1, 4)])
        for row in range(rows)
        for column in range(columns)
    ]


def test_every_cell_is_another_entry_of_theta(bench):
    lane = bench(TEXT).frame().lane
    found = [entry_of_theta(lane, entry) for entry in entries(lane)]
    assert sorted(found) == list(range(3 * 3 + 4))


def test_a_cell_says_its_name_its_number_and_what_the_step_makes_of_it(bench, worked_out):
    one = bench(TEXT)
    one.session.go_to(4)
    lane = one.frame().lane
    w2 = lane.lane.model.network.split(lane.theta)[1][0]
    text = WEIGHTS.explain(one.view(selection=Entry(1, 0, 2)))
    terms, after = re.fullmatch(r"W₂\[0,2\] in step 4: (.+) = (\S+)", text).groups()
    assert after == num(w2[0, 2])
    assert worked_out(terms) == pytest.approx(float(after), abs=2e-4)
    assert WEIGHTS.explain(one.view(selection=Entry(0, 1, 2))).startswith("b₁[1] in step 4: ")
    one.session.into()
    text = WEIGHTS.explain(one.view(selection=Entry(1, 0, 2)))
    assert text == f"W₂[0,2] = {num(w2[0, 2])}   at step 0: {num(lane.lane.start[11])}"


def test_the_bias_of_a_gradient_is_named_as_one(bench):
    one = bench(TEXT)
    one.session.next_step()
    assert [block.title for block in GRADIENTS._blocks(one.view())] == ["∂W₁ ∂b₁", "∂W₂ ∂b₂"]
    assert [block.title for block in WEIGHTS._blocks(one.view())] == ["W₁ b₁", "W₂ b₂"]


def test_a_gradient_is_the_sum_over_the_batch_that_it_shows(bench, worked_out):
    one = bench(TEXT)
    one.session.go_to(2)
    lane = one.frame().lane
    for entry in entries(lane):
        name, body, result = re.fullmatch(
            r"(\S+) = (.+) = (\S+)", GRADIENTS.explain(one.view(selection=entry))
        ).groups()
        value = lane.trace.gradient[entry_of_theta(lane, entry)]
        assert name.startswith("∂L/∂")
        assert result == num(value)
        assert worked_out(body) == pytest.approx(value, rel=2e-3, abs=2e-4)


def test_what_the_backward_pass_has_not_reached_is_dimmed_and_says_so(bench):
    one = bench(TEXT)
    for operation in range(1, 14):
        one.into(operation)
        view = one.view(selection=Entry(0, 0, 0))
        done = {
            op.layer
            for op in view.lane.operations[: view.lane.index + 1]
            if op.kind in (OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT)
        }
        assert [not block.dimmed for block in GRADIENTS._blocks(view)] == [1 in done, 2 in done]
        assert ("has not reached" in GRADIENTS.explain(view)) == (1 not in done)


def test_the_layer_of_the_operation_is_lit(bench):
    one = bench(TEXT)
    for operation in range(1, 15):
        one.into(operation)
        lane = one.frame().lane
        assert [block.current for block in WEIGHTS._blocks(one.view())] == [lane.operation.layer == d for d in (1, 2)]
        backward = lane.operation.phase is Phase.BACKWARD
        assert any(block.current for block in GRADIENTS._blocks(one.view())) == backward


def test_the_scale_is_the_largest_magnitude(bench):
    one = bench(TEXT)
    one.session.go_to(3)
    lane = one.frame().lane
    assert one.draw("weights")[0].titles[0] == f"weights ±{num(np.abs(lane.theta).max())}"
    assert one.draw("gradients")[0].titles[0] == f"gradients ±{num(np.abs(lane.trace.gradient).max())}"


def test_arrows_go_through_the_matrices_one_after_the_other(bench):
    one = bench(TEXT)
    selection, seen = None, []
    for across, down in [(0, 0), (1, 0), (1, 0), (1, 0), (0, 1), (-1, 0), (0, 1), (0, 1), (-1, 0), (-1, 0), (-1, 0)]:
        selection = WEIGHTS.move(one.view(selection=selection), across, down)
        seen.append(tuple(selection))
    assert seen == [
        *[(0, 0, 0), (0, 0, 1), (0, 0, 2), (1, 0, 0)],
        *[(1, 0, 0), (0, 0, 2), (0, 1, 2), (0, 2, 2), (0, 2, 1), (0, 2, 0), (0, 2, 0)],
    ]


def test_the_mouse_finds_every_entry_that_has_a_cell(bench):
    one = bench(TEXT)
    view = one.view(width=80, height=14)
    found = {WEIGHTS.pick(view, x, y) for y in range(14) for x in range(80)}
    assert found == {None, *entries(view.lane)}


FUNCTION = """
format = 1
name = "f"
[[lanes]]
id = "f"
optimizer = { name = "sgd", learning_rate = 0.5 }
function = { expression = "x**2 + y", start = { x = 3, y = 1 }, gradient_noise = 0.5 }
"""


def test_a_functions_variables_are_its_entries(bench, worked_out):
    one = bench(FUNCTION)
    one.session.go_to(1)
    lane = one.frame().lane
    text = WEIGHTS.explain(one.view(selection=Entry(1, 0, 0)))
    terms, after = re.fullmatch(r"y in step 1: (.+) = (\S+)", text).groups()
    assert after == num(lane.theta[1])
    assert worked_out(terms) == pytest.approx(float(after), abs=2e-4)
    body, result = re.fullmatch(r"∂L/∂x = (.+) = (\S+)", GRADIENTS.explain(one.view(selection=Entry(0, 0, 0)))).groups()
    assert worked_out(body.replace("noise", "")) == pytest.approx(float(result), rel=1e-3)
    assert body.startswith("6.000 + noise ")
