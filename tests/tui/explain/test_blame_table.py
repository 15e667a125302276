"""The tables of blame: what is told one by one and the rest add up to the change, to the digits that are printed."""

import re

import numpy as np
import pytest

from nncore.blame import blame
from tests.tui.conftest import LANES
from tests.tui.explain.recomputed import Range, printed
from tests.tui.explain.test_equation_numbers import OPTIMIZERS, text
from tui.explain import blame_table as told_of
from tui.explain.blame_table import answer_table, blame_table


def sums(rows):
    """What the numbers in the second column add up to."""
    total = Range(0.0, 0.0)
    for row in rows:
        if len(row) > 1 and row[0]:
            total += printed(row[1].strip())
    return total


def ends_of(table):
    """The change as the first line tells it, and in all digits twice as the last one does."""
    told = re.search(r"a change of ([-\d.e]+)", table.told[0])[1]
    total, change = re.search(r"They add up to (\S+); the change is (\S+)\.", table.sums[-1]).groups()
    return printed(told), float(total), float(change)


@pytest.mark.parametrize(("place", "optimizer"), list(enumerate(OPTIMIZERS)))
def test_the_samples_that_made_a_weight_what_it_is(bench, place, optimizer):
    one = bench(text("squared", optimizer, '["tanh", "relu"]', place % 3))
    one.session.go_to(30)
    timeline = one.session.lane_runs[0].timeline
    lane = timeline.lane
    for entry in (0, 7, lane.start.size - 1):
        found = blame(lane, timeline.state_at(6), entry, 30)
        table = blame_table(lane, entry, found)
        told, total, change = ends_of(table)
        assert change == timeline.state_at(30).theta[entry] - timeline.state_at(6).theta[entry]
        assert total == pytest.approx(change, rel=1e-9)
        assert told.meets(Range.around(change))
        assert sums(table.rows).meets(Range(change - 1e-12, change + 1e-12))
        assert table.numbers[0] == np.abs(found.samples).argmax()
        batches = {row[0]: int(row[2]) for row in table.rows if len(row) == 5 and row[0]}
        assert batches == {f"sample {number}": found.times[number] for number in np.flatnonzero(found.samples)}
        assert ("√" in table.told[1]) == (lane.settings.optimizer.memories[-1:] != () and "sgd" not in optimizer)


def test_the_others_are_counted(bench, monkeypatch):
    monkeypatch.setattr(told_of, "TOLD", 12)
    one = bench(LANES.replace("batch_size = 8", 'batch_size = 8\nactivation = "tanh"'))
    one.session.go_to(40)
    timeline = one.session.lane_runs[0].timeline
    table = blame_table(timeline.lane, 15, blame(timeline.lane, timeline.state_at(0), 15, 40))
    assert [row[0] for row in table.rows[1:13]] == [f"sample {number}" for number in table.numbers[:12]]
    assert (table.rows[13][0], table.numbers[12]) == ("the other 8", None)
    assert sums(table.rows).meets(Range.around(ends_of(table)[2]))


@pytest.mark.parametrize("loss", ["squared", "logistic", "softmax_cross_entropy"])
def test_the_weights_that_changed_a_samples_answer(bench, loss):
    one = bench(text(loss, OPTIMIZERS[-1], '["tanh", "sine"]', 1))
    one.session.go_to(20)
    timeline = one.session.lane_runs[0].timeline
    model, thetas = timeline.lane.model, (timeline.state_at(3).theta, timeline.state_at(20).theta)
    table = answer_table(model, 4, None, (3, 20), thetas)
    told, total, change = ends_of(table)
    unit = int(re.match(r"z₃\[(\d)\] of sample 4: ", table.told[0])[1])
    before, after = (model.network.outputs(theta, model.data.x[4:5])[0, unit] for theta in thetas)
    assert change == pytest.approx(after - before, rel=1e-12)
    assert total == pytest.approx(change, rel=1e-9)
    assert told.meets(Range.around(change))
    assert sums(table.rows).meets(Range.around(change))
    layers = [("layer", digits) for digits in re.findall(r"-?[\d.]*\d(?:e-?\d+)?", table.sums[0])]
    assert len(layers) == model.network.depth
    assert sums(layers).meets(Range.around(change))
    for entry, row in zip(table.numbers, table.rows[1:], strict=True):
        for cell, theta in zip(row[2:], thetas, strict=True):
            assert printed(cell.strip()).meets(Range.around(theta[entry]))
