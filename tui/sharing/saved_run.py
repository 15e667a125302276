"""A run as it is saved and opened again."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.scenario import Scenario
from tui.breakpoints import Breakpoint
from tui.cursor import Cursor
from tui.track import Track


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A scenario at a seed, its lanes as they now are with their timelines, and the learner's place.

    hits: the steps at which breakpoints stopped the run. notes: after opening, what is not as it was where the
    run was saved.
    """

    scenario: Scenario
    seed: int
    tracks: tuple[Track, ...]
    cursor: Cursor
    breakpoints: tuple[Breakpoint, ...] = ()
    hits: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
