"""A run as it is saved and opened again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scenarios.scenario import Scenario
from tui.session.breakpoints import Breakpoint
from tui.session.cursor import Cursor
from tui.session.guesses import Answered, Guess
from tui.session.lane_run import Track


@dataclass(frozen=True)
class SavedView:
    """What was looked at: the lane in front, counted from 0, and the kinds of panes, None for the scenario's own."""

    front: int = 0
    panes: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A scenario at a seed, its lanes as they now are with their timelines, and the learner's place.

    hits: the steps at which breakpoints stopped the run. first_seed, journal: where it began, and what was done
    since. guesses: by number, what was answered to the lesson's questions; answered: to those about the next
    number. notes: after opening, what is not as it was where the run was saved.
    """

    scenario: Scenario
    seed: int
    tracks: tuple[Track, ...]
    cursor: Cursor
    breakpoints: tuple[Breakpoint, ...] = ()
    hits: tuple[int, ...] = ()
    first_seed: int = 0
    journal: tuple[dict[str, Any], ...] = ()
    guesses: dict[int, Guess] = field(default_factory=dict)
    answered: tuple[Answered, ...] = ()
    view: SavedView = SavedView()
    notes: tuple[str, ...] = ()
