"""Every number of the equation line is worked out again from what the line shows, to the digits that it shows."""

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest

from nncore import optimizers
from nncore.activations import ACTIVATIONS
from nncore.losses import LOSSES
from nncore.operations import OperationKind
from tests.tui.explain.recomputed import Range, printed, worked_out
from tui.explain.equation import equation

TEXT = """
format = 1
name = "small"
[data]
points = [[0.5, -1.25, {y[0]}], [1.5, 0.75, {y[1]}], [-0.5, 2.0, {y[2]}], [0.25, 0.5, {y[3]}], [-1.0, -0.5, {y[4]}]]
[[lanes]]
id = "one"
hidden = [5, 3]
activation = {activation}
loss = "{loss}"
reduction = "{reduction}"
init = {{ name = "normal", scale = 0.7 }}
batch_size = {batch_size}
optimizer = {{ {optimizer} }}
l1 = {l1}
l2 = {l2}
"""
OPTIMIZERS = (
    'name = "sgd", learning_rate = 0.25',
    'name = "sgd", learning_rate = 0.05, momentum = 0.9',
    'name = "sgd", learning_rate = 0.05, momentum = 0.85, nesterov = true',
    'name = "rmsprop", learning_rate = 0.05',
    'name = "adagrad", learning_rate = 0.05, eps = 0.01',
    'name = "adam", learning_rate = 0.05, eps = 0.001',
)
PAIRS = list(itertools.pairwise([*ACTIVATIONS, next(iter(ACTIVATIONS))]))
CASES = [
    (loss, optimizer, PAIRS[(place + number) % len(PAIRS)], (number + place) % 3)
    for number, loss in enumerate(LOSSES)
    for place, optimizer in enumerate(OPTIMIZERS)
]
STEPS = 4


def test_every_optimizer_has_a_case():
    assert {optimizer.split('"')[1] for optimizer in OPTIMIZERS} == set(optimizers.OPTIMIZERS)


def text(loss, optimizer, activation, number):
    labels = {"logistic": (0, 1, 0, 1, 1), "softmax_cross_entropy": (2, 1, 0, 1, 3)}
    return TEXT.format(
        loss=loss,
        optimizer=optimizer,
        activation=activation,
        y=labels.get(loss, (3, 1, -2, 0, 6)),
        reduction=("mean", "sum")[number % 2],
        batch_size=('"full"', 2, 3)[number],
        l1=(0.0, 0.0, 0.0625)[number],
        l2=(0.0, 0.125, 0.03)[number],
    )


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1][8:]}")
def small(request, bench):
    loss, optimizer, activations, number = request.param
    return bench(text(loss, optimizer, str(list(activations)).replace("'", '"'), number))


def frames(one, steps=STEPS):
    for _ in range(steps * len(one.frame().lane.operations)):
        one.session.into()
        yield one.frame().lane


def test_every_number_of_the_equation_line_follows_from_the_others(small):
    for lane in frames(small):
        shown, kind = equation(lane), lane.operation.kind
        if kind is OperationKind.BATCH:
            assert_batch(lane, shown)
        elif kind is OperationKind.ACTIVATION:
            assert_activation(lane, shown)
        elif kind is OperationKind.LOSS:
            assert_loss(lane, shown)
        else:
            _, colon, terms = shown.example.partition(": ")
            assert colon
            assert_sum(terms)
            if kind is OperationKind.UPDATE:
                assert_given(shown)


def test_one_minus_sign_and_never_an_operator_before_it(small):
    for lane in frames(small, 2):
        assert "−" not in equation(lane).example
        assert not re.search(r"[+·/^-] ?-", equation(lane).example.replace("→ -log", ""))


def assert_sum(text):
    terms, _, result = text.rpartition(" = ")
    assert worked_out(terms).meets(printed(result)), text


def assert_batch(lane, shown):
    model, trace = lane.lane.model, lane.trace
    sample = int(re.match(r"sample (\d+): ", shown.example).group(1))
    y = float(model.data.y[sample, 0])
    said = re.search(r"(?:class|y =) (\S+)$", shown.example).group(1)
    assert sample == trace.indices[0]
    assert printed(said).meets(Range.around(y))
    assert ("class" in shown.example) == (model.loss.output == "softmax")


def assert_activation(lane, shown):
    d = lane.operation.layer
    name = lane.lane.model.network.activations[d - 1]
    sample, unit, rest = re.match(r"sample (\d+), unit (\d+): (.*)", shown.example).groups()
    before = equation(replace(lane, index=lane.index - 1)).example
    assert before.startswith(f"a{chr(0x2080 + d)} of sample {sample}, unit {unit}: ")
    if name == "softmax":
        assert "row by row" in shown.formula
        assert_sum(rest)
        return
    a, z = re.fullmatch(r"a = (\S+) → z = (\S+)", rest).groups()
    ends = np.array([printed(a).low, printed(a).high])
    out = np.empty(2)
    ACTIVATIONS[name].value(ends, out)
    slack = abs(np.diff(ends)[0]) + 1e-15
    assert Range(out.min() - slack, out.max() + slack).meets(printed(z))


LOSS_OF = {
    "squared": lambda z, y: 0.5 * (z - y) ** 2,
    "absolute": lambda z, y: abs(z - y),
    "huber": lambda z, y: 0.5 * (z - y) ** 2 if abs(z - y) < 1 else abs(z - y) - 0.5,
    "logistic": lambda a, y: np.log1p(np.exp(a)) - y * a,
}


def assert_loss(lane, shown):
    name = lane.lane.model.loss_name
    if name == "softmax_cross_entropy":
        target, unit, z, loss = re.search(
            r", class (\d+): z\[(\d+)\] = (\S+) → -log z = (\S+)$", shown.example
        ).groups()
        assert target == unit
        ends = printed(z)
        assert Range(-np.log(ends.high), -np.log(ends.low)).meets(printed(loss))
    else:
        argument, value, y, loss = re.search(r": (.) = (\S+), y = (\S+) → loss = (\S+)$", shown.example).groups()
        assert argument == ("a" if name == "logistic" else "z")
        ends = [LOSS_OF[name](end, float(y)) for end in (printed(value).low, printed(value).high)]
        slack = 1e-6 + abs(ends[1] - ends[0])
        assert Range(min(ends) - slack, max(ends) + slack).meets(printed(loss))
    settings = lane.trace.settings
    _, *sums = shown.formula.rsplit(" = ", 2 if settings.l1 or settings.l2 else 1)
    assert len(sums) == 1 or worked_out(sums[0]).meets(printed(sums[1]))
    assert ("penalties" in shown.formula) == (len(sums) == 2)


def assert_given(shown):
    """What an update takes from its formula: m′ and v′, of the numbers that are given."""
    given = dict(re.findall(r", (\w) = ([-\d.e+]+)", shown.example.partition(": ")[0]))
    if not given:
        return
    mean, squares = re.search(r" - [^·]+·\(?([-\d.e+]+)\)?/\(√(\S+) \+", shown.example).groups()
    for symbol, said in (("m", mean), ("v", squares)):
        quotient = re.search(rf"{symbol}′ = {symbol}/\(([^)]*)\), {symbol} ← ([^,]*)", shown.formula).groups()
        correction, new = (part.replace("−", "-") for part in quotient)
        for name, number in given.items():
            new = re.sub(rf"\b{name}(?![a-z])", f"({number})", new)
        assert worked_out(f"({new})/({correction})").meets(printed(said))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_an_optimizer_remembers_is_what_the_step_before_made_of_it(bench, optimizer):
    one = bench(text("squared", optimizer, '"tanh"', 1))
    traces = [one.session.lane_runs[0].timeline.trace(step) for step in range(STEPS)]
    rule = traces[0].settings.optimizer.rule(0)
    assert not traces[0].memory_before.any()
    for before, trace in itertools.pairwise(traces):
        assert np.array_equal(before.memory, trace.memory_before)
        numbers = {"g": before.gradient[0], **dict(zip(rule.state, before.memory_before[:, 0], strict=True))}
        for symbol, value in zip(rule.state, trace.memory_before[:, 0], strict=True):
            new = re.search(rf"{symbol} ← ([^,]*)", rule.formula).group(1).replace("·", "*").replace("²", "**2")
            assert eval(new, dict(numbers)) == pytest.approx(value, rel=1e-9)
