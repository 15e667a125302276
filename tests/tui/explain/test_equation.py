"""The numbers in an equation are worked out again from its own text, and looked up in the trace."""

import math
import re

import numpy as np
import pytest

from nncore.activations import ACTIVATIONS
from nncore.operations import OperationKind
from tui.explain.equation import equation
from tui.explain.notation import subscript
from tui.explain.sums import dot
from tui.render.numbers import bracketed, num

TEXT = """
format = 1
name = "small"
[data]
points = [[0.5, -1.25, 1], [1.5, 0.75, 0], [-0.5, 2.0, 1]]
[[lanes]]
id = "one"
hidden = [3, 2]
activation = "{activation}"
loss = "{loss}"
output = "{output}"
reduction = "{reduction}"
init = {{ name = "normal", scale = 0.7 }}
optimizer = {{ name = "sgd", learning_rate = 0.25 }}
l2 = {l2}
"""
CASES = [
    ("tanh", "squared", "linear", "mean", 0.0),
    ("relu", "squared", "sigmoid", "sum", 0.0),
    ("sigmoid", "logistic", "sigmoid", "mean", 0.125),
    ("leaky_relu", "huber", "tanh", "mean", 0.0),
    ("softplus", "absolute", "linear", "sum", 0.5),
]


@pytest.fixture(params=CASES, ids=lambda case: "-".join(map(str, case[:4])))
def lanes(request, bench):
    """The lane at each operation of its first step, by operation."""
    activation, loss, output, reduction, l2 = request.param
    one = bench(TEXT.format(activation=activation, loss=loss, output=output, reduction=reduction, l2=l2))
    found = {}
    for _ in range(6 * 3 + 2):
        one.session.into()
        lane = one.frame().lane
        found[lane.operation.kind, lane.operation.layer] = lane
    return found


SUMS = (
    OperationKind.PRE_ACTIVATION,
    OperationKind.OUTPUT_DELTA,
    OperationKind.DELTA,
    OperationKind.WEIGHT_GRADIENT,
    OperationKind.BIAS_GRADIENT,
    OperationKind.UPDATE,
)


def test_the_terms_of_every_sum_make_its_result(lanes, worked_out):
    checked = 0
    for (kind, _), lane in lanes.items():
        if kind in SUMS:
            body, result = equation(lane).example.partition(": ")[2].rsplit(" = ", 1)
            assert worked_out(body) == pytest.approx(float(result), rel=2e-3, abs=2e-4)
            checked += 1
    assert checked == 3 + 1 + 2 + 3 + 3 + 3


def test_results_are_those_of_the_trace(lanes):
    for (kind, d), lane in lanes.items():
        trace, example = lane.trace, equation(lane).example
        array = {
            OperationKind.PRE_ACTIVATION: trace.a,
            OperationKind.DELTA: trace.delta,
            OperationKind.OUTPUT_DELTA: trace.delta,
        }.get(kind)
        if array is not None:
            sample, unit = map(int, re.search(r"sample (\d+), (?:unit|output) (\d+)", example).groups())
            row = trace.indices.tolist().index(sample)
            assert example.endswith(f"= {num(array[d - 1][row, unit])}")
            assert abs(array[d - 1][row, unit]) == np.abs(array[d - 1]).max()


def test_activations_follow_from_pre_activations(lanes):
    for (kind, d), lane in lanes.items():
        if kind is OperationKind.ACTIVATION:
            a, z = map(float, re.search(r"a = (\S+) → z = (\S+)", equation(lane).example).groups())
            out = np.empty(1)
            ACTIVATIONS[lane.lane.model.network.activations[d - 1]].value(np.array([a]), out)
            assert out[0] == pytest.approx(z, rel=2e-3)


def test_the_loss_is_that_of_the_trace_and_shows_its_largest_sample(lanes):
    lane = lanes[OperationKind.LOSS, 3]
    shown = equation(lane)
    assert shown.formula.endswith(f"= {num(lane.trace.loss)}")
    model, trace = lane.lane.model, lane.trace
    losses = model.loss.value(trace.a[-1], trace.z[-1], trace.targets)
    assert f"largest: sample {trace.indices[losses.argmax()]}:" in shown.example
    assert shown.example.endswith(num(losses.max()))
    assert ("1/m" in shown.formula) == (model.reduction == "mean")
    assert ("penalties" in shown.formula) == bool(trace.settings.l2)


def test_shapes_are_real_and_fit_each_other(lanes):
    """m = 3 samples through 2-3-2-1."""
    assert equation(lanes[OperationKind.PRE_ACTIVATION, 1]).shapes == "3×3 = (3×2)(2×3) + 3"
    assert equation(lanes[OperationKind.PRE_ACTIVATION, 2]).shapes == "3×2 = (3×3)(3×2) + 2"
    assert equation(lanes[OperationKind.DELTA, 1]).shapes == "3×3 = (3×2)(2×3) ⊙ 3×3"
    assert equation(lanes[OperationKind.WEIGHT_GRADIENT, 2]).shapes == "2×3 = (2×3)(3×3)"
    assert equation(lanes[OperationKind.BIAS_GRADIENT, 2]).shapes == "2 ← 3×2"


def test_the_update_shows_before_and_after(lanes):
    for (kind, _), lane in lanes.items():
        if kind is OperationKind.UPDATE:
            name, body = equation(lane).example.split(": ")
            before, after = float(body.split(" - ")[0]), float(body.rsplit(" = ", 1)[1])
            layer, *place = map(int, re.findall(r"\d+", name.translate(str.maketrans("₀₁₂₃", "0123"))))
            w, b = lane.lane.model.network.split(lane.trace.theta)[layer - 1]
            new_w, new_b = lane.lane.model.network.split(lane.trace.after)[layer - 1]
            old, new = (w[*place], new_w[*place]) if name.startswith("W") else (b[*place], new_b[*place])
            assert (before, after) == pytest.approx((old, new), rel=1e-3)


def test_before_the_first_step_it_says_how_to_begin(bench):
    assert "s:" in equation(bench().frame().lane).example


ADAM = """
format = 1
name = "adam"
[data]
kind = "line"
samples = 4
[[lanes]]
id = "one"
hidden = [2]
freeze = [1]
optimizer = { name = "adam", learning_rate = 0.5 }
"""


def computed(example: str) -> tuple[float, float]:
    """What the numbers of an update come to, and what the screen says they do."""
    terms, _, result = example.partition(": ")[2].rpartition(" = ")
    python = re.sub(r"√([\d.e-]+)", r"√(\1)", terms).replace("√", "math.sqrt")
    python = python.replace("·", "*").replace("²", "**2")
    return eval(python, {"math": math}), float(result)


@pytest.mark.parametrize(
    "optimizer",
    [
        'name = "sgd", momentum = 0.9',
        'name = "sgd", momentum = 0.9, nesterov = true',
        'name = "rmsprop"',
        'name = "adagrad"',
        'name = "adam"',
    ],
)
def test_an_optimizer_with_memory_can_be_computed_from_what_is_shown(bench, optimizer):
    one = bench(ADAM.replace('{ name = "adam"', "{ " + optimizer).replace("0.5 }", "0.05 }"))
    for step in (1, 7):
        one.session.go_to(step)
        shown = equation(one.frame().lane)
        said, stands = computed(shown.example)
        assert stands == pytest.approx(said, rel=2e-3, abs=2e-3)


def test_a_frozen_layer_says_so(bench):
    one = bench(ADAM)
    one.into(11)
    lane = one.frame().lane
    assert (lane.operation.kind, lane.operation.layer) == (OperationKind.WEIGHT_GRADIENT, 1)
    assert "frozen" in equation(lane).example


def test_a_long_sum_shows_its_largest_terms_and_what_the_others_add():
    left, right = np.array([1.0, 0.0, -3.0, 0.5, 2.0]), np.array([0.1, 9.0, 2.0, 4.0, 1.0])
    assert dot(left, right) == "-3.000·2.000 + 0.5000·4.000 + 2.000·1.000 + 0.1000 (the other 2 terms)"
    assert dot(left[:2], right[:2]) == "1.000·0.1000 + 0·9.000"
    assert bracketed(-0.5) == "(-0.5000)"


FUNCTION = """
format = 1
name = "bowl"
[[lanes]]
id = "one"
optimizer = { name = "sgd", learning_rate = 0.1 }
function = { expression = "x**2 + 3*y", start = { x = 2, y = -1 } }
"""


def test_a_functions_gradient_is_shown_by_name(bench):
    one = bench(FUNCTION)
    one.into(4)
    assert equation(one.frame().lane).example == "∂f/∂x = 4.000, ∂f/∂y = 3.000"
    one.session.into()
    assert equation(one.frame().lane).example == "x: 2.000 - 0.1000·4.000 = 1.600"


def test_subscripts_have_all_digits():
    assert subscript(1234567890) == "₁₂₃₄₅₆₇₈₉₀"
