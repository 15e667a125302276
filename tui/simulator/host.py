"""What a screen is lent by the app that shows it, so that no screen knows the app."""

from __future__ import annotations

from typing import Protocol

from scenarios.scenario import Scenario
from tui.lesson.lesson_progress import LessonProgress, Score
from tui.render.palette import Look
from tui.session.seen import Memory
from tui.session.snapshot import SavedRun


class Host(Protocol):
    """The look, and the places where runs and results are kept.

    learner: who is at work, "" where nobody said.
    """

    learner: str

    @property
    def memory(self) -> Memory:
        """How far runs were looked at, in every opening."""

    @property
    def look(self) -> Look:
        """How panes draw now."""

    @property
    def handled_all(self) -> bool:
        """Whether all input that came was handled."""

    def follows_guide(self, scenario: Scenario) -> bool:
        """Whether a lesson's guide is followed, as its user chose."""

    def chosen_panes(self, scenario: Scenario) -> tuple[str, ...] | None:
        """The panes that were chosen for a scenario while no guide chose them; None for its own."""

    def choose_guide(self, scenario: Scenario | None, on: bool) -> None:
        """The guide was switched on or off in a lesson, or for good in all."""

    def choose_panes(self, scenario: Scenario, panes: tuple[str, ...]) -> None:
        """Panes were chosen; none for the scenario's own."""

    def keep(self, run: SavedRun) -> None:
        """Keep a run in case the program does not end by itself."""

    def keeping(self) -> bool:
        """Whether that works, as far as is known; a change of it is told."""

    def remember(self, run: SavedRun, result: str, score: Score, visit: LessonProgress) -> None:
        """Remember how far a lesson got since this was called last, and its place where its guide is not at its end.

        result: its last losses in words. score: of its predictions.
        """
