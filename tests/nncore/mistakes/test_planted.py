"""Each mistake, made on purpose in random networks, is recognised."""

from collections import Counter

import pytest

from nncore.mistakes.judgement import judge, judge_all
from tests.nncore.mistakes.planted import PLANTED, cases, loop


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_recognised(name):
    seen, shapes = Counter(), set()
    for p, operation, wrong in cases(name):
        found = judge_all(p.lane, p.trace, operation, wrong, loop=loop(p))
        if not found.right:  # it changes something in this draw
            ids = tuple(one.id for one in found.mistakes)
            assert name in ids, (operation, found)
            seen[ids] += 1
            shapes.add((p.lane.model.network.sizes, p.m))
    assert seen[(name,)] >= 10
    assert seen[(name,)] > seen.total() / 2, seen
    assert len(shapes) >= 5


@pytest.mark.parametrize("name", [name for name in PLANTED if name != "bias-not-summed"])  # that makes a matrix
def test_it_is_recognised_by_one_number(name):
    recognised = 0
    for p, operation, wrong in cases(name):
        entry = (*(0,) * (wrong.ndim - 1), *(n - 1 for n in wrong.shape[-1:]))
        if wrong.shape in p.shapes(operation):
            found = judge(p.lane, p.trace, operation, entry, wrong[entry], loop=loop(p))
            assert found.right or name in [one.id for one in found.mistakes], (operation, found)
            recognised += not found.right
    assert recognised >= 5


@pytest.mark.parametrize("name", ["updated-weights", "previous-gradient"])
def test_what_only_a_recorded_loop_knows_is_asked_of_it_alone(name):
    for p, operation, wrong in cases(name):
        assert name not in [one.id for one in judge_all(p.lane, p.trace, operation, wrong).mistakes]
