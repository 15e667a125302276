"""`gradstep replay`: repeats a recorded lesson run without a screen, so that homework can be checked."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scenarios.errors import ScenarioError
from scenarios.regular_file import read_regular
from tui.commands.output import console, grid, print_json, shown
from tui.lesson.recording import MAX_BYTES, read, repeat
from tui.lesson.verdicts import Verdicts, said
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
        + [asdict(answered) for answered in session.answered],
        "score": {"right": right, "of": asked},
    }


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
