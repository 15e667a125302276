"""A run as it is saved and opened again, and what its journal is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

from scenarios.scenario import NamedPlace, Scenario
from tui.session.breakpoints import Breakpoint
from tui.session.cursor import Cursor
from tui.session.guesses import Answered, Guess
from tui.session.lane_run import LaneRun

MAX_STEP = 10**9
Place = tuple[Annotated[int, msgspec.Meta(ge=0, le=MAX_STEP)], Annotated[int, msgspec.Meta(ge=0)] | None]
"""A cursor's step and position."""


class Action(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True, omit_defaults=True):
    """Something that was done, and the place where; the kinds are in `actions`.

    seen: how far the run of that seed had been looked at by then, in other openings too. after: the hash of the
    entry before, as in `chain`. Entries of earlier versions have neither.
    """

    at: Place | None = None
    seen: Place | None = None
    after: str = ""

    def apply(self, session: Any) -> Iterable[None]:
        """Do it in a session, in slices where that may take long; given up on the way it has changed nothing.

        Raises ValueError, and has changed nothing, where it cannot be done.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class SavedView:
    """What was looked at: the lane in front, counted from 0, and the kinds of panes, None for the scenario's own."""

    front: int = 0
    panes: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A scenario at a seed, its lanes as they now are with their timelines, and the learner's place.

    hits: the steps at which breakpoints stopped the run. places: those that the learner named. first_seed, journal:
    where it began, and what was done since. guesses: by number, what was answered to the lesson's questions;
    answered: to those about the next number. learner: whose it is, "" where nobody said. name: drawn when it began,
    "" in files of earlier versions. furthest: how far it was looked at with this seed. watched: the expressions that
    are watched. notes: after opening, what is not as it was where the run was saved.
    """

    scenario: Scenario
    seed: int
    lane_runs: tuple[LaneRun, ...]
    cursor: Cursor
    breakpoints: tuple[Breakpoint, ...] = ()
    hits: tuple[int, ...] = ()
    places: tuple[NamedPlace, ...] = ()
    first_seed: int = 0
    journal: tuple[Action, ...] = ()
    guesses: dict[int, Guess] = field(default_factory=dict)
    answered: tuple[Answered, ...] = ()
    view: SavedView = SavedView()
    learner: str = ""
    name: str = ""
    furthest: Cursor = Cursor()  # noqa: RUF009
    watched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
