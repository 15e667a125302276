"""The quiz: on variations that are trained when they are asked about, before the lesson and after it apart."""

import csv
from io import StringIO

import pytest

from nncore.slices import finished
from scenarios.file.loader import parse
from tests.journal import bare
from tests.tui.simulator.fakes import FakeScreen, carry_out
from tui.exports.quiz import COLUMNS, quiz_csv
from tui.lesson.guide_page import after_the_last
from tui.lesson.recording import read, recorded, repeat
from tui.lesson.variation_quiz import Quiz
from tui.session.actions import AnswerQuiz, EditSettings, do
from tui.session.session import Session
from tui.simulator.tasks.quiz import _training, take

SCENARIO = """
format = 1
name = "asked"
steps = 20
[[lanes]]
id = "f"
optimizer = { name = "sgd", learning_rate = 0.5 }
function = { expression = "0.5*x**2", start = { x = 1 } }
[[quiz]]
ask = "Which way at three times the rate?"
at = 4
set = { lanes.f.optimizer.learning_rate = 1.5 }
choices = [
  { say = "down, one side", when = "f.train_loss < 0.001", reply = "Look at the sign." },
  { say = "down, from side to side", when = "f.train_loss >= 0.001", reply = "Its loss is {f.train_loss}." },
]
[[quiz]]
ask = "What is the loss after one step at a rate of 1?"
at = 1
set = { lanes.f.optimizer.learning_rate = 1.0 }
answer = "f.train_loss + 1"
reply = "One step is enough."
"""


@pytest.fixture
def session(tmp_path):
    (tmp_path / "asked.toml").write_text(SCENARIO)
    return Session.begin(parse(SCENARIO.encode(), str(tmp_path / "asked.toml"), tmp_path))


@pytest.fixture
def quiz(session):
    return Quiz(session)


def trained(quiz):
    for number in range(len(quiz.asked)):
        finished(quiz.training(number))
    return quiz


def test_nothing_is_known_before_a_variation_was_trained(quiz):
    quiz.answer(0, True, choice=1)
    assert not quiz.known(0)
    assert quiz.right(quiz.answers(True)[0]) is None
    assert quiz.marks(True) == {}


def test_an_answer_is_told_with_its_reply(quiz):
    trained(quiz)
    quiz.answer(0, True, choice=0)
    quiz.answer(0, False, choice=1)
    before, after = quiz.answers(True)[0], quiz.answers(False)[0]
    loss = quiz.run(0).lane_runs[0].timeline.state_at(4).theta[0] ** 2 / 2
    assert loss == 0.5**9
    assert quiz.told(before) == "Not so. Look at the sign."
    assert quiz.told(after) == "Right. Its loss is 0.001953."
    assert (quiz.marks(True), quiz.marks(False)) == ({0: False}, {0: True})


def test_numbers_and_skips(quiz):
    trained(quiz)
    quiz.answer(1, False, value=1.005)
    assert quiz.told(quiz.answers(False)[1]) == "You said 1.005, it is 1.000. Right. One step is enough."
    quiz.answer(1, False)
    assert quiz.told(quiz.answers(False)[1]) == "You skipped it."
    assert quiz.marks(False) == {}
    assert quiz.open(False) == [0]


def test_the_runs_are_the_learners_own_and_the_lessons_run_stays_as_it_is(quiz):
    trained(quiz)
    assert quiz.run(0).scenario.overrides == ("lanes.f.optimizer.learning_rate=1.5",)
    assert quiz.run(0).cursor.step == 4
    assert quiz.session.reached == 0


def test_a_table_of_it_keeps_before_and_after_apart(quiz):
    trained(quiz)
    quiz.answer(0, True, choice=0)
    quiz.answer(0, False, choice=1)
    quiz.answer(1, False)
    rows = list(csv.DictReader(StringIO(quiz_csv(quiz))))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["when"], row["question"], row["right"]) for row in rows] == [
        ("before", "1", "0"),
        ("after", "1", "1"),
        ("after", "2", ""),
    ]
    assert rows[0]["answer"] == "down, one side"
    assert rows[0]["truth"] == "down, from side to side"
    assert rows[2]["truth"] == "1.0"


def test_a_lesson_run_holds_the_answers(quiz):
    quiz.answer(0, True, choice=1)
    session, _ = repeat(read(recorded(quiz.session).encode(), "run.json"), "run.json")
    again = trained(Quiz(session))
    assert again.marks(True) == {0: True}
    assert again.untold() == []


# what Q does


class Screen(FakeScreen):
    def __init__(self, session, before):
        super().__init__(session)
        self.before_lesson = before
        self.panes.lesson, self.panes.kinds = None, ()


def test_the_questions_are_asked_one_after_the_other(session):
    screen = Screen(session, before=False)
    opened = carry_out(take(screen), 1, "on", 1.0, "on")
    assert [type(dialog).__name__ for dialog in opened] == ["Choose", "Told", "Type", "Told"]
    assert screen.said == ["quiz after the lesson 2 of 2 right; x, then q writes the answers to a file"]
    assert carry_out(take(screen)) == []  # nothing is open any more


def test_a_question_that_is_left_stays_open(session):
    screen = Screen(session, before=True)
    carry_out(take(screen), 0, "on", None)
    assert screen.quiz.open(True) == [1]
    assert screen.quiz.open(False) == [0, 1]
    assert bare(session.journal) == [AnswerQuiz(0, choice=0, before=True, at=(0, None))]


def test_a_variation_is_opened_and_the_lesson_is_kept(session):
    screen = Screen(session, before=False)
    quiz = screen.quiz
    carry_out(take(screen), 1, "open")
    assert screen.former == [(session, quiz)]
    assert screen.session.scenario.overrides == ("lanes.f.optimizer.learning_rate=1.5",)
    assert screen.session.cursor.step == 4


def test_what_is_done_in_an_opened_variation_changes_no_truth_of_the_quiz(session):
    screen = Screen(session, before=True)
    quiz = screen.quiz
    carry_out(take(screen), 1, "open")
    do(screen.session, EditSettings((0,), {"l2": 0.1}, "l2"))
    screen.session.go_to(9)
    assert quiz.marks(True) == {0: True}
    assert quiz.run(0).cursor.step == 4


def test_how_far_the_training_is_tells_nothing_of_one_question(session):
    quiz = Quiz(session)
    assert _training(quiz, (0, 1)) == "training for the quiz: 0%"
    finished(quiz.training(0))
    assert _training(quiz, (0, 1)) == "training for the quiz: 80%"


def test_the_last_page_says_what_comes_after_it(quiz):
    assert after_the_last(quiz, trains=False) == "pgdn or Q asks the quiz"
    assert after_the_last(quiz, trains=True) == "training · esc stops it"
    quiz.answer(0, False), quiz.answer(1, False)
    assert after_the_last(quiz, trains=False) == "done · o opens another lesson"


def test_a_scenario_without_a_quiz_says_so():
    screen = Screen(Session.begin(parse(SCENARIO.partition("[[quiz]]")[0].encode(), "a", None)), before=False)
    assert carry_out(take(screen)) == []
    assert screen.said == ["this scenario has no quiz"]
