"""The tally is read from the journal: a pure function of what was counted."""

import pytest

from nncore.metrics import evaluate
from tests.tui.conftest import LANES
from tests.undo import undo
from tui.session.actions import Branch, Close, CountStart, EditSettings, NewSeed, Rename, do
from tui.session.session import Session
from tui.session.tally import count_run, counts_here, tally

VALUES = """
[tally]
at = 30
values = [0, 0.1, 0.2]
names = ["none", "some", "much"]
within = 0.04
"""


@pytest.fixture
def scenario(bench):
    return bench(LANES + VALUES).session.scenario


def test_an_end_counts_to_the_nearest_value_if_that_is_near_enough(scenario):
    journal = [CountStart(3, (0.01, 0.139)), CountStart(4, (0.0601, 0.15)), CountStart(5, (None, 0.2))]
    found = tally(scenario, [NewSeed(), *journal, NewSeed()])
    assert found.rows == ("none", "some", "much", "elsewhere")
    assert found.columns == ("wide", "deep")
    assert found.counts == ((1, 0), (1, 1), (0, 1), (1, 1))
    assert (found.seeds, found.last) == ((3, 4, 5), (3, 2))


def test_without_values_the_lane_that_came_lowest_counts(bench):
    scenario = bench().session.scenario
    ends = [(0.1, 0.2), (0.3, 0.2), (0.3, None), (None, None), (0.5, 0.5)]
    found = tally(scenario, [CountStart(seed, pair) for seed, pair in enumerate(ends)])
    assert (found.rows, found.columns) == (("wide", "deep", "no lane"), ("lowest",))
    assert found.counts == ((2,), (1,), (2,))


def test_a_seed_counts_once(scenario):
    found = tally(scenario, [CountStart(3, (0, 0)), CountStart(4, (0, 0)), CountStart(3, (0.1, 0))])
    assert found.counts[:2] == ((1, 2), (1, 0))
    assert tally(scenario, []).counts == ((0, 0),) * 4


def test_a_count_needs_an_end_of_each_lane(scenario):
    with pytest.raises(ValueError, match="found 1 ends; allowed: 2, one for each lane"):
        do(Session.begin(scenario), CountStart(0, (1.0,)))


@pytest.mark.parametrize("before", [0, 30, 70])
def test_a_run_is_trained_as_far_as_the_tally_says_and_measured_there(scenario, before):
    session = Session.begin(scenario)
    session.go_to(before)
    for _ in count_run(session):
        pass
    losses = [evaluate(one.lane, one.timeline.state_at(30)).train_loss for one in session.lane_runs]
    assert session.cursor.step == 30
    assert session.journal[-1].seed == session.seed
    assert session.journal[-1].ends == pytest.approx(losses, rel=1e-12)


def test_a_run_that_diverges_ends_nowhere(bench):
    session = bench(LANES.replace("learning_rate = 0.1", "learning_rate = 1e200") + VALUES).session
    for _ in count_run(session):
        pass
    assert tally(session.scenario, session.journal).last == (3, 3)


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (None, True),
        (Rename(0, "mine"), True),
        (Branch(0, set={"l2": 0.1}), True),
        (EditSettings((0,), {"l2": 0.1}, "l2"), False),
        (Close(1), False),
    ],
)
def test_a_run_whose_lanes_were_changed_is_not_one_start_among_others(scenario, change, counts):
    session = Session.begin(scenario)
    session.go_to(5)
    if change:
        do(session, change)
    session.go_to(9)
    assert counts_here(session) == counts
    if change:
        undo(session)
        assert counts_here(session)
