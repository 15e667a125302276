"""`[[guide]]` and `[[quiz]]`: what is read."""

from pathlib import Path

import pytest

from scenarios.errors import ScenarioError
from scenarios.file.loader import parse
from scenarios.guide import (
    CheckHolds,
    Did,
    Filled,
    GuidePlace,
    LookedAt,
    NamedOperation,
    OperationReached,
    PaneOpened,
    Ran,
    StepReached,
    Target,
)

BASE = """
format = 1
name = "small"
steps = 100
[data]
kind = "disc"
samples = 16
test_samples = 16
[[lanes]]
id = "wide"
hidden = [4]
[[lanes]]
id = "deep"
hidden = [3, 3]
"""
CHOICES = """choices = [
  { say = "the wide one", when = "wide.test_loss < deep.test_loss", reply = "It had {wide.test_loss}." },
  { say = "the deep one", when = "deep.test_loss <= wide.test_loss" },
]"""


def read(text, base=BASE, changes=()):
    return parse((base + text).encode(), "my.toml", Path(), changes)


def stage(body, base=BASE):
    return read(f'[[guide]]\ntitle = "One"\n{body}\n', base).guide[0]


def test_a_stage_is_read_whole():
    found = stage("""say = "Deep has {deep.test_loss} here."
otherwise = "Not so."
at = 50
holds = "deep.test_loss < wide.test_loss"
seeds = 8
share = 0.5
panes = ["function", "loss", "function"]
point = ["function", "timeline", "deep.W2[1,2]", "b1", "output"]
go = { step = 3, operation = "deep.delta 1" }
until = { inspected = "deep.W2[1,2]" }
hint = "press\\ni"
""")
    assert found.title == "One"
    assert [str(getattr(part, "text", part)) for part in found.say.parts] == ["Deep has ", "deep.test_loss", " here."]
    assert found.otherwise.parts == ("Not so.",)
    assert (found.at, found.holds.text, found.seeds, found.share) == (50, "deep.test_loss < wide.test_loss", 8, 0.5)
    assert found.panes == ("function", "loss")
    assert list(map(str, found.point)) == ["function", "timeline", "deep.W2[1,2]", "b1", "output"]
    assert found.go == GuidePlace(3, NamedOperation("delta", 1, "deep"))
    assert found.until == LookedAt("inspected", Target("W", "deep", 2, (1, 2)))
    assert found.hint == "press i"


@pytest.mark.parametrize(
    ("until", "meant"),
    [
        ("step = 3", StepReached(3)),
        ('operation = "update 1"', OperationReached(NamedOperation("update", 1))),
        ('operation = "loss"', OperationReached(NamedOperation("loss"))),
        ('did = "branch", set = "optimizer.learning_rate"', Did("branch", "optimizer.learning_rate")),
        ('did = "undo"', Did("undo")),
        ('selected = "deep.z2"', LookedAt("selected", Target("z", "deep", 2))),
        ('selected = "z1[3]"', LookedAt("selected", Target("z", None, 1, (3,)))),
        ('pane = "landscape"', PaneOpened("landscape")),
        ('filled = "deep.dW 3"', Filled(NamedOperation("dW", 3, "deep"))),
        ('ran = "seeds"', Ran("seeds")),
        ('ran = "starts", count = 10', Ran("starts", 10)),
    ],
)
def test_what_a_stage_waits_for(until, meant):
    assert stage(f'say = "Go."\nuntil = {{ {until} }}').until == meant


def test_a_stage_may_wait_for_a_comparison():
    until = stage('say = "Go."\nuntil = { check = "all.train_loss < 0.5" }').until
    assert isinstance(until, CheckHolds)
    assert set(until.check.lanes) == {"wide", "deep"}


def test_questions_are_read_with_choices_or_a_number():
    asked = stage(f'ask = "Which?"\nat = 50\nwhy = true\n{CHOICES}')
    assert asked.why
    assert [choice.say for choice in asked.question.choices] == ["the wide one", "the deep one"]
    assert asked.question.choices[0].reply.expressions[0].text == "wide.test_loss"
    number = stage('ask = "How much?"\nat = 5\nanswer = "deep.test_loss"\nfactor = 2\nreply = "So."').question
    assert (number.at, number.answer.text, number.factor, number.reply.parts) == (5, "deep.test_loss", 2, ("So.",))
    assert number.accepts(0.6, 1.0)
    assert not number.accepts(0.4, 1.0)


def test_a_quiz_is_about_a_variation_of_the_scenario():
    scenario = read(f"""[[quiz]]
seed = 7
ask = "Which?"
at = 50
set = {{ data.noise = 0.2, lanes.deep.hidden = [2], defaults.init = "xavier", lanes.deep.schedule.name = "cosine" }}
{CHOICES}
""")
    (question,) = scenario.quiz
    varied = question.variation
    assert (varied.seed, varied.guide, varied.quiz, varied.claims) == (7, (), (), ())
    assert varied.table["data"]["noise"] == 0.2
    assert varied.lanes[1].model.network.sizes == (2, 2, 1)
    assert varied.table["lanes"][0]["init"] == "xavier"
    assert varied.table["lanes"][1]["schedule"] == {"name": "cosine"}
    assert read("", BASE).seed == 0
    again = parse(BASE.encode(), "my.toml", Path(), varied.overrides)
    assert again.table["lanes"] == varied.table["lanes"]


def test_what_a_stage_says_of_its_run_is_a_claim():
    text = '[[guide]]\ntitle = "One"\nat = 50\nholds = "wide.train_loss < 1"\nsay = "So."\notherwise = "Not so."\n'
    (claim,) = read(text).verified
    assert (claim.text, claim.check.text, claim.at, claim.seeds, claim.share) == (
        "One: wide.train_loss < 1",
        "wide.train_loss < 1",
        50,
        32,
        0.9,
    )


LESSON = f"""
[[guide]]
title = "One"
say = "Go."
point = ["deep.W3"]
[[guide]]
title = "Two"
say = "Go on."
[[quiz]]
ask = "How much?"
at = 1
set = {{ lanes.deep.freeze = [3] }}
answer = "deep.train_loss"
[[quiz]]
ask = "Which?"
at = 1
{CHOICES}
"""


def test_what_has_no_place_in_a_changed_scenario_is_left_out():
    changed = read(LESSON, changes=["lanes.deep.hidden=[3]"])
    assert [stage.title for stage in changed.guide] == ["Two"]
    assert [question.question.ask for question in changed.quiz] == ["Which?"]
    assert [stage["title"] for stage in changed.table["guide"]] == ["Two"]
    assert len(changed.table["quiz"]) == 1


@pytest.mark.parametrize(
    ("text", "change", "message"),
    [
        (LESSON.replace("deep.W3", "deep.W4"), "lanes.deep.hidden=[3]", 'guide[0].point[0]: found "deep.W4"'),
        (LESSON, "lanes.deep.hidden=[0]", "--set lanes.deep.hidden=[0]"),
        (LESSON, 'quiz=[{ ask = "Why?" }]', "quiz[0].at: is missing"),
    ],
)
def test_what_is_wrong_of_itself_is_refused_though_other_things_are_changed(text, change, message):
    with pytest.raises(ScenarioError) as error:
        read(text, changes=[change])
    assert message in str(error.value)
