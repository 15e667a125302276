"""Where ways begin and end: names, edits, starting values, frozen layers, functions; and how they are told."""

import re

import numpy as np
import pytest

from nncore.operations import OperationKind
from nncore.slices import finished
from scenarios.guide import Target
from tests.tui.explain.recomputed import Range, worked_out
from tui.explain.why import trail, why
from tui.explain.why_lines import head_line, heading, made_of, row_lines, trail_line
from tui.explain.why_record import Record
from tui.explain.why_start import (
    gradient_value,
    name_in_equation,
    named_value,
    parameter_value,
    sample_value,
    unit_value,
)
from tui.explain.why_value import Kind, Value
from tui.render.selection import Unit
from tui.session.actions import EditSettings, SetParameter, do

ONE = """
format = 1
name = "one"
[data]
kind = "disc"
samples = 20
[[lanes]]
id = "one"
hidden = [4, 3]
activation = "tanh"
batch_size = 6
optimizer = { name = "adam", learning_rate = 0.01 }
"""
FROZEN = ONE + "freeze = [2]\n"
SADDLE = """
format = 1
name = "saddle"
[[lanes]]
id = "f"
[lanes.function]
expression = "0.5*x**2 - 0.5*y**2 + 0.25*y**4"
start = { x = 1, y = 0.1 }
gradient_noise = 0.02
[lanes.optimizer]
name = "sgd"
learning_rate = 0.1
momentum = 0.9
"""


@pytest.fixture
def one(bench):
    return bench(ONE)


def record_of(bench):
    return Record(bench.session.lane_runs[0].timeline)


def named(bench, text):
    return named_value(bench.frame().lane, Target.of(text), text)


def test_a_starting_value_is_an_end(one):
    node = why(record_of(one), named(one, "W1[3,1]"))
    assert (node.terms, node.number) == ((), one.session.lane_runs[0].lane.start[7])
    assert "starting value" in node.remark


def test_an_edit_is_an_end_and_until_then_the_way_goes_on(one):
    one.session.go_to(5)
    do(one.session, SetParameter(0, 7, 0.25, ""))
    node = why(record_of(one), named(one, "W1[3,1]"))
    assert (node.number, node.terms) == (0.25, ())
    assert "edit after step 5" in node.remark
    one.session.go_to(6)
    after = why(record_of(one), named(one, "W1[3,1]"))
    assert after.terms[0].note == "set by an edit"
    assert after.terms[0].made_by is None
    assert after.number == one.session.lane_runs[0].timeline.state_at(6).theta[7]


def test_a_frozen_weight_is_passed_over_up_to_its_start(bench):
    frozen = bench(FROZEN)
    frozen.session.go_to(9)
    node = why(record_of(frozen), named(frozen, "W2[1,1]"))
    assert node.value.step == 0
    assert "frozen" in why(record_of(frozen), named(frozen, "dW2[1,1]")).remark


def test_a_layer_frozen_on_the_way_leads_to_its_last_update(one):
    one.session.go_to(4)
    do(one.session, EditSettings((0,), {"freeze": [1]}, ""))
    one.session.go_to(9)
    value = why(record_of(one), named(one, "W1[0,0]")).value
    assert value == Value(Kind.PARAMETER, 4, 0)


def test_what_an_optimizer_remembers_is_told_through_a_change_of_its_constants(one):
    one.session.go_to(4)
    do(one.session, EditSettings((0,), {"optimizer": {"betas": [0.5, 0.9]}}, ""))
    one.session.go_to(16)
    record = record_of(one)
    for step in (3, 5, 12, 16):
        for symbol in "mv":
            node = why(record, Value(Kind.MEMORY, step, 7, symbol))
            assert sum(term.adds for term in node.terms) == pytest.approx(node.number, rel=1e-12)
            assert worked_out(node.numbers).meets(Range.around(node.number))
            assert len(node.terms) == min(step, 8) + (step > 8)
            assert node.terms[-1].made_by.kind is (Kind.MEMORY if step > 8 else Kind.GRADIENT)


def test_another_optimizer_begins_with_nothing(one):
    one.session.go_to(4)
    do(one.session, EditSettings((0,), {"optimizer": {"name": "rmsprop", "learning_rate": 0.01}}, ""))
    one.session.go_to(7)
    node = why(record_of(one), Value(Kind.MEMORY, 7, 7, "s"))
    assert len(node.terms) == 3
    assert "it was 0, after step 4" in node.remark
    assert why(record_of(one), Value(Kind.PARAMETER, 5, 7)).terms[-1].note == "0 when the optimizer started"


def test_a_rate_that_falls_is_told_with_its_factor(bench):
    falling = bench(ONE + 'schedule = { name = "cosine", horizon = 40 }\n')
    falling.session.go_to(17)
    term = why(record_of(falling), named(falling, "W1[3,1]")).terms[1]
    product = re.fullmatch(r"learning rate, (\S+) by the schedule", term.note)[1]
    assert worked_out(product).meets(Range.around(term.number))
    assert term.number == falling.frame().lane.trace.learning_rate < 0.01


def test_a_function_leads_from_its_variables_to_its_gradient_and_noise(bench):
    saddle = bench(SADDLE)
    saddle.session.go_to(6)
    record, timeline = record_of(saddle), saddle.session.lane_runs[0].timeline
    value = named_value(saddle.frame().lane, None, "y")
    node = why(record, value)
    assert [term.name for term in node.terms] == ["y", "α", "g", "v"]
    gradient = why(record, node.terms[2].made_by)
    x, y, noise = (term.number for term in gradient.terms)
    assert (x, y) == tuple(timeline.trace(5).theta)
    assert gradient.number == pytest.approx(y**3 - y + noise, rel=1e-12)
    assert worked_out(gradient.numbers.replace("noise ", "")).meets(Range.around(gradient.number))
    assert gradient.value.symbol(saddle.session.lane_runs[0].lane.model) == "∂f/∂y"


def test_what_a_linear_layer_copies_is_passed_over(one):
    one.session.go_to(3)
    value = named(one, "output[0]")
    assert value.kind is Kind.PRE_ACTIVATION
    trace = one.frame().lane.trace
    delta = why(record_of(one), Value(Kind.DELTA, 2, layer=3, unit=0, sample=int(trace.indices[1])))
    assert delta.terms[0].made_by.kind is Kind.PRE_ACTIVATION


def test_names_are_of_the_step_in_view(one):
    lane = one.frame().lane
    with pytest.raises(ValueError, match=r"has not computed ∂L/∂W₁\[0,0\] yet"):
        gradient_value(lane, 0)
    one.into(3)
    lane = one.frame().lane
    assert unit_value(lane, Unit(1, 2)).kind is Kind.ACTIVATION
    with pytest.raises(ValueError, match="nothing before it"):
        unit_value(lane, Unit(0, 1))
    with pytest.raises(ValueError, match=r"step 1 has not computed a₂\[2\] yet"):
        unit_value(lane, Unit(2, 2))
    one.session.next_step()
    lane = one.frame().lane
    assert named(one, "W3[0,2]") == parameter_value(lane, lane.network.network.layers[2].index(0, 2))
    assert parameter_value(lane, 0).step == 1
    sample = int(lane.trace.indices[4])
    assert sample_value(lane, sample).sample == sample
    largest = named(one, "delta2[1]")
    assert largest.sample == lane.trace.indices[np.abs(lane.trace.delta[1][:, 1]).argmax()]
    assert named(one, f"z2[{sample},1]") == Value(Kind.ACTIVATION, 0, layer=2, unit=1, sample=sample)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("W9[0,0]", "of layers 1 to 3"),
        ("W1[4,0]", r"allowed: W1\[0,0\] to \[3,1\]"),
        ("db1[0,1]", r"allowed: db1\[0\] to \[3\]"),
        ("z1[9]", r"allowed: z1\[0\] to \[3\], or z1\[sample,unit\]"),
        ("a1[999,0]", "found sample 999; allowed: 0 to 19"),
        ("train_loss", 'found "train_loss"; allowed, of layers 1 to 3: a weight, bias'),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(one, text, says):
    one.session.go_to(3)
    with pytest.raises(ValueError, match=says):
        named(one, text)


def test_of_a_sample_outside_the_batch_there_is_a_forward_pass_alone(one):
    one.session.go_to(3)
    lane = one.frame().lane
    outside = next(number for number in range(20) if number not in lane.trace.indices)
    value, record = sample_value(lane, outside), record_of(one)
    a, z = lane.network.network.forward(lane.trace.theta, lane.network.data.x)
    while value is not None:
        node = why(record, value)
        parts = a if value.kind is Kind.PRE_ACTIVATION else [None, *z[1:]]
        layer = value.layer - (value.kind is Kind.PRE_ACTIVATION)
        assert node.number == parts[layer][outside, value.unit]
        assert f"Sample {outside} is not in the batch of this step" in node.remark
        ways = [term.made_by for term in node.terms if term.made_by is not None]
        value = next((way for way in ways if way.kind is not Kind.PARAMETER), None)
    assert named(one, f"z2[{outside},1]").sample == outside
    with pytest.raises(ValueError, match=f"sample {outside} is not in the batch of step 3"):
        named(one, f"delta2[{outside},1]")


def test_every_equation_has_a_name_that_leads_to_its_number(one):
    from tui.explain.equation import equation

    one.session.go_to(2)
    for _ in range(len(one.frame().lane.operations)):
        one.session.into()
        lane = one.frame().lane
        node = why(record_of(one), named(one, name_in_equation(lane)))
        shown = equation(lane)
        if shown.entry:
            assert node.number == shown.result
        if lane.operation.kind is OperationKind.LOSS:
            assert f"sample {node.value.sample}:" in shown.terms


def test_the_trail_names_a_step_and_a_sample_where_they_change(one):
    one.session.go_to(5)
    model = one.session.lane_runs[0].lane.model
    way = [
        Value(Kind.PARAMETER, 5, 7),
        Value(Kind.GRADIENT, 4, 7),
        Value(Kind.DELTA, 4, layer=1, unit=3, sample=9),
        Value(Kind.PRE_ACTIVATION, 4, layer=2, unit=0, sample=9),
        Value(Kind.PARAMETER, 4, 7),
    ]
    words = ["W₁[3,1] step 5", "∂L/∂W₁[3,1]", "δ₁[3] sample 9", "a₂[0]", "W₁[3,1] step 4"]
    assert trail(model, way) == words
    assert trail_line(model, way, 200) == " ← ".join(words)
    assert trail_line(model, way, 33) == "… ← a₂[0] ← W₁[3,1] step 4"


def test_lines_stand_in_columns_and_the_number_has_all_its_digits(one):
    one.session.go_to(5)
    model, record = one.session.lane_runs[0].lane.model, record_of(one)
    node = why(record, named(one, "dW1[3,1]"), 2)
    assert float(re.search(r"in all digits (\S+)", heading(node, model))[1]) == node.number
    assert made_of(node)[0].startswith("∂L/∂W₁[3,1] = Σ over the batch of δ₁[3]·z₀[1]")
    lines = row_lines(node)
    assert lines[-1].startswith("  the other 4 samples")
    ends = {match.end() for line in lines[:-1] for match in [re.match(r".{2}\S+ +\S+", line)]}
    assert ends == {head_line(node).index(" is") + 3}


def test_a_far_way_back_comes_in_slices(one):
    one.session.go_to(3000)
    slices = why.slices(Record(one.session.lane_runs[0].timeline), Value(Kind.PARAMETER, 700, 3))
    assert finished(slices).number == one.session.lane_runs[0].timeline.state_at(700).theta[3]


def test_numbers_that_are_not_finite_have_ways_too(bench):
    wild = bench(
        ONE.replace('"adam"', '"sgd"').replace('"tanh"', '"leaky_relu"').replace("0.01 }", "1e200 }")
        + 'output = "linear"\nloss = "squared"\n'
    )
    wild.session.go_to(60)
    for _ in range(len(wild.frame().lane.operations) - 1):
        wild.session.into()
    lane, record = wild.frame().lane, record_of(wild)
    assert lane.stopped
    assert parameter_value(lane, 0).step == lane.step
    values = [parameter_value(lane, 0), gradient_value(lane, 0), unit_value(lane, Unit(2, 1)), named(wild, "z3[0]")]
    for value in values:
        node = why(record, value)
        lines = [heading(node, lane.lane.model), *made_of(node), head_line(node), *row_lines(node)]
        assert all(lines)
    assert not np.isfinite([why(record, value).number for value in values[1:]]).all()
