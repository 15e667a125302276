"""What the picker says about a lesson before it is opened: what is asked and what one will do, not what comes of it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from textual.content import Content

from tui.app.course_rows import Standing

if TYPE_CHECKING:
    from scenarios.file.catalog import Lesson
    from scenarios.scenario import LanePlan, Scenario

MINUTES_A_STAGE, MINUTES_A_QUIZ_QUESTION = 1.5, 1.0
ROUNDED_TO = 5


def about(lesson: Lesson, at: Standing, result: str, scenario: Scenario | None = None) -> Content:
    """A lesson's question, its stages, and once it is loaded its lanes with their sizes.

    Its last result follows once its guide is done, and its background text where it has no guide and was begun.
    """
    parts = [
        Content.styled(lesson.question, "bold $accent"),
        Content.styled(f"{lesson.name}: {lesson.title}", "$muted"),
    ]
    if lesson.stages:
        parts.append(Content(f"\n{_guide(lesson, scenario)}"))
    if scenario is not None:
        lanes = "\n".join(f"{lane.label}: {_size(lane)}" for lane in scenario.lanes)
        parts.append(Content(f"\n{lanes}\n{scenario.steps:,} steps"))
        parts += _own_data(scenario)
    if result and (at.done or not lesson.stages):
        parts.append(Content.styled(f"\nlast: {result}", "$success"))
    if at.visited and not lesson.stages:
        parts.append(Content(f"\n{lesson.text}"))
    return Content("\n").join(parts)


def _own_data(scenario: Scenario) -> list[Content]:
    from tui.explain.data_words import data_lines

    lines = data_lines(scenario)
    return [Content("\n" + "\n".join(lines))] if lines else []


def _guide(lesson: Lesson, scenario: Scenario | None) -> str:
    first = f"\nit begins with: {scenario.guide[0].title}" if scenario is not None and scenario.guide else ""
    quiz = f", {_counted(lesson.quiz, 'question')} at the end" if lesson.quiz else ""
    return f"{_counted(lesson.stages, 'stage')}{quiz}, about {minutes(lesson.stages, lesson.quiz)} minutes{first}"


def minutes(stages: int, quiz: int) -> int:
    """About how long a guide takes, to the next five minutes."""
    return ceil((MINUTES_A_STAGE * stages + MINUTES_A_QUIZ_QUESTION * quiz) / ROUNDED_TO) * ROUNDED_TO


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _size(lane: LanePlan) -> str:
    from scenarios.scenario import NetworkPlan

    if not isinstance(lane.model, NetworkPlan):
        return f"a function of {', '.join(lane.model.names)}"
    network = lane.model.network
    return f"{'-'.join(map(str, network.sizes))}, {network.parameter_count:,} parameters"
