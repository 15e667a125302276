"""The guide: it waits, looks at the session after each move, asks before it tells, and lives in the journal."""

import pytest

from nncore.slices import finished
from scenarios.guide import Target
from tests.journal import bare
from tui.lesson.guide import Guide
from tui.lesson.guide_page import page_of
from tui.lesson.truths import Truths
from tui.session.actions import AnswerStage, CountStart, EditSettings, Explain, Fill, Turn, do
from tui.session.cursor import Cursor
from tui.session.session import Session

LESSON = """
format = 1
name = "lesson"
steps = 60
[data]
kind = "disc"
samples = 20
test_samples = 10
[defaults]
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "wide"
hidden = [5]
[[lanes]]
id = "deep"
hidden = [3, 3]
[[guide]]
title = "Go on"
say = "Press n three times."
until = { step = 3 }
hint = "n makes a step"
[[guide]]
title = "Into the step"
say = "Press s."
until = { operation = "deep.delta 2" }
[[guide]]
title = "Commit yourself"
ask = "Which one?"
at = 20
why = true
choices = [
  { say = "wide", when = "wide.train_loss < deep.train_loss", reply = "It is {wide.train_loss}." },
  { say = "deep", when = "wide.train_loss >= deep.train_loss", reply = "So {deep.train_loss}." },
]
[[guide]]
title = "Run"
say = "space plays."
until = { step = 20 }
[[guide]]
title = "What came of it"
at = 20
holds = "wide.train_loss < 1e9"
say = "Below: {wide.train_loss}."
otherwise = "Above."
until = { selected = "deep.z2" }
[[guide]]
title = "Last"
say = "That was it."
"""


def step_by_step(session, guide):
    """Let the guide look at a session, what is due being measured; whether the open stage is done."""
    for check in guide.due():
        finished(guide.truths.telling(*check))
    guide.looks(0)
    return guide.done


def turn(guide):
    """To the next page; whether a stage opened."""
    opens = guide.forward()
    if opens:
        guide.opened()
    return opens


@pytest.fixture
def lesson(bench):
    session = bench(LESSON).session
    guide = Guide(session, Truths(session))
    guide.opened()
    return session, guide


def go(lesson, step):
    session, guide = lesson
    session.go_to(step)
    return step_by_step(session, guide)


def to_question(lesson):
    session, guide = lesson
    go(lesson, 3)
    turn(guide)
    for _ in range(30):
        session.into()
        if step_by_step(session, guide):
            assert turn(guide)
            assert guide.asking
            return
    raise AssertionError(guide.number)


def test_a_stage_waits_until_the_learner_has_done_it(lesson):
    _, guide = lesson
    assert page_of(guide).waits == "step 3 · n goes on"
    assert not go(lesson, 2)
    assert go(lesson, 3)
    assert (page_of(guide).title, page_of(guide).met, page_of(guide).waits) == ("Go on", True, "")
    go(lesson, 2)
    assert guide.done  # it was
    assert turn(guide)
    assert page_of(guide).title == "Into the step"
    assert page_of(guide).done == (True, False, False, False, False, False)


def test_a_page_that_is_done_holds_moves_up_where_a_question_follows(lesson):
    session, guide = lesson
    go(lesson, 3)
    assert not guide.held
    turn(guide)
    while not step_by_step(session, guide):
        session.into()
    here = session.cursor
    assert page_of(guide).title == "Into the step"
    assert guide.held.startswith("a question comes first")
    session.next_step()
    assert session.cursor == here
    session.out()
    session.into()
    assert session.cursor == here
    turn(guide)
    assert guide.held.startswith("first your answer")


def test_whoever_goes_another_way_has_done_it(lesson):
    session, guide = lesson
    go(lesson, 3)
    turn(guide)
    session.next_step()  # over the operation, which lies in the step
    assert step_by_step(session, guide)


def test_a_question_holds_every_move_up_until_it_is_answered(lesson):
    session, guide = lesson
    to_question(lesson)
    here = session.cursor
    assert guide.asking
    for move in (session.next_step, session.into, lambda: session.go_to(50), session.end_of_phase):
        move()
        assert session.cursor == here
    for _ in session.run(60, session.stop_search()):
        pass
    assert session.reached <= here.step + 1
    session.out()
    session.into()
    assert session.cursor == here
    guide.answer(choice=1)
    session.go_to(8)
    assert session.cursor == Cursor(8)


def test_what_came_of_an_answer_is_told_once_its_step_has_come(lesson):
    session, guide = lesson
    to_question(lesson)
    guide.answer(choice=0)
    guide.explain(2, "more units")
    assert page_of(guide).after == "step 20 tells · pgdn goes on"
    assert guide.forward()
    guide.opened()
    assert page_of(guide).title == "Run"
    assert session.bounds.pause == 20
    go(lesson, 19)
    assert page_of(guide).title == "Run"
    assert go(lesson, 20)
    step_by_step(session, guide)
    assert (page_of(guide).title, page_of(guide).tells) == ("Run", True)
    assert not turn(guide)  # the reply comes before the next stage
    page = page_of(guide)
    assert (page.title, page.chosen) == ("Told: Commit yourself", 0)
    right = guide.right(2)
    assert page.right == (0 if right else 1)
    assert page.say.startswith("Right. It is 0." if right else "Not so. It is 0.")
    assert guide.marked == {2: right}
    assert turn(guide)
    step_by_step(session, guide)
    assert page_of(guide).title == "What came of it"
    assert page_of(guide).say.startswith("Below: 0.")
    assert guide.reasons == {2: "more units"}


def test_answers_to_two_questions_about_one_step_are_told_one_after_the_other(bench):
    question = LESSON[LESSON.index('[[guide]]\ntitle = "Commit') : LESSON.index('[[guide]]\ntitle = "Run"')]
    session = bench(LESSON.replace(question, question + question.replace("Commit yourself", "Again"))).session
    guide = Guide(session, Truths(session))
    for _ in range(4):
        guide.forward()
    for choice in (0, 1):
        assert guide.asking
        guide.answer(choice=choice)
        assert (guide.held == "") == (choice == 1)  # the second question comes first
        guide.forward()
    guide.opened()
    session.go_to(20)
    told = []
    while not page_of(guide).title.startswith("What"):
        step_by_step(session, guide)
        told.append(page_of(guide).title)
        turn(guide)
    assert told[-2:] == ["Told: Commit yourself", "Told: Again"]


def test_whole_numbers_stand_in_words_without_a_point(bench):
    text = LESSON.replace(
        "Below: {wide.train_loss}.", "{first_step(wide.train_loss < 1e9)}, {wide.parameters}, {step}."
    )
    session = bench(text).session
    guide = Guide(session, Truths(session))
    for _ in range(8):
        guide.forward()
    guide.opened()
    session.go_to(20)
    step_by_step(session, guide)
    assert page_of(guide).say == "0, 21, 20."


def test_an_answer_after_its_step_was_seen_is_late_and_not_scored(lesson):
    session, guide = lesson
    go(lesson, 30)
    turn(guide)
    turn(guide), turn(guide)
    assert guide.asking
    assert session.bounds.limit is None
    guide.answer(choice=0)
    step_by_step(session, guide)
    assert "not scored" in page_of(guide).say
    assert guide.right(2) is None


def test_passing_an_unfinished_stage_shows_its_hint_first_and_skips_a_question(lesson):
    session, guide = lesson
    assert not guide.forward()
    assert page_of(guide).hint.startswith("n makes a step")
    assert guide.forward()
    assert guide.number == 1
    guide.forward(), guide.forward()
    assert guide.asking
    guide.forward(), guide.forward()
    assert guide.number == 3
    assert bare([guide.answers[2]]) == [AnswerStage(2, at=session.journal[-2].at)]
    assert guide.marked == {}
    assert guide.back()
    assert page_of(guide).say == "You skipped it."


def test_a_stage_that_waits_for_a_look(lesson):
    session, guide = lesson
    for _ in range(8):
        guide.forward()
    guide.opened()
    go(lesson, 20)
    assert page_of(guide).title == "What came of it"
    guide.sees("selected", Target("z", "wide", 1, (0,)))
    assert not step_by_step(session, guide)
    guide.sees("selected", Target("z", "deep", 2, (1,)))
    guide.sees("selected", Target("z", "deep", 2, (1,)))
    assert step_by_step(session, guide)
    assert turn(guide)
    assert guide.finished
    assert not guide.forward()


def test_where_the_guide_is_off_nothing_is_held_up(lesson):
    session, guide = lesson
    to_question(lesson)
    guide.switch()
    assert page_of(guide) is None
    session.go_to(40)
    assert session.cursor.step == 40
    guide.switch()
    assert guide.asking


def test_all_of_it_is_in_the_journal(lesson):
    session, guide = lesson
    to_question(lesson)
    guide.answer(choice=1)
    guide.explain(2, "folds")
    session.go_to(9)
    opened = Session(session.saved())
    other = Guide(opened, Truths(opened))
    assert (other.number, other.answers, other.reasons) == (guide.number, guide.answers, guide.reasons)


@pytest.mark.parametrize("action", [Turn(9), AnswerStage(0, 1), AnswerStage(2, 5), Explain(9, "why")])
def test_what_the_guide_lacks_is_refused(lesson, action):
    session, _ = lesson
    with pytest.raises(ValueError, match="stage"):
        do(session, action)


def test_waits_for_edits_and_fill_ins(bench):
    text = LESSON.replace("until = { step = 3 }", 'until = { did = "edit", set = "optimizer.learning_rate" }').replace(
        'until = { operation = "deep.delta 2" }', 'until = { filled = "deep.delta 1" }'
    )
    session = bench(text).session
    guide = Guide(session, Truths(session))
    guide.opened()
    do(session, EditSettings((0,), {"l2": 0.1}, "l2"))
    assert not step_by_step(session, guide)
    do(session, EditSettings((0,), {"optimizer": {"learning_rate": 0.2}}, "rate"))
    assert step_by_step(session, guide)
    turn(guide)
    do(session, Fill(0, "delta 1", 1, 0, 0))
    assert not step_by_step(session, guide)
    do(session, Fill(1, "delta 1", 1, 0, 0))
    assert step_by_step(session, guide)


def test_waits_for_so_many_starts_that_are_counted(bench):
    text = LESSON.replace('until = { operation = "deep.delta 2" }', 'until = { ran = "starts", count = 2 }')
    session = bench(text).session
    guide = Guide(session, Truths(session))
    guide.opened()
    do(session, CountStart(0, (1.0, 1.0)))
    session.go_to(3)
    assert step_by_step(session, guide)
    turn(guide)
    assert page_of(guide).waits == "2 starts · T"
    do(session, CountStart(1, (1.0, 1.0)))
    do(session, CountStart(1, (1.0, 1.0)))
    assert not step_by_step(session, guide)
    do(session, CountStart(2, (1.0, 1.0)))
    assert step_by_step(session, guide)


def test_a_check_is_waited_for_and_stops_the_run(bench):
    text = LESSON.replace("until = { step = 3 }", 'until = { check = "wide.samples_seen >= 100" }')
    session = bench(text).session
    guide = Guide(session, Truths(session))
    guide.opened()
    for _ in session.run(60, session.stop_search()):
        pass
    assert session.cursor.step == 5
    assert step_by_step(session, guide)
