"""Whether a guide can be walked, gives nothing away, and asks what has one right answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.file.loader import LIBRARY, library_files, load, parse
from scenarios.runs.claims import values_at, verify
from scenarios.runs.guide_check import GuideCheck, faults, steps_of
from scenarios.scenario import Scenario

BASE = """
format = 1
name = "falling"
steps = 20
[[lanes]]
id = "f"
optimizer = { name = "sgd", learning_rate = 0.5 }
function = { expression = "0.5*x**2", start = { x = 1 } }
[[lanes]]
id = "g"
optimizer = { name = "sgd", learning_rate = 0.1 }
function = { expression = "0.5*x**2", start = { x = 1 } }
[[claims]]
text = "f comes down."
at = 4
check = "f.train_loss < 0.1"
"""

ASK = """
[[guide]]
title = "Ask"
ask = "Which is lower at step 10?"
at = 10
choices = [
  { say = "f's", when = "f.train_loss < g.train_loss" },
  { say = "g's", when = "g.train_loss < f.train_loss" },
]
"""


def say(title: str, *keys: str) -> str:
    return "\n".join(["[[guide]]", f'title = "{title}"', 'say = "Look."', *keys, ""])


def lesson(*parts: str) -> Scenario:
    return parse((BASE + "".join(parts)).encode(), "falling.toml", Path())


def told(*parts: str) -> list[str]:
    return [f"{fault.part} {fault.says}" for fault in faults(lesson(*parts))]


def test_a_guide_that_asks_before_it_tells_has_no_faults() -> None:
    told_at_10 = say("Tell", "at = 10", 'holds = "f.train_loss < g.train_loss"', 'otherwise = "Not so."')
    before = say("Before", "at = 5", "until = { step = 6 }").replace("Look.", "It is {f.train_loss}.")
    assert (
        told(say("Go", "until = { step = 3 }"), before, ASK, told_at_10, say("Many", 'until = { ran = "seeds" }')) == []
    )
    assert told() == []


@pytest.mark.parametrize(
    ("before", "says"),
    [
        (
            say("Tell", "at = 12").replace("Look.", "It is {f.train_loss}."),
            'guide[1] asks about f.train_loss, which guide[0] "Tell" tells at step 12',
        ),
        (
            say("Hold", "at = 10", 'holds = "g.train_loss < 1"', 'otherwise = "Not so."'),
            'guide[1] asks about g.train_loss, which guide[0] "Hold" tells at step 10',
        ),
        (
            say("Hold", "at = 10", 'holds = "first_step(g.train_loss < 0.2) < 9"', 'otherwise = "Not so."'),
            'guide[1] asks about g.train_loss, which guide[0] "Hold" tells at step 10',
        ),
        (
            say("Run", "until = { step = 10 }"),
            "guide[1] asks about step 10, and the run has come to step 10 by then",
        ),
        (
            say("Run", 'until = { check = "g.train_loss < 0.05" }'),
            "guide[1] asks about step 10, and the run has come to step 11 by then",
        ),
        (
            say("Go", "go = 9", 'until = { operation = "update 1" }'),
            "guide[1] asks about step 10, and the run has come to step 10 by then",
        ),
        (
            say("Many", 'until = { ran = "seeds" }'),
            'guide[1] asks about step 10, which the many seeds of guide[0] "Many" show',
        ),
    ],
)
def test_what_tells_the_answer_before_it_is_asked_is_found(before: str, says: str) -> None:
    assert says in told(before, ASK)


def test_a_claim_that_is_told_before_the_question_is_found() -> None:
    ask = ASK.replace("at = 10", "at = 3")
    found = told(say("Run", "until = { step = 4 }"), ask)
    assert 'guide[1] asks about f.train_loss, which the claim "f comes down." tells at step 4' in found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            ASK.replace("g.train_loss < f.train_loss", "g.train_loss > f.train_loss"),
            "guide[0] at step 10 choices[0] and choices[1] of 2 choices is right; allowed: exactly one",
        ),
        (
            ASK.replace("f.train_loss < g.train_loss", "f.train_loss < 0"),
            "guide[0] at step 10 none of 2 choices is right; allowed: exactly one",
        ),
        (
            '[[guide]]\ntitle = "N"\nask = "Is it 0.125 at 1?"\nat = 1\nanswer = "f.train_loss"\n',
            "guide[0] says its answer: 0.125",
        ),
        (
            '[[guide]]\ntitle = "N"\nask = "When?"\nat = 1\nanswer = "f.diverged_at"\n',
            "guide[0] f.diverged_at has no value at step 1",
        ),
        (ASK.replace("at = 10", "at = 21"), "guide[0] is about step 21, and the run pauses at step 20"),
        (
            say("Run", "until = { step = 9 }") + say("Back", "at = 3"),
            "guide[1] is about step 3, and the run stands at step 9 by then",
        ),
        (say("Far", "until = { step = 21 }"), "guide[0] is about step 21, and the run pauses at step 20"),
        (
            say("Never", 'until = { check = "f.train_loss < 0" }'),
            "guide[0] waits for f.train_loss < 0, which never holds up to step 20",
        ),
        (
            '[[quiz]]\nask = "How much?"\nat = 1\nanswer = "f.train_loss"\n',
            "quiz[0] is about the scenario as it is, not about a variation",
        ),
        (
            '[[quiz]]\nask = "When?"\nat = 21\nset = { lanes.f.l2 = 0.1 }\nanswer = "f.train_loss"\n',
            "quiz[0] is about step 21, and the run pauses at step 20",
        ),
    ],
)
def test_what_cannot_be_answered_or_waited_for_is_found(text: str, says: str) -> None:
    assert says in told(text)


def test_a_stage_may_go_back_to_tell_of_an_earlier_step() -> None:
    assert told(say("Run", "until = { step = 9 }"), say("Back", "go = 2", "at = 3")) == []


def test_a_run_that_the_learner_changes_is_not_judged_by_the_files_own() -> None:
    edit = say("Edit", 'until = { did = "edit", set = "optimizer.learning_rate" }')
    wrong = ASK.replace("f.train_loss < g.train_loss", "f.train_loss < 0")
    assert told(edit, wrong, say("Never", 'until = { check = "f.train_loss < 0" }')) == []


def test_the_steps_are_those_that_are_made() -> None:
    made: list[int] = []
    scenario = lesson(
        ASK,
        '[[quiz]]\nask = "How?"\nat = 7\nset = { lanes.f.optimizer.learning_rate = 0.2 }\nanswer = "f.train_loss"\n',
    )
    assert faults(scenario, made.append) == []
    assert sum(made) == steps_of(scenario) == 17


def test_values_at_steps_are_those_of_claims() -> None:
    scenario = lesson()
    (claim,) = scenario.claims
    (result,) = verify(scenario)
    assert values_at(scenario, [(claim.check, claim.at)]) == [result.passed]


GUIDED = [
    *(file.stem for file in library_files() if "[[guide]]" in file.read_text(encoding="utf-8")),
    str(LIBRARY.parent / "template.toml"),
]


WORK = 4e11
"""Multiply-adds of a lesson's guide that the suite spends; `gradstep verify --all` looks at the others too."""


@pytest.mark.parametrize("name", [name for name in GUIDED if GuideCheck(load(name)).work < WORK])
def test_no_lesson_of_the_library_has_faults(name: str) -> None:
    assert faults(load(name)) == []
