"""Right programs are never accused, and each mistake is found where it was made.

The environment's DRAWS says how often; 200 takes a quarter of an hour.
"""

from __future__ import annotations

import os
from itertools import count

import numpy as np
import pytest

from nncore.mistakes.catalogue import MISTAKES
from nncore.operations import OperationKind as Kind
from nncore.optimizers import Adam, RmsProp, Sgd
from nncore.schedules import Constant, Step
from tests.nncore.mistakes.planted import PLANTED
from tests.scenarios.own_code.lanes import lane
from tests.scenarios.own_code.programs import Program

DRAWS = int(os.environ.get("DRAWS", "3"))
NOT_ASKED = {"updated-weights", "previous-gradient", "penalty-on-biases"}
"""What only a recorded loop shows, and what functions that are not given b cannot do."""
ADAM = Adam(0.05, (0.8, 0.95), 1e-3)
SETTINGS = {
    "no-bias-correction": {"optimizer": ADAM},
    "step-from-zero": {"optimizer": ADAM},
    "epsilon-inside-root": {"optimizer": RmsProp(0.05, 0.9, 1e-3)},
    "dampening": {"optimizer": Sgd(0.1, 0.8)},
    "velocity-lost": {"optimizer": Sgd(0.1, 0.8)},
    "no-look-ahead": {"optimizer": Sgd(0.1, 0.8, True)},
    "decay-coupled": {"l2": 0.2},
    "decay-decoupled": {"l2": 0.2, "optimizer": ADAM},
    "penalty-missing": {"l2": 0.2},
    "no-mean": {"reduction": "mean"},
    "mean-twice": {"reduction": "mean"},
    "sum-for-mean": {"reduction": "mean"},
}
DELTAS = (Kind.OUTPUT_DELTA, Kind.DELTA)


def place(kind):
    """The kinds of operation that are one to a learner."""
    return DELTAS if kind in DELTAS else (kind,)


PLANTS = sorted({(name, place(kind)) for name, plants in PLANTED.items() for kinds, _ in plants for kind in kinds})
LOGITS = ("logistic", "softmax_cross_entropy")


@pytest.mark.parametrize("written", [{}, {"turned": True}, {"numbers": np.longdouble}])
def test_a_right_program_is_never_accused(written):
    for seed in range(DRAWS * 5):
        assert Program(lane(seed), **written).verdict().findings == (), seed


def test_every_mistake_of_functions_is_planted():
    of_code = {"factor", "sign", "in-place", "shape", "not-finite", "raises", "too-slow", "unfinished"}
    assert {name for name, _ in PLANTS} == set(MISTAKES) - of_code


@pytest.mark.parametrize(("name", "kinds"), [plant for plant in PLANTS if plant[0] not in NOT_ASKED])
def test_a_mistake_is_found_where_it_was_made(name, kinds):
    found = 0
    for seed in count():
        assert seed < 20 * DRAWS
        fixed = {"frozen": frozenset(), **SETTINGS.get(name, {})}
        if (name, kinds) == ("squared-on-logits", (Kind.LOSS,)):
            fixed["loss"] = LOGITS[seed % 2]
        verdict = Program(lane(seed, **fixed), name, kinds, variant=seed).verdict()
        if not verdict.passed:  # it changes something in this draw
            first = verdict.findings[0]
            assert name in first.mistakes, (seed, first)
            assert first.fault.result.operation.kind in kinds
            found += 1
            if found == DRAWS:
                return


@pytest.mark.parametrize("every", [2, 30, 999])
def test_a_schedule_that_sets_in_later_is_seen(every):
    fixed = {"schedule": Step(every, 0.5), "frozen": frozenset()}
    right, constant = lane(1, **fixed), lane(1, **{**fixed, "schedule": Constant()})
    program = Program(right)
    assert program.verdict().passed
    program.update = Program(constant).update
    found = program.verdict().findings[0]
    assert (found.mistakes, found.says) == (("factor",), "your change is the true one times 2")
    assert found.fault.where.startswith(f"update {every + 1} ")
