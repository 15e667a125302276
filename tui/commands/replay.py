"""`gradstep replay`: repeats a recorded lesson run without a screen, so that homework can be checked."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from nncore.slices import finished
from scenarios.errors import ScenarioError
from scenarios.export.provenance import provenance
from scenarios.regular_file import read_regular
from tui.commands.output import console, grid, print_json, shown
from tui.lesson.guide import Guide
from tui.lesson.recording import MAX_BYTES, read, repeat
from tui.lesson.truths import Truths
from tui.lesson.variation_quiz import Quiz
from tui.lesson.verdicts import Verdicts, said
from tui.session.actions import Fill
from tui.session.lane_run import LaneRun, quick_quantities
from tui.session.session import Session


def replay(options: Namespace) -> int:
    """Repeat a lesson run and print where it ends; raises ScenarioError for what is no lesson run."""
    try:
        content = read_regular(Path(options.file), MAX_BYTES)
    except OSError as error:
        raise ScenarioError(options.file, "", f"cannot read it: {error.strerror}") from None
    session, verdicts = repeat(read(content, options.file), options.file)
    report = _report(session, verdicts)
    if options.json:
        print_json(report)
    else:
        _print(report)
    return 0


def _report(session: Session, verdicts: Verdicts) -> dict[str, Any]:
    right, asked = verdicts.score
    questions = enumerate(session.scenario.predictions)
    return {
        "scenario": session.scenario.name,
        "seed": session.seed,
        "step": session.cursor.step,
        "lanes": {lane_run.lane.id: _lane(lane_run, session.cursor.step) for lane_run in session.lane_runs},
        "predictions": [
            {
                "ask": question.ask,
                "answer": verdicts.guesses.get(place),
                "truth": verdicts.answers.get(place),
                "right": verdicts.right(place),
            }
            for place, question in questions
        ]
        + [{"ask": one.ask, "answer": one.answer, "truth": one.truth, "right": one.right} for one in session.answered],
        "score": {"right": right, "of": asked},
        "guide": _guide(session),
        "filled": [
            {"lane": action.lane, "operation": action.operation, **_counts(action)}
            for action in session.journal
            if isinstance(action, Fill)
        ],
        "quiz": _quiz(session),
        **provenance(session.scenario),
    }


def _counts(fill: Fill) -> dict[str, int]:
    return {"right": fill.right, "hinted": fill.hinted, "shown": fill.shown}


def _guide(session: Session) -> dict[str, Any] | None:
    """The stage that was come to, and the answers on the way; None where there is no guide."""
    guide = Guide(session, Truths(session))
    if not guide.stages:
        return None
    finished(guide.measuring())
    answers = [
        {
            "stage": number + 1,
            "ask": question.ask,
            "answer": guide.said(number),
            "right": guide.right(number),
            "late": guide.answers[number].late,
            "reason": guide.reasons.get(number, ""),
        }
        for number in sorted(guide.answers)
        if (question := guide.stages[number].question) is not None
    ]
    return {"stage": guide.number + 1, "of": len(guide.stages), "answers": answers}


def _quiz(session: Session) -> list[dict[str, Any]]:
    """The answers to the quiz, whose variations are trained for it."""
    quiz = Quiz(session)
    for number in quiz.untold():
        finished(quiz.training(number))
    return [
        {"question": one.number + 1, "before": one.before, "ask": one.ask, "answer": one.answer, "right": one.right}
        for one in quiz.marked()
    ]


def _lane(lane_run: LaneRun, step: int) -> dict[str, Any]:
    edits = [edit.at for edit in lane_run.lane.edits]
    return {"label": lane_run.lane.label, "edits": edits, **quick_quantities(lane_run, step)}


def _print(report: dict[str, Any]) -> None:
    out = console()
    out.print(f"{report['scenario']}, seed {report['seed']}, step {report['step']}")
    lanes = report["lanes"]
    table = grid(1 + len(lanes))
    table.add_row("", *(lane["label"] for lane in lanes.values()))
    for name in next(iter(lanes.values())):
        if name not in ("label", "edits"):
            table.add_row(name, *(shown(lane[name]) for lane in lanes.values()))
    out.print(table)
    for question in report["predictions"]:
        given = "not answered" if question["answer"] is None else f"answered {said(question['answer'])}"
        out.print(f"{question['ask']} {said(question['truth'])}, {given}")
    out.print(f"score: {report['score']['right']} of {report['score']['of']}")
    guide = report["guide"]
    if guide is not None:
        out.print(f"guide: stage {guide['stage']} of {guide['of']}")
        for answer in guide["answers"]:
            late, reason = ", late" * answer["late"], f" ({answer['reason']})" * bool(answer["reason"])
            out.print(f"  {answer['ask']} {_given(answer['answer'])}{reason}: {_MARKS[answer['right']]}{late}")
    for filled in report["filled"]:
        counts = f"{filled['right']} right at once, {filled['hinted']} after a hint, {filled['shown']} shown"
        out.print(f"filled in: {filled['operation']} of lane {filled['lane'] + 1}, {counts}")
    for answer in report["quiz"]:
        when = " before the lesson" * answer["before"]
        out.print(
            f"quiz {answer['question']}{when}: {answer['ask']} {_given(answer['answer'])}: {_MARKS[answer['right']]}"
        )


_MARKS = {True: "right", False: "wrong", None: "not scored"}


def _given(answer: str | float | None) -> str:
    return "skipped" if answer in (None, "") else f"answered {answer}"
