"""`gradstep list` and `gradstep show`: what scenarios there are, and what is in one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from itertools import groupby
from textwrap import indent, wrap
from typing import Any

from rich.console import Console

from scenarios.export.provenance import of_scenario, provenance, versions
from scenarios.file import loader
from scenarios.guide import Question, Stage, Text
from scenarios.runs.build import dataset
from scenarios.scenario import Claim, LanePlan, NamedPlace, NetworkPlan, Scenario
from tui.commands.loading import loaded
from tui.commands.output import console, grid, print_json
from tui.explain.data_words import data_lines
from tui.lesson.waiting import wanted
from tui.session.cursor import Cursor

_INSIDE = "    "


def list(options: Namespace) -> int:
    """Print the scenarios of the library, lesson by lesson."""
    scenarios = loader.library()
    if options.json:
        summaries = [{**_summary(scenario), **of_scenario(scenario)} for scenario in scenarios]
        print_json({"scenarios": summaries, **versions()})
        return 0
    out = console()
    for lesson, group in groupby(scenarios, key=lambda scenario: scenario.lesson):
        out.print(lesson, style="bold")
        table = grid(2)
        table.columns[1].justify = "left"
        for scenario in group:
            table.add_row(f"  {scenario.name}", scenario.title)
        out.print(table)
    return 0


def show(options: Namespace) -> int:
    """Print a scenario's text, its lanes with their sizes, its claims, guide and quiz; no answers of theirs."""
    scenario = loaded(options.scenario)
    if options.json:
        print_json(_description(scenario))
        return 0
    out = console()
    out.print(f"{scenario.title} ({scenario.name})", style="bold")
    out.print("".join(f"{part}\n\n" for part in (scenario.question, scenario.text.strip()) if part), style=None, end="")
    own = " (with --as ID each learner's own)" * scenario.learner_seed
    out.print(f"Lanes, {scenario.steps:,} steps, seed {scenario.seed}{own}", style="bold")
    lanes = grid(4)
    for lane in scenario.lanes:
        lanes.add_row(f"  {lane.id}", lane.label, _architecture(lane), f"{_parameters(lane):,} parameters")
    out.print(lanes)
    if lines := data_lines(scenario):
        out.print("\nData", style="bold")
        out.print("\n".join(f"  {line}" for line in lines))
    if scenario.claims:
        out.print("\nClaims", style="bold")
    for claim in scenario.claims:
        out.print(f"  {claim.text}\n    {expected(claim.check.text, claim.at, claim.seeds, claim.share)}")
    _print_lesson(out, scenario)
    return 0


def _print_lesson(out: Console, scenario: Scenario) -> None:
    """Print the guide's stages and the questions of the quiz."""
    if scenario.guide:
        out.print("\nGuide", style="bold")
    for number, stage in enumerate(scenario.guide, 1):
        _print_part(out, f"{number} {stage.title}", _stage_lines(stage))
    if scenario.stops:
        out.print("\nStops", style="bold")
    for stop in scenario.stops:
        inside = f", {stop.operation}" if stop.operation else ""
        _print_part(out, f"step {stop.at:,}{inside}: {stop.name}", iter([stop.note] if stop.note else []))
    if scenario.quiz:
        out.print("\nQuiz, on other numbers: the app asks it, before the lesson or after it", style="bold")
    for number, asked in enumerate(scenario.quiz, 1):
        changes = ", ".join(asked.variation.overrides) or "nothing changed"
        _print_part(out, f"{number} {changes}", _question_lines(asked.question))


def _print_part(out: Console, heading: str, lines: Iterator[str]) -> None:
    out.print(f"  {heading}")
    for line in lines:
        out.print(indent("\n".join(wrap(line, out.width - len(_INSIDE))), _INSIDE))


def _stage_lines(stage: Stage) -> Iterator[str]:
    """What a stage says or asks and waits for; not what it tells of an outcome."""
    if stage.question:
        yield from _question_lines(stage.question)
    else:
        yield f"(what came of it at step {stage.at:,})" if stage.holds else _plain(stage.say)
    if stage.until:
        yield f"waits for {wanted(stage.until, Cursor(0))}"


def _question_lines(question: Question) -> Iterator[str]:
    yield f"asks, about step {question.at:,}: {question.ask}"
    yield from (f"  {letter}) {choice.say}" for letter, choice in zip("abcdef", question.choices, strict=False))
    if question.answer:
        yield f"  a number, {question.accuracy}"


def _plain(text: Text) -> str:
    """Words whose numbers a run fills in, as they stand in the file."""
    return "".join(part if isinstance(part, str) else f"{{{part.text}}}" for part in text.parts)


def expected(check: str, at: int, seeds: int, share: float) -> str:
    """What a claim demands, in a line."""
    which = "the scenario's seed"
    if seeds > 1:
        which = f"{seeds} seeds" if share == 1 else f"at least {share:.4g} of {seeds} seeds"
    return f"{check}, at step {at:,}, for {which}"


def _summary(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "lesson": scenario.lesson,
        "question": scenario.question,
        "lanes": [lane.id for lane in scenario.lanes],
        "claims": [claim.text for claim in scenario.verified],
    }


def _description(scenario: Scenario) -> dict[str, Any]:
    return {
        **_summary(scenario),
        "text": scenario.text,
        "seed": scenario.seed,
        "learner_seed": scenario.learner_seed,
        "steps": scenario.steps,
        "data": _data(scenario),
        "lanes": [_lane(lane) for lane in scenario.lanes],
        "claims": [_claim(claim) for claim in scenario.verified],
        "guide": [_stage(stage) for stage in scenario.guide],
        "stops": [_stop(stop) for stop in scenario.stops],
        "quiz": [
            {"set": asked.variation.overrides, **_question(asked.question), "seed": asked.variation.seed}
            for asked in scenario.quiz
        ],
        **provenance(scenario),
    }


def _data(scenario: Scenario) -> dict[str, Any] | None:
    """What columns and classes of given samples are called, and how inputs are scaled; None without data."""
    data = dataset(scenario)
    if data is None:
        return None
    return {
        "inputs": data.names.inputs,
        "outputs": data.names.outputs,
        "classes": data.names.classes,
        "mean": None if data.mean is None else data.mean.tolist(),
        "deviation": None if data.deviation is None else data.deviation.tolist(),
    }


def _lane(lane: LanePlan) -> dict[str, Any]:
    model = lane.model
    what: dict[str, Any]
    if isinstance(model, NetworkPlan):
        network = model.network
        what = {"sizes": network.sizes, "activations": network.activations, "loss": model.loss}
    else:
        what = {"function": model.value.text, "variables": model.names}
    return {"id": lane.id, "label": lane.label, "parameters": _parameters(lane), **what}


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "check": claim.check.text,
        "at": claim.at,
        "seeds": claim.seeds,
        "share": claim.share,
    }


def _stage(stage: Stage) -> dict[str, Any]:
    """A stage without what it tells of an outcome."""
    return {
        "title": stage.title,
        "say": None if stage.holds or stage.question else _plain(stage.say),
        "panes": stage.panes,
        "point": [str(target) for target in stage.point],
        "until": wanted(stage.until, Cursor(0)) if stage.until else None,
        "question": _question(stage.question) if stage.question else None,
    }


def _stop(stop: NamedPlace) -> dict[str, Any]:
    operation = None if stop.operation is None else str(stop.operation)
    return {"at": stop.at, "name": stop.name, "operation": operation, "note": stop.note}


def _question(question: Question) -> dict[str, Any]:
    """A question without its answer."""
    return {"ask": question.ask, "at": question.at, "choices": [choice.say for choice in question.choices]}


def _architecture(lane: LanePlan) -> str:
    if isinstance(lane.model, NetworkPlan):
        return "-".join(map(str, lane.model.network.sizes))
    return lane.model.value.text


def _parameters(lane: LanePlan) -> int:
    model = lane.model
    return model.network.parameter_count if isinstance(model, NetworkPlan) else len(model.names)
