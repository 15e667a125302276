"""Claims over seeds against single runs, and conditions watched at every step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenarios.file.loader import parse
from scenarios.quantities.measure import measure
from scenarios.runs import lane_training
from scenarios.runs.build import build
from scenarios.runs.claims import ClaimResult, stacks, verify
from scenarios.runs.lane_training import LaneTraining
from scenarios.scenario import Scenario

HEAD = """
format = 1
name = "test"
seed = 3
steps = 30
[data]
kind = "xor"
samples = 12
test_samples = 8
[defaults]
hidden = [4]
activation = "tanh"
batch_size = 5
optimizer = { name = "sgd", learning_rate = 0.5 }
[[lanes]]
id = "one"
[[lanes]]
id = "two"
hidden = [2, 2]
"""

FALLING = """
format = 1
name = "falling"
steps = 20
[[lanes]]
id = "f"
optimizer = { name = "sgd", learning_rate = 0.5 }
function = { expression = "0.5*x**2", start = { x = 1 } }
[[lanes]]
id = "g"
optimizer = { name = "sgd", learning_rate = 1e200 }
function = { expression = "0.5*x**2", start = { x = 1 } }
"""


def scenario(text: str, *claims: str) -> Scenario:
    tables = "".join(f'\n[[claims]]\ntext = "it holds"\n{claim}\n' for claim in claims)
    return parse((text + tables).encode(), "test.toml", Path())


def only(text: str, claim: str) -> ClaimResult:
    (result,) = verify(scenario(text, claim))
    return result


def test_values_are_those_of_single_runs_whatever_the_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = 'check = "one.test_loss < two.test_loss"\nat = 17\nseeds = 5\nshare = 0'
    given = scenario(HEAD, claim)
    (stacked,) = verify(given)
    monkeypatch.setattr(lane_training, "STACK_BYTES", 1)
    assert len(stacks(given)) == 5
    assert verify(given) == [stacked]
    for number, lane in enumerate(("one", "two")):
        for row in range(5):
            training = LaneTraining(build(given, 3 + row)[number])
            training.advance(17)
            assert stacked.values[f"{lane}.test_loss"][row] == measure(training.measurement(), "test_loss")


def test_held_is_the_share_of_the_seeds_and_share_decides() -> None:
    claim = 'check = "one.test_loss < two.test_loss"\nat = 17\nseeds = 8\nshare = {}'
    result = only(HEAD, claim.format(0))
    one, two = (np.array(result.values[f"{lane}.test_loss"]) for lane in ("one", "two"))
    assert result.held == np.mean(one < two)
    assert 0 < result.held < 1
    assert only(HEAD, claim.format(result.held)).passed
    assert not only(HEAD, claim.format(result.held + 0.01)).passed


def test_claims_may_have_their_own_steps_and_seeds() -> None:
    claims = (
        'check = "one.train_loss > 0"\nat = 9\nseeds = 2',
        'check = "one.train_loss > 0"\nseeds = 4',
        'check = "step == 0 and epoch == 0"\nat = 0',
    )
    results = verify(scenario(HEAD, *claims))
    assert [(result.at, result.seeds) for result in results] == [(9, 2), (30, 4), (0, 1)]
    assert [len(result.values.get("one.train_loss", [])) for result in results] == [2, 4, 0]
    assert all(result.passed for result in results)
    assert [stack.steps for stack in stacks(scenario(HEAD, *claims))] == [30, 30, 60]


def test_seeds_given_replace_those_of_every_claim() -> None:
    results = verify(scenario(HEAD, 'check = "one.train_loss > 0"', 'check = "step == 30"\nseeds = 9'), seeds=3)
    assert [result.seeds for result in results] == [3, 3]
    assert results[1].values == {"step": [30, 30, 30]}


def test_first_step_is_the_first_at_which_it_holds() -> None:
    # the loss is ½·4^(−t): below 0.01 from t = 3 on
    assert only(FALLING, 'check = "first_step(f.train_loss < 0.01) == 3"').passed
    assert only(FALLING, 'check = "first_step(f.train_loss < 1) == 0"').passed
    assert only(FALLING, 'check = "first_step(f.batch_loss < 0.01) == 4"').passed
    assert only(FALLING, 'check = "first_step(f.train_loss < 0.01) == 3"\nat = 3').passed


def test_first_step_is_null_before_it_holds() -> None:
    result = only(FALLING, 'check = "first_step(f.train_loss < 0.01) < 1e9"\nat = 2')
    assert not result.passed
    assert result.values == {"first_step(f.train_loss < 0.01)": [None]}


def test_first_step_over_seeds_is_that_of_each_run() -> None:
    result = only(HEAD, 'check = "first_step(one.batch_loss < 0.1) > 0"\nseeds = 4')
    found = result.values["first_step(one.batch_loss < 0.1)"]
    for row in range(4):
        training = LaneTraining(build(scenario(HEAD), 3 + row)[0])
        first = None
        for step in range(1, 31):
            training.advance(step)
            if first is None and measure(training.measurement(), "batch_loss") < 0.1:
                first = step
        assert found[row] == first


def test_a_lane_that_diverges_makes_comparisons_false_and_leaves_the_others() -> None:
    assert not only(FALLING, 'check = "g.train_loss > 0"').passed
    assert only(FALLING, 'check = "g.diverged_at == 2 and f.train_loss < 1e-9"').passed
    assert only(FALLING, 'check = "g.train_loss > 0"').values == {"g.train_loss": [None]}


def test_progress_counts_up_to_every_step_of_every_replica() -> None:
    seen: list[tuple[int, int]] = []
    given = scenario(HEAD, 'check = "one.train_loss > 0"\nseeds = 3', 'check = "step == 5"\nat = 5')
    verify(given, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (90, 90)


def test_no_claims_no_results() -> None:
    assert verify(scenario(HEAD)) == []
