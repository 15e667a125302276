"""Each mistake, made on purpose in random networks, is recognised."""

from collections import Counter

import numpy as np
import pytest

from nncore.mistakes.judgement import judge_all
from nncore.mistakes.step_values import Loop
from tests.nncore.mistakes.draws import draws
from tests.nncore.mistakes.planted import PLANTED


def cases(name):
    """Every draw, operation and wrong result of a mistake."""
    for p in draws():
        for kinds, plant in PLANTED[name]:
            for operation in p.operations(*kinds):
                for wrong in plant(p, operation.layer):
                    yield p, operation, np.asarray(wrong)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_recognised(name):
    seen = Counter()
    for p, operation, wrong in cases(name):
        if not np.isfinite(wrong).all():
            continue
        loop = Loop(p.trace.after, p.before.gradient)
        found = judge_all(p.lane, p.trace, operation, wrong, loop=loop)
        if found.right:
            continue
        ids = [one.id for one in found.mistakes]
        seen[tuple(ids) if name in ids else ("missed", operation.kind, *ids, found.says)] += 1
    print(name, seen)
    assert not [ids for ids in seen if "missed" in ids], seen
    alone = sum(count for ids, count in seen.items() if ids == (name,))
    assert alone >= 10
    assert alone > sum(seen.values()) / 2
