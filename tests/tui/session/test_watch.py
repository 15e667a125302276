"""The watch against `run --csv`, and its values in the middle of a step against the trace."""

import csv
from pathlib import Path
from random import Random

import numpy as np
import pytest

from nncore.operations import OperationKind
from nncore.slices import finished
from scenarios.expressions.expression import ExpressionError
from scenarios.file.loader import parse
from tui.cli import main
from tui.session.actions import Branch, Close, EditSettings, SetParameter, do
from tui.session.cursor import Lockstep
from tui.session.lane_run import LaneRun
from tui.session.session import Session
from tui.session.watch import Watch, validated
from tui.session.watch_rows import places, rows

TEXT = """
format = 1
name = "watched"
steps = 300
[data]
kind = "disc"
samples = 20
test_samples = 6
[defaults]
batch_size = 6
init = "torch"
optimizer = { name = "adam", learning_rate = 0.02 }
[[lanes]]
id = "wide"
hidden = [5]
[[lanes]]
id = "deep"
hidden = [3, 2]
activation = "tanh"
"""
NAMES = ["deep.W2[1,2]", "wide.b1[4]", "deep.dW1[2,1]", "deep.db3[0]", "deep.a2[17,1]", "deep.z1[3,0]"]
NAMES += ["wide.delta2[5,0]", "wide.output[0,0]", "deep.batch_loss", "deep.grad_norm[2]", "wide.learning_rate"]
NAMES += ["deep.weight_norm[1]", "deep.start_distance", "wide.samples_seen", "deep.delta_norm[2]"]
SAMPLED = ["deep.train_loss", "wide.test_accuracy", "deep.dead_units", "deep.update_ratio[2]"]


def session(step=0, text=TEXT):
    begun = Session.begin(parse(text.encode(), "watched.toml", Path()))
    begun.go_to(step)
    return begun


def looked_through(begun, texts, watch=None):
    """A watch of a session that knows all it is asked for."""
    begun.keep_watch(tuple(texts))
    watch = watch or Watch()
    watch.keep(begun.watched, begun.lane_runs)
    finished(watch.at_hand(places(begun.cursor)))
    finished(watch.beyond(places(begun.cursor)))
    assert watch.is_complete(places(begun.cursor))
    return watch


def table(tmp_path, steps, also, text=TEXT):
    """The cells of `run --csv` by lane, step and quantity; NaN where they are empty."""
    file, out = tmp_path / "watched.toml", tmp_path / "out.csv"
    file.write_text(text, encoding="utf-8")
    asked = [part for name in also for part in ("--also", name)]
    assert main(["run", str(file), "--steps", str(steps), "--csv", str(out), *asked]) == 0
    with out.open(encoding="utf-8") as stream:
        return {
            (row["lane"], int(row["step"])): {key: float(cell or "nan") for key, cell in row.items() if key != "lane"}
            for row in csv.DictReader(stream)
        }


def cell(cells, name, step):
    lane, _, quantity = name.partition(".")
    return cells[lane, step][quantity]


def test_curves_are_what_run_writes(tmp_path, capsys):
    cells = table(tmp_path, 300, [*NAMES, *SAMPLED])
    watch = looked_through(session(300), [*NAMES, *SAMPLED])
    for name in (*NAMES, *SAMPLED):
        curve = watch.watched[name].curve
        assert (curve.known, curve.end) == (300, 300)
        assert len(curve.first) == 301 if name in NAMES else 128 < len(curve.first) < 301
        np.testing.assert_array_equal(curve.first, curve.last)
        expected = [cell(cells, name, int(step)) for step in curve.first]
        np.testing.assert_array_equal(curve.low, expected)
        np.testing.assert_array_equal(curve.high, expected)


def test_a_curve_that_grew_with_the_run_is_that_of_the_whole_run():
    begun, texts = (
        session(),
        [*NAMES, *SAMPLED, "deep.W1[0,0] - 2*wide.W1[0,0]", "step", "epoch", "deep.W1[0,0] + epoch"],
    )
    watch, draw = looked_through(begun, texts), Random(3)
    while begun.reached < 260:
        begun.go_to(begun.reached + draw.choice([1, 1, 2, 9, 40]))
        looked_through(begun, texts, watch)
        begun.go_to(draw.randint(0, begun.reached))
        looked_through(begun, texts, watch)
    whole = looked_through(session(begun.reached), texts)
    for text in texts:
        grown, fresh = watch.watched[text].curve, whole.watched[text].curve
        for name in ("first", "last", "low", "high"):
            np.testing.assert_array_equal(getattr(grown, name), getattr(fresh, name))
    curve = whole.watched["epoch"].curve
    assert curve.low.tolist() == [step // 4 for step in range(begun.reached + 1)]


def test_one_that_comes_later_catches_up_with_the_others():
    begun = session(200)
    watch = looked_through(begun, NAMES[:2])
    begun.go_to(230)
    looked_through(begun, [*NAMES[:2], "deep.W2[0,0]", "wide.dW1[0,1]"], watch)
    whole = looked_through(begun, watch.watched)
    for text, one in watch.watched.items():
        np.testing.assert_array_equal(one.curve.low, whole.watched[text].curve.low)


def test_long_runs_are_thinned_to_their_extremes(monkeypatch):
    begun, name = session(299), "deep.dW2[0,1]"
    whole = looked_through(begun, [name]).watched[name].curve
    monkeypatch.setattr("nncore.history.CAPACITY", 16)
    thinned = looked_through(begun, [name]).watched[name].curve
    assert len(thinned.low) == 10
    assert thinned.first.tolist() == list(range(0, 300, 32))
    assert thinned.last.tolist() == [*range(31, 288, 32), 299]
    for first, last, low, high in zip(thinned.first, thinned.last, thinned.low, thinned.high, strict=True):
        part = whole.low[int(first) : int(last) + 1]
        assert (low, high) == (np.nanmin(part), np.nanmax(part))


@pytest.mark.parametrize("step", [0, 1, 57, 200])
def test_rows_at_rest_are_those_of_the_step_and_of_the_one_before(step, tmp_path, capsys):
    cells, begun = table(tmp_path, 200, [*NAMES, *SAMPLED]), session(200)
    begun.go_to(step)
    watch = looked_through(begun, [*NAMES, *SAMPLED])
    for row in rows(begun, watch):
        if row.text in NAMES:
            np.testing.assert_array_equal(row.now, cell(cells, row.text, step))
        if not step:
            assert row.before is None
        elif row.text in NAMES:
            np.testing.assert_array_equal(row.before, cell(cells, row.text, step - 1))
        if row.text == "deep.train_loss":
            assert row.now == begun.figures.evaluation(begun.lane_runs[1], step).train_loss


OPERATION = {
    "deep.a2[17,1]": (OperationKind.PRE_ACTIVATION, 2),
    "deep.z1[3,0]": (OperationKind.ACTIVATION, 1),
    "deep.output[17,0]": (OperationKind.ACTIVATION, 3),
    "deep.delta3[3,0]": (OperationKind.OUTPUT_DELTA, 3),
    "deep.delta1[3,2]": (OperationKind.DELTA, 1),
    "deep.delta_norm[1]": (OperationKind.DELTA, 1),
    "deep.dW1[2,1]": (OperationKind.WEIGHT_GRADIENT, 1),
    "deep.db3[0]": (OperationKind.BIAS_GRADIENT, 3),
    "deep.batch_loss": (OperationKind.LOSS, 3),
    "deep.W2[1,2]": (OperationKind.UPDATE, 2),
    "deep.b3[0]": (OperationKind.UPDATE, 3),
}
"""The operation that computes or changes each."""


def test_inside_a_step_values_come_with_their_operation():
    begun, texts = session(20, TEXT.replace("batch_size = 6", "batch_size = 0")), tuple(OPERATION)
    at_rest = {row.text: row.now for row in rows(begun, looked_through(begun, texts))}
    begun.go_to(21)
    after = {row.text: row.now for row in rows(begun, looked_through(begun, texts))}
    begun.go_to(20)
    last = dict(at_rest)
    while True:
        begun.into()
        if begun.cursor.position is None:
            break
        operation = begun.lane_runs[1].operations[begun.position(1).index]
        waits = begun.position(1).waiting
        for row in rows(begun, looked_through(begun, texts)):
            kind, layer = OPERATION[row.text]
            here = (operation.kind, operation.layer) == (kind, layer) and not waits
            if here:
                assert row.now == after[row.text]
                assert row.changed
            elif begun.cursor.position:
                assert not row.changed
            np.testing.assert_array_equal(row.before, last[row.text])
            last[row.text] = row.now
        if begun.cursor.position == 0:  # what the passes leave is not there before its operation
            kept = {row.text for row in rows(begun, looked_through(begun, texts)) if not np.isnan(row.now)}
            assert kept == {"deep.batch_loss", "deep.W2[1,2]", "deep.b3[0]"}
    assert {row.text: row.now for row in rows(begun, looked_through(begun, texts))} == after


def test_an_expression_over_lanes_is_made_of_their_values():
    begun = session(40)
    watch = looked_through(begun, ["deep.W1[0,0] - wide.W1[0,0]", "deep.W1[0,0]", "wide.W1[0,0]", "abs(step - 20)/2"])
    both, deep, wide, alone = (one.curve.low for one in watch.watched.values())
    np.testing.assert_array_equal(both, deep - wide)
    assert alone.tolist() == [abs(step - 20) / 2 for step in range(41)]


def test_another_past_is_looked_through_anew_and_lanes_that_stay_are_not():
    begun, texts = session(60), ("deep.W1[0,0]", "wide.W1[0,0]")
    watch = looked_through(begun, texts)
    deep, wide = (one.curve for one in watch.watched.values())
    begun.go_to(30)
    do(begun, SetParameter(1, 0, 0.75, "set"))
    begun.go_to(50)
    looked_through(begun, texts, watch)
    edited, kept = (one.curve for one in watch.watched.values())
    np.testing.assert_array_equal(edited.low[:30], deep.low[:30])
    assert edited.low[30] == 0.75
    assert (edited.low[31:] != deep.low[31:51]).all()
    np.testing.assert_array_equal(kept.low, wide.low)
    do(begun, EditSettings((0,), {"optimizer": {"learning_rate": 0.5}}, "faster"))
    do(begun, Branch(1, "copy"))
    branch = begun.lane_runs[2].lane.id
    begun.go_to(70)
    looked_through(begun, (*texts, f"{branch}.W1[0,0]"), watch)
    one, _, other = (watched.curve for watched in watch.watched.values())
    np.testing.assert_array_equal(one.low, other.low)


def test_a_closed_lane_leaves_its_row_and_nothing_of_its_curve():
    begun, texts = session(30), ("deep.W1[0,0]", "wide.W1[0,0]")
    watch = looked_through(begun, texts)
    do(begun, Close(1))
    looked_through(begun, texts, watch)
    gone, stays = rows(begun, watch)
    assert gone.problem == 'unknown lane "deep" in "deep.W1[0,0]"; known: wide, any, all'
    assert (gone.curve, gone.now) == (None, None)
    assert stays.curve.known == 30
    held = [one for one in vars(watch).values() if isinstance(one, dict)]
    assert not any(isinstance(key, LaneRun) and key.lane.id == "deep" for one in held for key in one)


def test_a_lane_that_stopped_has_no_values_from_there_on():
    begun = session(0, TEXT.replace('id = "deep"', 'id = "deep"\noptimizer = { name = "sgd", learning_rate = 1e200 }'))
    begun.go_to(20)
    stopped = begun.lane_runs[1].timeline.diverged_at
    assert stopped
    assert stopped < 20
    watch = looked_through(begun, ["deep.W1[0,0]", "wide.W1[0,0]", "deep.train_loss", "deep.W1[0,0] + wide.W1[0,0]"])
    deep, wide, _, both = rows(begun, watch)
    assert (deep.curve.known, wide.curve.known, both.curve.known) == (stopped - 1, 20, 20)
    assert np.isnan(deep.now)
    assert np.isnan(both.curve.low).tolist() == [step >= stopped for step in range(21)]
    begun.go_to(stopped - 1)
    deep = rows(begun, looked_through(begun, ["deep.W1[0,0]"], watch))[0]
    assert deep.now == begun.lane_runs[1].timeline.state_at(stopped - 1).theta[0]


def test_given_up_between_slices_nothing_is_lost_or_doubled():
    begun, draw, watch = session(250), Random(5), Watch()
    begun.keep_watch((*NAMES, *SAMPLED))
    watch.keep(begun.watched, begun.lane_runs)
    for _ in range(60):
        work = draw.choice([watch.at_hand, watch.beyond])(places(begun.cursor))
        for _ in range(draw.randint(0, 4)):
            next(work, None)
        begun.go_to(draw.randint(0, 250))
    looked_through(begun, begun.watched, watch)
    whole = looked_through(begun, begun.watched)
    for text, one in watch.watched.items():
        np.testing.assert_array_equal(one.curve.low, whole.watched[text].curve.low)


def test_a_walk_that_takes_long_and_the_watch_do_not_hold_each_other_up():
    text = TEXT.replace("samples = 20", "samples = 20000").replace("hidden = [5]", "hidden = [128, 128]")
    begun = session(0, text.replace("batch_size = 6", "batch_size = 0"))
    assert begun.large
    begun.keep_watch(("wide.W1[0,0]", "wide.train_loss"))
    watch = Watch()
    watch.keep(begun.watched, begun.lane_runs)
    for _ in range(2):
        walk, work = begun.moving(Lockstep.next_step), watch.at_hand(places(begun.cursor))
        for _ in walk:
            if next(work, watch) is watch:
                work = watch.at_hand(places(begun.cursor))
    assert begun.cursor.step == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("deep.W2[9,1]", '"deep.W2[9,1]": a unit of layer 2 is one of 0 to 1, not 9'),
        ("deep.W2[1]", '"W2" needs a unit of layer d and what goes into layer d, such as "deep.W2[0,0]"'),
        ("depp.W2[1,1]", 'unknown lane "depp" in "depp.W2[1,1]"; known: wide, deep, any, all; did you mean "deep"?'),
        ("deep.W2[1,1] > 0", '"deep.W2[1,1] > 0" is a condition; allowed: a number at every step'),
        ("first_step(step > 3)", 'found "first_step", which looks at a whole run; allowed: a number at every step'),
    ],
)
def test_what_cannot_be_watched_says_what_is_allowed(text, says):
    with pytest.raises(ExpressionError) as refused:
        validated(text, session().lane_runs)
    assert str(refused.value) == says


def test_an_unknown_quantity_names_the_nearest():
    with pytest.raises(ExpressionError, match='did you mean "train_loss"'):
        validated("deep.trian_loss", session().lane_runs)
