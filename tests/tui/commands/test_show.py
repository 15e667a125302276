"""What `gradstep show` tells of a lesson: all its stages and questions, and none of its answers."""

from __future__ import annotations

import json
from argparse import Namespace

import pytest

from scenarios.file.loader import LIBRARY, load
from tui.commands.library import show

TEMPLATE = str(LIBRARY.parent / "template.toml")


def shown(capsys: pytest.CaptureFixture[str], **options: bool) -> str:
    assert show(Namespace(**{"scenario": TEMPLATE, "json": False, **options})) == 0
    return capsys.readouterr().out


def test_guide_and_quiz_are_printed_in_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys)
    guide = out.partition("\nGuide\n")[2]
    for part in (
        "1 Two networks, one wave\n    Each curve is what",
        "waits for step 3 · n goes on",
        "asks, about step 500: Both go on to step 500.",
        "a) wide's: 24 units side by side",
        "4 What came of it\n    (what came of it at step 500)",
        "Quiz, on other numbers: the app asks it, before the lesson or after it",
        "1 lanes.wide.hidden=[8]",
        "b) deep's",
    ):
        assert part in guide
    assert not any(line != line.rstrip() for line in guide.splitlines())


def test_json_has_them_too(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(shown(capsys, json=True))
    assert [stage["title"] for stage in found["guide"]] == [stage.title for stage in load(TEMPLATE).guide]
    assert found["guide"][0]["until"] == "step 3 · n goes on"
    assert found["guide"][0]["point"] == ["function"]
    assert found["guide"][1]["question"]["choices"][0] == "wide's: 24 units side by side"
    assert found["quiz"][0]["set"] == ["lanes.wide.hidden=[8]"]
    assert found["quiz"][0]["choices"] == ["wide's", "deep's"]
    assert found["claims"][-1]["text"] == "What came of it: deep.test_loss < wide.test_loss"


@pytest.mark.parametrize("as_json", [False, True])
def test_no_answer_is_given_away(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    scenario, out = load(TEMPLATE), shown(capsys, json=as_json)
    told = out.partition('"guide"' if as_json else "\nGuide\n")[2]
    questions = [stage.question for stage in scenario.guide if stage.question]
    for question in (*questions, *(asked.question for asked in scenario.quiz)):
        for choice in question.choices:
            assert choice.when.text not in told
            assert str(choice.reply.parts[0])[:20] not in told
    (came,) = (stage for stage in scenario.guide if stage.holds)
    assert all(str(text.parts[0])[:12] not in told for text in (came.say, came.otherwise))
