"""`gradstep replay` tells what a lesson run holds besides the run: the guide, what was filled in, the quiz."""

import json

import pytest

from scenarios.file.loader import load
from tests.tui.conftest import LANES
from tests.tui.lesson.classroom import pages
from tui.cli import main
from tui.lesson.guide import Guide
from tui.lesson.recording import recorded
from tui.lesson.truths import Truths
from tui.session.actions import AnswerQuiz, Fill, do
from tui.session.session import Session

GUIDED = LANES + pages(3, 3)


@pytest.fixture
def lesson_run(tmp_path):
    scenario = tmp_path / "guided.toml"
    scenario.write_text(GUIDED)
    session = Session.begin(load(str(scenario)))
    guide = Guide(session, Truths(session))
    guide.opened()
    guide.answer(choice=0)
    guide.explain(0, "it is small")
    assert guide.forward()
    guide.forward(), guide.forward()  # the hint, then the question is skipped
    do(session, Fill(0, "a 1", 3, 1, 0))
    do(session, AnswerQuiz(0, choice=1, before=True))
    session.go_to(3)
    path = tmp_path / "run.json"
    path.write_text(recorded(session))
    return path


def test_all_that_was_answered_is_told(lesson_run, capsys):
    assert main(["replay", str(lesson_run), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["guide"]["stage"], told["guide"]["of"]) == (3, 3)
    first, second = told["guide"]["answers"]
    assert (first["answer"], first["right"], first["late"], first["reason"]) == ("yes", True, False, "it is small")
    assert (second["answer"], second["right"]) == (None, None)
    assert told["filled"] == [{"lane": 0, "operation": "a 1", "right": 3, "hinted": 1, "shown": 0}]
    (quiz,) = told["quiz"]
    assert (quiz["question"], quiz["before"], quiz["answer"], quiz["right"]) == (1, True, "below", False)


def test_the_same_in_words(lesson_run, capsys):
    assert main(["replay", str(lesson_run)]) == 0
    words = " ".join(capsys.readouterr().out.split())
    for part in (
        "guide: stage 3 of 3",
        "Is it below a million? answered yes (it is small): right",
        "And below 0? skipped: not scored",
        "filled in: a 1 of lane 1, 3 right at once, 1 after a hint, 0 shown",
        "quiz 1 before the lesson: At a tenth of the rate? answered below: wrong",
    ):
        assert part in words
