"""What becomes of claims and predictions in the run on the screen."""

import pytest

from nncore.training import Trainer
from scenarios.expressions.expression import parse
from scenarios.runs.claims import verify
from tests.undo import undo
from tui.lesson.truths import truth_at
from tui.lesson.verdicts import Verdicts, choices_of, said
from tui.session.actions import Branch, Close, EditSettings, NewSeed, Predict, Reopen, do
from tui.session.guesses import read_number

LESSON = """
format = 1
name = "lesson"
steps = 60
seed = 4
[data]
kind = "disc"
samples = 20
test_samples = 10
[defaults]
batch_size = 6
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "wide"
hidden = [5]
[[lanes]]
id = "deep"
hidden = [3, 3]
[[lanes]]
id = "wild"
hidden = [3]
optimizer = { name = "sgd", learning_rate = 1e40 }
"""

CHECKS = [
    "wide.train_loss < 0.2",
    "deep.batch_loss < wide.batch_loss",
    "any.diverged_at > 0",
    "wild.train_loss > 0",
    "not (wild.train_loss > 0)",
    "deep.grad_norm[2] > 0.1",
    "step == 40",
    "epoch > 8",
    "first_step(wide.train_loss < 0.25) < 20",
    "first_step(any.batch_loss < 0.1) < first_step(deep.batch_loss < 0.1)",
    "wide.samples_seen == 202",
]


def claims(at=40):
    return "".join(f'[[claims]]\ntext = "."\nat = {at}\nseeds = 1\nshare = 1.0\ncheck = "{text}"\n' for text in CHECKS)


def predictions(*questions):
    return "".join(f'[[predict]]\nask = "{ask}"\nat = {at}\nanswer = "{answer}"\n' for ask, at, answer in questions)


def told(bench, text, step):
    session = bench(LESSON + text).session
    session.go_to(step)
    verdicts = Verdicts(session)
    for kind, number in verdicts.due():
        verdicts.tell(kind, number)
    return verdicts


@pytest.mark.parametrize("at", [1, 17, 40])
@pytest.mark.parametrize("step", [40, 60])
def test_claims_hold_on_the_screen_as_they_do_for_the_command(bench, at, step):
    verdicts = told(bench, claims(at), step)
    results = verify(verdicts.session.scenario)
    assert verdicts.claims == {number: result.passed for number, result in enumerate(results)}


def test_a_claim_is_due_when_its_step_is_reached_and_once(bench):
    verdicts = told(bench, claims(40), 39)
    assert verdicts.claims == {}
    verdicts.session.go_to(41)
    assert verdicts.due() == [("claim", number) for number in range(len(CHECKS))]
    for kind, number in verdicts.due():
        verdicts.tell(kind, number)
    assert verdicts.due() == []


def test_numbers_are_those_of_the_run(bench):
    session = bench(LESSON).session

    def value(text, step):
        return truth_at(session, parse(text), step)

    wide, _, wild = (lane_run.timeline for lane_run in session.lane_runs)
    assert value("wide.train_loss", 33) == float(wide.evaluations[33].train_loss)
    assert value("wide.batch_loss", 33) == float(wide.steps(32, 33).batch_loss[0])
    assert value("wide.batch_loss", 0) is None
    assert value("wide.learning_rate", 5) == 0.1
    assert value("first_step(step >= 12)", 33) == 12
    assert value("first_step(step >= 40)", 33) is None
    assert value("step + 1", 7) == 8
    assert value("wild.diverged_at", 33) == wild.diverged_at
    assert value("wild.train_loss", 33) is None
    assert value("wild.samples_seen", 33) is None
    assert value("wild.samples_seen", wild.reached) == 6 * wild.reached
    assert value("wild.diverged_at", wild.reached) is None


QUESTIONS = predictions(
    ("Which?", 10, "deep.train_loss < wide.train_loss"),
    ("How many?", 20, "wide.samples_seen"),
    ("When?", 30, "first_step(wide.train_loss < 0)"),
)


def test_guesses_are_right_or_wrong_once_told(bench):
    verdicts = told(bench, QUESTIONS, 0)
    assert verdicts.open_questions() == [0, 1, 2]
    truth = truth_at(verdicts.session, verdicts.session.scenario.predictions[0].answer, 10)
    do(verdicts.session, Predict(0, truth))
    do(verdicts.session, Predict(1, 101.0))
    do(verdicts.session, Predict(2, 5.0))
    assert verdicts.open_questions() == []
    assert verdicts.score == (0, 0)
    verdicts.session.go_to(20)
    for kind, number in verdicts.due():
        verdicts.tell(kind, number)
    # 20 steps of 6, 6, 6, 2 are 100 samples, and 101 is near enough
    assert verdicts.answers == {0: truth, 1: 100.0}
    assert [verdicts.right(number) for number in range(3)] == [True, True, None]
    assert verdicts.score == (2, 2)
    assert verdicts.lines()[1] == "How many? wide.samples_seen is 100.0; you were right with 101.0."
    assert verdicts.lines()[2] == "When? You said 5.000; it is told at step 30."
    verdicts.session.go_to(30)
    verdicts.tell("prediction", 2)
    assert verdicts.right(2) is False
    assert verdicts.lines()[2].endswith("is nothing; you were wrong with 5.000.")
    assert verdicts.score == (2, 3)


@pytest.mark.parametrize(("guess", "right"), [(98.0, True), (102.0, True), (97.9, False), (102.1, False)])
def test_numbers_within_two_percent_are_right(bench, guess, right):
    verdicts = told(bench, QUESTIONS, 20)
    do(verdicts.session, Predict(1, guess))
    assert verdicts.right(1) is right


def test_the_lane_of_a_claim_that_was_closed_is_null(bench):
    session = bench(LESSON).session
    do(session, Close(1))
    assert truth_at(session, parse("deep.train_loss"), 5) is None
    assert truth_at(session, parse("deep.train_loss < 1"), 5) is False


@pytest.mark.parametrize(
    ("check", "choices"),
    [
        ("wide.train_loss < 1", {"yes": True, "no": False}),
        ("wide.train_loss < deep.train_loss", {"wide": True, "deep": False}),
        ("wide.train_loss < deep.test_loss", {"yes": True, "no": False}),
        ("wide.train_loss < 2 * deep.train_loss", {"yes": True, "no": False}),
    ],
)
def test_answers_to_a_comparison_are_words_to_choose_among(check, choices):
    assert choices_of(parse(check)) == choices


@pytest.mark.parametrize(("text", "value"), [("3", 3.0), ("1e-3", 0.001), ("-2.5", -2.5), ("4^6", 4096.0)])
def test_what_answers_a_quantity(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "maybe", "true", "[1]", "nan", "inf"])
def test_what_answers_nothing(text):
    with pytest.raises(ValueError, match="allowed: a number"):
        read_number(text)


def test_what_is_said():
    assert [said(value) for value in (True, False, None, 0.25)] == ["yes", "no", "nothing", "0.2500"]


def tell_all(verdicts):
    for kind, number in verdicts.due():
        verdicts.tell(kind, number)


def test_what_was_told_of_a_run_is_forgotten_when_the_run_changes(bench):
    verdicts = told(bench, claims(20), 40)
    session, before = verdicts.session, dict(verdicts.claims)
    assert len(before) == len(CHECKS)
    do(session, Branch(0))
    do(session, EditSettings([0], {"batch_size": 3}, "later than the claims"))
    assert verdicts.claims == before
    session.go_to(10)
    do(session, EditSettings([0], {"optimizer": {"learning_rate": 1e-9}}, "before the claims"))
    assert not any(
        check.lanes & {session.lane_runs[0].lane.id} and n in verdicts.claims for n, check in checks(session)
    )
    session.go_to(40)
    tell_all(verdicts)
    assert verdicts.claims == {n: bool(truth_at(session, check, 20)) for n, check in checks(session)}
    undo(session)
    tell_all(verdicts)
    session.go_to(40)
    tell_all(verdicts)
    assert verdicts.claims == before
    do(session, NewSeed())
    assert verdicts.claims == {}


def test_a_claim_about_a_closed_lane_is_not_told(bench):
    verdicts = told(bench, claims(20), 10)
    session = verdicts.session
    gone = session.lane_runs[1].lane.id
    do(session, Close(1))
    session.go_to(30)
    tell_all(verdicts)
    left = {n for n, check in checks(session) if gone not in check.lanes and check.lanes}
    assert verdicts.claims.keys() == left
    do(session, Reopen(0))
    assert {n for kind, n in verdicts.due()} == {n for n, _ in checks(session)} - left


def checks(session):
    return [(number, claim.check) for number, claim in enumerate(session.scenario.claims)]


def test_a_new_seed_asks_its_questions_anew(bench):
    verdicts = told(bench, QUESTIONS, 0)
    do(verdicts.session, Predict(0, True))
    do(verdicts.session, NewSeed())
    assert verdicts.open_questions() == [0, 1, 2]
    undo(verdicts.session)
    assert verdicts.session.guesses == {0: True}


def test_what_is_told_takes_bounded_work_between_two_looks(bench, monkeypatch):
    never = '[[claims]]\ntext = "."\nat = 40\ncheck = "not first_step(wide.train_loss < 0) > 0"\n'
    session = bench(LESSON + claims(40) + never).session
    session.go_to(60)
    verdicts = Verdicts(session)
    expected = told(bench, claims(40) + never, 60).claims
    monkeypatch.setattr("nncore.timeline._WORK_PER_SLICE", 1)
    made, train = [0], Trainer.run_slices

    def counted(self, steps):
        made[0] += steps
        return train(self, steps)

    monkeypatch.setattr(Trainer, "run_slices", counted)
    looks = 0
    for kind, number in verdicts.due():
        for _ in verdicts.telling(kind, number):
            looks += 1
            assert made[0] <= 3 * 16  # no lane is replayed from farther than the nearest checkpoint
            made[0] = 0
    assert looks > 40
    assert verdicts.claims == expected


def test_what_was_found_out_of_a_lane_that_changed_meanwhile_is_not_kept(bench):
    session = bench(LESSON + claims(10)).session
    session.go_to(20)
    verdicts = Verdicts(session)
    telling = verdicts.telling("claim", 0)
    next(telling)
    session.go_to(5)
    do(session, EditSettings([0], {"batch_size": 3}, "small"))
    assert list(telling) is not None
    assert 0 not in verdicts.claims
