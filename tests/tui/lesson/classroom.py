"""A small lesson, and lesson runs of it as learners hand them in."""

import json

from scenarios.file.loader import load
from tui.lesson.guide import Guide
from tui.lesson.recording import recorded
from tui.lesson.truths import Truths
from tui.session.actions import AnswerQuiz, EditSettings, Predict, do
from tui.session.session import Session

LANES = """
format = 1
name = "hill"
question = "Which one?"
text = "Look."
steps = 60
[data]
kind = "disc"
samples = 20
test_samples = 10
[defaults]
batch_size = 8
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "wide"
hidden = [5]
[[lanes]]
id = "deep"
hidden = [3, 2, 3]
[[predict]]
ask = "Is the wide one below 10?"
answer = "wide.train_loss < 10"
at = 20
"""


def pages(first, second):
    """A guide that asks at two steps, and a quiz."""
    return f"""
[[guide]]
title = "Commit yourself"
ask = "Is it below a million?"
at = {first}
why = true
choices = [
  {{ say = "yes", when = "wide.train_loss < 1e6" }},
  {{ say = "no", when = "wide.train_loss >= 1e6" }},
]
[[guide]]
title = "Another"
ask = "And below 0?"
at = {second}
choices = [
  {{ say = "yes", when = "wide.train_loss < 0" }},
  {{ say = "no", when = "wide.train_loss >= 0" }},
]
[[guide]]
title = "Last"
say = "That was it."
[[quiz]]
ask = "At a tenth of the rate?"
at = 3
set = {{ lanes.wide.optimizer = {{ name = "sgd", learning_rate = 0.01 }} }}
choices = [
  {{ say = "above 0", when = "wide.train_loss > 0" }},
  {{ say = "below", when = "wide.train_loss <= 0" }},
]
"""


LESSON = LANES + pages(30, 40)


def begun(path, learner="ana"):
    """A session on a scenario's file, with a learner's name."""
    session = Session.begin(load(str(path), learner=learner))
    session.learner = learner
    return session


def worked(session, predicted=True, first=0, second=1, reason=""):
    """Go through the lesson as it is meant to be; what the learner answers is right unless told otherwise."""
    guide = Guide(session, Truths(session))
    guide.opened()
    do(session, Predict(0, predicted))
    guide.answer(choice=first)
    if reason:
        guide.explain(0, reason)
    guide.forward()
    guide.answer(choice=second)
    guide.forward()
    session.go_to(45)
    do(session, AnswerQuiz(0, choice=0))
    return session


def late(session):
    """Answer the prediction once its step was seen."""
    session.go_to(25)
    session.go_to(0)
    do(session, Predict(0, True))
    return session


def changed_later(session):
    """Answer wrongly, see that, and change the lane until it is right."""
    guide = Guide(session, Truths(session))
    guide.opened()
    do(session, Predict(0, False))
    guide.switch()
    session.go_to(20)
    session.go_to(0)
    do(session, EditSettings((0,), {"optimizer": {"learning_rate": 1e6}}, "wild"))
    session.go_to(25)
    return session


def hand_in(folder, name, session, **changes):
    """Write a lesson run, some of its keys with other values and no hash mended."""
    table = json.loads(recorded(session)) | changes
    path = folder / f"{name}.json"
    path.write_text(json.dumps(table, indent=1))
    return path
