"""A repeated lesson run has done as many stages of the guide as the app counted when it was made."""

import msgspec
import pytest

from nncore.slices import finished
from tests.tui.lesson.classroom import LANES, begun
from tui.lesson.grading import Filed, Job, grade_job
from tui.lesson.guide import Guide
from tui.lesson.recording import read, recorded
from tui.lesson.truths import Truths
from tui.session.actions import NewSeed, do

PAGES = """
[[guide]]
title = "First"
say = "Look."
[[guide]]
title = "Last"
say = "Do it."
"""


class Learner:
    """Somebody at the app: after each move the guide is told what it waits for, and looks."""

    def __init__(self, path):
        self.session = begun(path)
        self.guide = Guide(self.session, Truths(self.session))
        self.guide.opened()
        self.most = 0

    def looks(self):
        for check in self.guide.due():
            finished(self.guide.truths.telling(*check))
        self.guide.looks(0)
        self.most = max(self.most, self.guide.stages_done)

    def goes(self, *steps):
        for step in steps:
            self.session.go_to(step)
            self.looks()

    def turns(self):
        """To the last page, and where it takes the cursor."""
        self.guide.forward()
        if self.guide.place is not None:
            self.session.go_to(self.guide.place.step)
        self.guide.opened()
        self.looks()


def walks_back(learner):
    learner.turns()
    learner.goes(30, 5)


def walks_on(learner):
    """Step by step, as one who plays is halted where the check holds, and beyond."""
    learner.turns()
    learner.goes(*range(1, 40))


def starts_anew(learner):
    learner.turns()
    learner.goes(30)
    do(learner.session, NewSeed())
    learner.looks()


def steps_through(learner):
    learner.goes(20)
    learner.turns()
    for _ in range(26):
        learner.session.into()
        learner.looks()


def stays(learner):
    learner.turns()
    learner.goes(10)


CASES = [
    ("until = { step = 25 }", walks_back, 2),
    ("until = { step = 25 }", starts_anew, 2),
    ("until = { step = 25 }", stays, 1),
    ("at = 25", walks_back, 2),
    ("at = 25", stays, 1),
    ('until = { check = "wide.learning_rate < 10" }', stays, 2),
    ('until = { check = "step == 30" }', walks_on, 2),
    ('until = { check = "step == 30" }', stays, 1),
    ('until = { check = "step == 30" }', walks_back, 2),
    ('go = 3\nuntil = { operation = "wide.delta 1" }', steps_through, 2),
]


@pytest.mark.parametrize(("waits", "play", "done"), CASES)
def test_the_last_stage_is_done_where_the_app_said_so(tmp_path, waits, play, done):
    path = tmp_path / "hill.toml"
    path.write_text(f"{LANES}{PAGES}{waits}\n")
    learner = Learner(path)
    play(learner)
    assert learner.most == done
    run = read(recorded(learner.session).encode(), "ana.json")
    (graded,) = grade_job(Job(str(path), (), "", 0, (Filed("ana.json", run),)))
    assert graded.error == ""
    assert graded.stages == (done, 2)


def test_a_place_that_no_run_has_is_not_gone_to(tmp_path):
    path = tmp_path / "hill.toml"
    path.write_text(f'{LANES}{PAGES}until = {{ check = "wide.train_loss < 0" }}\n')
    learner = Learner(path)
    stays(learner)
    run = msgspec.structs.replace(read(recorded(learner.session).encode(), "ana.json"), seen=(10**9, 10**6))
    (graded,) = grade_job(Job(str(path), (), "", 0, (Filed("ana.json", run),)))
    assert (graded.error, graded.stages) == ("", (1, 2))
