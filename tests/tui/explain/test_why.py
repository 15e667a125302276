"""Every number on a way backwards is the record's, and follows from those that it is said to be made of."""

import itertools
import re

import numpy as np
import pytest

from nncore.activations import ACTIVATIONS
from nncore.network import layer_of
from tests.tui.explain.recomputed import Range, printed, worked_out
from tests.tui.explain.test_equation_numbers import CASES, text
from tui.explain.why import MOST, why
from tui.explain.why_record import Record
from tui.explain.why_value import OF_SAMPLES, Kind, Value

STEPS = 7
HOPS = 16
ALL = 10**9


def truth(timeline, value):
    """What the record of the run holds in a value's place."""
    if value.kind is Kind.PARAMETER:
        return timeline.state_at(value.step).theta[value.entry]
    if value.kind is Kind.MEMORY:
        before = timeline.trace(value.step - 1)
        return before.memory[before.settings.optimizer.rule(0).state.index(value.memory), value.entry]
    trace = timeline.trace(value.step)
    if value.kind is Kind.GRADIENT:
        return trace.gradient[value.entry]
    row = trace.indices.tolist().index(value.sample)
    parts = {Kind.PRE_ACTIVATION: trace.a[value.layer - 1], Kind.DELTA: trace.delta[value.layer - 1]}
    return parts.get(value.kind, trace.z[value.layer])[row, value.unit]


def first_values(lane, rng):
    """Some number of each kind, anywhere in the run."""
    network, entry = lane.model.network, int(rng.integers(lane.start.size))
    step, layer = int(rng.integers(STEPS)), int(rng.integers(1, network.depth + 1))
    yield Value(Kind.PARAMETER, step + 1, entry)
    yield Value(Kind.GRADIENT, step, entry)
    for kind in OF_SAMPLES:
        yield Value(kind, step, layer=layer, unit=int(rng.integers(network.sizes[layer])), sample=-1)


def walk(timeline, value, rng):
    """All nodes of a way that goes on anywhere."""
    record = Record(timeline)
    for _ in range(HOPS):
        node = why(record, value)
        yield record, node
        ways = [term.made_by for term in node.terms if term.made_by is not None]
        if not ways:
            return
        value = ways[rng.integers(len(ways))]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1][8:]}")
def timeline(request, bench):
    loss, optimizer, activations, number = request.param
    widths = [1 + (7 * len(loss) + 3 * number) % 6, 1 + (5 * len(optimizer) + number) % 5]
    toml = text(loss, optimizer, str(list(activations)).replace("'", '"'), number)
    one = bench(toml.replace("hidden = [5, 3]", f"hidden = {widths}"))
    one.session.go_to(STEPS)
    return one.session.lane_runs[0].timeline


def test_every_number_on_random_ways(timeline):
    rng, kinds = np.random.default_rng(timeline.lane.start.size), set()
    for _, value in itertools.product(range(2), list(first_values(timeline.lane, rng))):
        if value.sample < 0:
            value = Value(
                value.kind, value.step, layer=value.layer, unit=value.unit, sample=some_sample(timeline, value)
            )
        for record, node in walk(timeline, value, rng):
            kinds.add(node.value.kind)
            assert node.number == truth(timeline, node.value)
            assert_terms(timeline, record, node)
            assert_sums(record, node)
            assert_recomputed(timeline, record, node)
            assert_on_screen(node)
    assert kinds >= {Kind.PARAMETER, Kind.GRADIENT, *OF_SAMPLES}


def some_sample(timeline, value):
    indices = timeline.trace(value.step).indices
    return int(indices[(7 * value.unit + value.step) % len(indices)])


def assert_terms(timeline, record, node):
    """Each term has the number of the place that it leads to, or is where a way ends."""
    lane, data = timeline.lane, timeline.lane.model.data
    for term in node.terms:
        if term.made_by is not None:
            origin = truth(timeline, record_value(record, term.made_by))
            if term.name.startswith("σ′"):
                activation = lane.model.network.activations[term.made_by.layer - 1]
                assert term.number == pytest.approx(slope(activation, origin), rel=1e-9, abs=1e-12)
            else:
                assert term.number == origin
        elif term.name.startswith("z"):
            sample, column = int(re.search(r"sample (\d+)", term.note)[1]), int(re.search(r"\[(\d+)\]", term.name)[1])
            assert term.number == data.x[sample, column]
        elif term.name.startswith("y"):
            sample, unit = int(re.search(r"sample (\d+)", term.note)[1]), int(re.search(r"\[(\d+)\]", term.name)[1])
            assert term.number == lane.model.targets[sample, unit]
        elif term.note == "starting value":
            assert term.number in lane.start
        else:
            assert term.name in ("α", "m", "v", "s") or "·" in term.name


def record_value(record, value):
    """A value as the record resolves it: a frozen weight is that of an earlier step."""
    return record.parameter(value.entry, value.step) if value.kind is Kind.PARAMETER else value


def slope(name, a):
    a, z, out = np.array([a]), np.empty(1), np.empty(1)
    ACTIVATIONS[name].value(a, z)
    ACTIVATIONS[name].derivative(a, z, out)
    return out[0]


def assert_sums(record, node):
    """What the terms add is the number, those left out included; told all of them, none is left out."""
    for one in (node, why(record, node.value, 1), why(record, node.value, ALL)):
        adds = [term.adds for term in one.terms if term.adds is not None]
        if adds:
            total = sum(adds) + (one.others.adds if one.others else 0.0)
            assert total == pytest.approx(one.number, rel=1e-9, abs=1e-12)
    told = why(record, node.value, 1)
    assert len(told.terms) <= len(node.terms) <= 2 * MOST + 9


def assert_recomputed(timeline, record, node):
    """The number from all its terms, by the plain formula."""
    value = node.value
    match value.kind:
        case Kind.PRE_ACTIVATION | Kind.DELTA | Kind.GRADIENT:
            assert_products(timeline, record, value)
        case Kind.PARAMETER if value.step:
            trace = timeline.trace(value.step - 1)
            old, rate, g = node.terms[0].number, node.terms[1].number, node.terms[2].number
            memory = [np.array([term.number]) for term in node.terms[3:]]
            state = np.array(memory).reshape(len(memory), 1)
            change, _ = trace.settings.optimizer.update(np.array([g]), state, rate, trace.count)
            assert old - change[0] == node.number


def assert_products(timeline, record, value):
    """Every product of a sum, one by one, out of the trace."""
    trace, network = timeline.trace(value.step), timeline.lane.model.network
    products = [term.adds for term in why(record, value, ALL).terms if term.adds is not None]
    if value.kind is Kind.GRADIENT:
        layer = layer_of(network, value.entry)
        unit, column = layer.entry(value.entry)
        z = 1.0 if column is None else trace.z[layer.number - 1][:, column]
        expected = list(trace.delta[layer.number - 1][:, unit] * z)
        weight = trace.theta[value.entry]
        if column is not None and (trace.settings.l1 or trace.settings.l2):
            expected.append(trace.settings.l2 * weight + trace.settings.l1 * np.sign(weight))
    else:
        row, d = trace.indices.tolist().index(value.sample), value.layer
        parameters = network.split(trace.theta)
        if value.kind is Kind.PRE_ACTIVATION:
            w, b = parameters[d - 1]
            expected = [*(w[value.unit] * trace.z[d - 1][row]), b[value.unit]]
        elif d == network.depth:
            return
        else:
            above = trace.delta[d][row] * parameters[d][0][:, value.unit]
            expected = list(above * trace.derivative[d - 1][row, value.unit])
    assert sorted(filter(None, products)) == pytest.approx(sorted(filter(None, expected)), rel=1e-9, abs=1e-15)


def assert_on_screen(node):
    """The sum in numbers comes to the number, to the digits that are printed."""
    if not node.numbers:
        assert not node.terms
        assert node.remark
    elif "→" not in node.numbers:
        assert worked_out(node.numbers).meets(Range.around(node.number)), (node.numbers, node.number)
    else:
        assert printed(node.numbers.split()[2]).meets(Range.around(node.terms[0].number))
