"""The parts of a weight's change add up to it, and each is what plain sums over the record of the run come to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.blame import blame
from nncore.network import layer_of
from nncore.optimizers import OPTIMIZERS, AdaGrad, Adam, RmsProp, Sgd
from nncore.timeline import Timeline
from nncore.training import Edit, Settings

RULES = {
    "sgd": (Sgd(0.1), 0.0, 0.0, 1.0),
    "momentum": (Sgd(0.02, momentum=0.9), 0.9, 1.0, 0.0),
    "nesterov": (Sgd(0.02, momentum=0.8, nesterov=True), 0.8, 0.8, 1.0),
    "rmsprop": (RmsProp(0.01), 0.0, 0.0, 1.0),
    "adagrad": (AdaGrad(0.05), 0.0, 0.0, 1.0),
    "adam": (Adam(0.01, betas=(0.85, 0.99)), 0.85, 0.15, 0.0),
}
"""An optimizer, and what makes the weight of a gradient of k steps ago: first · keep^k, and where k = 0 also now."""


def test_every_optimizer_is_looked_at():
    assert {type(rule[0]) for rule in RULES.values()} == set(OPTIMIZERS.values())


def multiple(optimizer, trace, entry):
    """What an update multiplies its direction by."""
    rate, memory, count = trace.learning_rate, trace.memory[:, entry], trace.count + 1
    match optimizer:
        case Sgd():
            return rate
        case Adam(betas=(one, other)):
            return rate / (1 - one**count) / (np.sqrt(memory[1] / (1 - other**count)) + optimizer.eps)
    return rate / (np.sqrt(memory[0]) + optimizer.eps)


def told(lane, optimizer, keep, first_weight, now, entry, first, last):
    """Each sample's contribution, and that of the penalties, by two sums over the record."""
    timeline, network = Timeline(lane), lane.model.network
    traces = [timeline.trace(step) for step in range(first, last)]
    layer = layer_of(network, entry)
    unit, column = layer.entry(entry)
    shares = np.zeros((len(traces), lane.model.samples + 1))
    for row, trace in zip(shares, traces, strict=True):
        z = 1.0 if column is None else trace.z[layer.number - 1][:, column]
        row[trace.indices] = trace.delta[layer.number - 1][:, unit] * z
        weight = trace.theta[entry]
        row[-1] = 0.0 if column is None else trace.settings.l2 * weight + trace.settings.l1 * np.sign(weight)
    parts = np.zeros(lane.model.samples + 1)
    for t, trace in enumerate(traces):
        for u in range(t + 1):
            weight = first_weight * keep ** (t - u) + (now if u == t else 0.0)
            parts -= multiple(optimizer, trace, entry) * weight * shares[u]
    return parts


@given(
    name=st.sampled_from(list(RULES)),
    batch_size=st.sampled_from([0, 1, 5]),
    loss=st.sampled_from(["squared", "huber", "absolute", "logistic", "softmax_cross_entropy"]),
    penalty=st.sampled_from([(0.0, 0.0), (0.01, 0.1)]),
    reduction=st.sampled_from(["mean", "sum"]),
    first=st.integers(0, 9),
    length=st.integers(0, 14),
    data=st.data(),
)
def test_each_part_is_what_the_record_says_and_all_add_up(
    make_lane, name, batch_size, loss, penalty, reduction, first, length, data
):
    optimizer, *rule = RULES[name]
    settings = Settings(optimizer, batch_size=batch_size, l1=penalty[0], l2=penalty[1])
    lane = make_lane(settings, sizes=(2, 3, 4, 2), loss=loss, reduction=reduction)
    entry = data.draw(st.integers(0, lane.start.size - 1))
    timeline = Timeline(lane)
    found = blame(lane, timeline.state_at(first), entry, first + length)
    ends = [timeline.state_at(step).theta[entry] for step in (first, first + length)]
    assert [found.start, found.end] == ends
    assert found.total == pytest.approx(found.change, rel=1e-9, abs=1e-13)
    parts = told(lane, optimizer, *rule, entry, first, first + length)
    np.testing.assert_allclose([*found.samples, found.penalty], parts, rtol=1e-7, atol=1e-12)
    assert found.times.sum() == sum(len(timeline.trace(step).indices) for step in range(first, first + length))
    assert (found.before == 0) or (first > 0 and rule[0] > 0)


@pytest.mark.parametrize("name", RULES)
def test_edits_frozen_layers_and_another_optimizer_on_the_way(make_lane, name):
    settings = Settings(RULES[name][0], batch_size=5)
    frozen = Settings(RULES[name][0], batch_size=3, frozen=frozenset({2}))
    edits = (Edit(4, None, ((20, 0.5),)), Edit(7, frozen), Edit(9, Settings(Adam(0.02), batch_size=4, l2=0.01)))
    lane = make_lane(settings, sizes=(2, 4, 3, 1), edits=edits)
    timeline = Timeline(lane)
    for entry in (0, 20, 25, 30):
        for first, last in ((0, 14), (4, 8), (8, 12), (3, 4)):
            found = blame(lane, timeline.state_at(first), entry, last)
            assert found.total == pytest.approx(found.change, rel=1e-9, abs=1e-13)
            set_by_hand = entry == 20 and first < 4 <= last
            assert (abs(found.edits) > 1e-6) == set_by_hand


@pytest.mark.parametrize("name", RULES)
def test_a_function_is_moved_by_its_gradient_and_by_noise(make_saddle, name):
    lane = make_saddle(Settings(RULES[name][0]), noise=0.3)
    found = blame(lane, Timeline(lane).state_at(3), 1, 20)
    assert len(found.samples) == 0
    assert found.noise != 0
    assert found.total == pytest.approx(found.change, rel=1e-9)


def test_it_ends_where_the_lane_stops(make_lane):
    lane = make_lane(Settings(Sgd(1e200), batch_size=5))
    timeline = Timeline(lane)
    timeline.state_at(50)
    found = blame(lane, timeline.state_at(0), 3, 50)
    assert found.last == timeline.reached < 50
