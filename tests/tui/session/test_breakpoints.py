"""Breakpoints against a scan of the run step by step."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.slices import finished
from scenarios.expressions.expression import ExpressionError
from scenarios.file.loader import parse
from scenarios.quantities.definitions import QUANTITIES
from scenarios.quantities.lookup import evaluate_check
from scenarios.quantities.measure import epoch, measure
from scenarios.runs.build import build
from scenarios.runs.lane_training import LaneTraining
from tui.render.numbers import num
from tui.session.actions import EditSettings, do
from tui.session.breakpoints import Breakpoint, Watch, validated
from tui.session.session import Session

SCENARIO = """
format = 1
name = "two"
steps = 100
[data]
kind = "disc"
samples = 13
test_samples = 5
[defaults]
batch_size = 4
optimizer = { name = "sgd", learning_rate = 0.2, momentum = 0.8 }
schedule = { name = "step", every = 9, factor = 0.8 }
[[lanes]]
id = "one"
hidden = [3]
[[lanes]]
id = "two"
hidden = [2, 2]
[[lanes.edits]]
at = 25
set = { optimizer.learning_rate = RATE }
"""

LAST = 70
QUICK = ["batch_loss", "grad_norm", "grad_norm[2]", "learning_rate"]
COSTLY = ["train_loss", "test_loss", "samples_seen", "start_distance", "hessian_max[1]"]
RATES = [0.05, 1e40]
"""With the second one the second lane diverges."""


@cache
def scenario(rate):
    return parse(SCENARIO.replace("RATE", str(rate)).encode(), "two.toml", Path("."))


@cache
def scan(rate):
    """What is measured of each lane after each update, from runs that make one step at a time."""
    trainings, rows = [LaneTraining(lane) for lane in build(scenario(rate))], []
    for step in range(LAST + 1):
        for training in trainings:
            training.advance(step)
        rows.append({training.lane.id: training.measurement() for training in trainings})
    return rows


def rising(rate, condition):
    """The steps at which a condition becomes true."""
    truth = []
    for step, measurements in enumerate(scan(rate)):

        def lookup(asked, step=step, measurements=measurements):
            if asked.lane is None:
                return np.float64(step) if asked.name == "step" else epoch(measurements.values())
            return measure(measurements[asked.lane], asked.name, asked.indices)

        truth.append(bool(evaluate_check(condition, lookup, lambda first: np.nan)))
    return [step for step in range(1, LAST + 1) if truth[step] and not truth[step - 1]]


def session(rate, *texts):
    made = Session.begin(scenario(rate))
    made.breakpoints = tuple(Breakpoint(text) for text in texts)
    return made


def forwards(made, last=LAST):
    """All hits of running on to a step, again and again."""
    found = []
    while made.cursor.step < last:
        for _ in made.run(last, made.stop_search()):
            pass
        if made.hit is None:
            break
        found.append(made.hit.step)
    return found


def backwards(made):
    found = []
    while True:
        for _ in made.run_back(made.stop_search()):
            pass
        if made.hit is None:
            return found
        found.append(made.cursor.step)


def played_back(made, stride):
    """All hits of playing backwards to step 0, a stride at a time."""
    found = []
    while made.cursor.step > 0:
        finished(made.back(max(0, made.cursor.step - stride), made.stop_search()))
        if made.hit is not None:
            assert made.cursor.step == made.hit.step
            found.append(made.hit.step)
    return found


def check_both_ways(rate, text, start):
    made = session(rate, text)
    expected = rising(rate, validated(text, made.lane_runs))
    made.go_to(start)
    assert forwards(made) == [step for step in expected if step > start]
    made.go_to(LAST)
    behind = [step for step in reversed(expected) if step < LAST]
    assert backwards(made) == behind
    for stride in (1, 3, LAST):
        made.go_to(LAST)
        assert played_back(made, stride) == behind


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    "text",
    [
        "step == 30",
        "step > 20 and step < 40",
        "epoch >= 4",
        "epoch == 2 or epoch == 9",
        "any.train_loss < 0.2",
        "all.train_loss < 0.3",
        "abs(one.train_loss - two.train_loss) < 0.02",
        "not (two.batch_loss < 0.2)",
        "any.grad_norm > 1e3",
        "two.diverged_at > 0",
        "two.diverged_at > 0 and one.batch_loss < 0.3",
        "not (all.train_loss < 1e9)",
        "one.W1[0,0] > one.W1[1,0]",
        "one.dW1[0,1] > 0",
        "any.db2[0] > 0",
        "two.delta1[3,0] > 0 or one.z1[5,1] == 0",
        "one.update_ratio[2] > 0.05 and any.dead_units[1] >= 0",
        "1 < 2",
    ],
)
def test_conditions_over_lanes_and_time(rate, text):
    check_both_ways(rate, text, 0)


@settings(max_examples=8)
@given(
    rate=st.sampled_from(RATES),
    lane=st.sampled_from(["one", "two"]),
    name=st.sampled_from(QUICK),
    sign=st.sampled_from(["<", ">=", "=="]),
    place=st.integers(1, LAST),
    start=st.integers(0, LAST),
)
def test_what_steps_report(rate, lane, name, sign, place, start):
    check_threshold(rate, lane, name, sign, place, start)


@settings(max_examples=8)
@given(
    rate=st.sampled_from(RATES),
    lane=st.sampled_from(["one", "two"]),
    name=st.sampled_from(COSTLY),
    sign=st.sampled_from(["<", ">="]),
    place=st.integers(0, LAST),
    start=st.integers(0, LAST),
)
def test_what_must_be_measured(rate, lane, name, sign, place, start):
    check_threshold(rate, lane, name, sign, place, start)


def check_threshold(rate, lane, name, sign, place, start):
    """A quantity against the very value that it has at some step."""
    plain, _, index = name.rstrip("]").partition("[")
    value = float(measure(scan(rate)[place][lane], plain, (int(index),) if index else ()))
    if np.isfinite(value):
        check_both_ways(rate, f"{lane}.{name} {sign} {value!r}", start)


def test_of_several_conditions_the_first_that_comes_true_stops():
    texts = ["step == 30", "one.learning_rate < 0.15", "step == 50"]
    made = session(0.05, *texts)
    assert forwards(made) == [19, 30, 50]  # the rate of steps 19 … 27 is 0.2 · 0.8²
    assert made.hits == (19, 30, 50)
    assert backwards(made) == [50, 30, 19]


def test_those_that_are_off_or_fit_no_lane_do_not_stop():
    made = session(0.05, "three.train_loss < 9", "step == 20")
    made.breakpoints = (*made.breakpoints[:1], Breakpoint("step == 20", on=False), Breakpoint("step == 40"))
    assert forwards(made) == [40]
    assert not session(0.05, "three.train_loss < 9").stop_search()


def test_without_breakpoints_a_run_goes_to_its_end():
    made = session(0.05)
    assert forwards(made) == []
    assert made.cursor.step == LAST


def test_where_all_lanes_stopped_nothing_happens_later():
    text = SCENARIO.replace("RATE", "0.1").replace("learning_rate = 0.2", "learning_rate = 1e60")
    made = Session.begin(parse(text.encode(), "two.toml", Path(".")))
    made.breakpoints = (Breakpoint("step == 60"), Breakpoint("all.diverged_at > 0"))
    assert forwards(made) == [made.reached + 1]
    assert made.cursor.step == made.reached
    assert forwards(made) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("one.train_loss", "is a number, not a condition"),
        ("first_step(one.train_loss < 1) < 5", "write its condition alone"),
        ("three.train_loss < 1", "unknown lane"),
        ("one.grad_norm[9] < 1", "layers 1 to 2"),
    ],
)
def test_what_is_no_condition_is_refused(text, message):
    with pytest.raises(ExpressionError, match=message):
        validated(text, session(0.05).lane_runs)


def test_the_first_step_at_which_a_condition_is_true_may_be_the_very_first():
    lane_runs = session(0.05).lane_runs
    assert Watch.of(lane_runs, validated("step >= 0", lane_runs)).first_true(0, 50) == 0
    assert Watch.of(lane_runs, validated("step >= 37", lane_runs)).first_true(0, 50) == 37
    assert Watch.of(lane_runs, validated("one.samples_seen > 100", lane_runs)).first_true(3, 50) == 31
    assert Watch.of(lane_runs, validated("step > 50", lane_runs)).first_true(0, 50) is None


@pytest.mark.parametrize("name", QUANTITIES)
def test_what_is_known_after_every_step_is_looked_at_over_many_steps_at_once(name):
    quantity, lane_runs = QUANTITIES[name], session(0.05).lane_runs
    text = f"{'one.' if quantity.of_lane else ''}{name}{'' if quantity.whole_network else '[1]'} > 1"
    quick = Watch.of(lane_runs, validated("one.batch_loss > 1", lane_runs)).window
    window = Watch.of(lane_runs, validated(text, lane_runs)).window
    assert window == (quick if quantity.every_step else 16) < 256


def test_a_hit_says_the_numbers_that_made_its_condition_true():
    made = session(RATES[0], "one.grad_norm[2] > 0 and two.batch_loss > 0 and step > 3")
    for _ in made.run(LAST, made.stop_search()):
        pass
    step = made.hit.step
    assert step == 4
    one, two = (lane_run.timeline.steps(step - 2, step) for lane_run in made.lane_runs[:2])
    assert made.hit.why == (
        f"one.grad_norm[2] {num(one.norms[0, 1])} → {num(one.norms[1, 1])}, "
        f"two.batch_loss {num(two.batch_loss[0])} → {num(two.batch_loss[1])}"
    )
    assert made.hit.lane is None


def test_a_hit_names_the_lane_that_it_is_about():
    made = session(RATES[0], "step == 7 and two.batch_loss < 1e9")
    for _ in made.run(LAST, made.stop_search()):
        pass
    assert (made.hit.step, made.hit.lane) == (7, "two")
    assert made.hit.why.startswith("two.batch_loss ")


def test_a_change_before_a_hit_forgets_it():
    made = session(RATES[0], "step == 20")
    for _ in made.run(LAST, made.stop_search()):
        pass
    assert (made.hit.step, made.hits) == (20, (20,))
    made.go_to(5)
    do(made, EditSettings([0, 1], {"l2": 0.1}, "l2"))
    assert (made.hit, made.hits) == (None, ())
